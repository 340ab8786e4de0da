import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { KnownOperationFault } from '@pointwell/gateway'
import { parse } from 'graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer } from '../../../../test/support/test-server.js'
import { buildSchema } from '../compose/build-schema.js'
import { operations } from '../import/api-operations.js'
import shipped from '../pointwell.config.js'
import { ownOperations } from './own-operations.js'
import { readKnownOperations } from './read-known-operations.js'

const ME = '{ me { id } }'
const apollo = (operations: unknown, rest: object = {}) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations, ...rest })

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pointwell-known-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

describe('A7: readKnownOperations', () => {
  it('reads files, manifests of each kind, and folders of them', async () => {
    const folder = await folderOf({
      'a/me.graphql': ME,
      'b.json': apollo([{ id: 'x', name: 'Me', type: 'query', body: ME }]),
      'c.json': JSON.stringify({ 'sha256:12': ME }),
      'README.md': 'not one of them',
    })
    const read = async (path: string) =>
      (await readKnownOperations(path)).map(({ id, text }) => [id, text])
    expect(await read(folder)).toEqual([
      [undefined, ME],
      ['x', ME],
      ['sha256:12', ME],
    ])
    expect(await read(join(folder, 'b.json'))).toEqual([['x', ME]])
    expect(await read(join(folder, 'a/me.graphql'))).toEqual([[undefined, ME]])
  })

  it.each<[string, Record<string, string>, RegExp[]]>([
    ['an empty folder', {}, [/has no .graphql or .json file/]],
    ['a manifest with nothing in it', { 'a.json': apollo([]) }, [/has no operation/]],
    [
      'what is no manifest',
      {
        'a.json': '{',
        'b.json': '[]',
        'c.json': apollo([{ id: '', body: ME }]),
        'd.json': apollo([], { version: 2 }),
        'e.json': '{"a": 5}',
      },
      [
        /a\.json: Expected JSON/,
        /b\.json: Expected a manifest/,
        /c\.json: Expected/,
        /d\.json/,
        /e\.json/,
      ],
    ],
  ])('names %s', async (_what, files, faults) => {
    const fault = await readKnownOperations(await folderOf(files)).catch((error) => error)
    expect(fault).toBeInstanceOf(KnownOperationFault)
    expect(fault.faults).toEqual(faults.map((pattern) => expect.stringMatching(pattern)))
  })

  it('names a path that is not there', async () => {
    await expect(readKnownOperations('/nowhere/at-all')).rejects.toThrow(KnownOperationFault)
  })
})

describe('A7: a whole server that answers known operations only', () => {
  it('answers them, and the command line, and nobody else', async () => {
    const server = await startTestServer({ knownOperations: [{ text: ME, from: 'a test' }] })
    onTestFinished(() => server.close())
    const shop = await server.token('storefront')
    const { document } = operations.register
    const registered = await server.ask(document, {
      token: shop,
      variables: { input: [{ id: 'm-1' }] },
    })
    expect(registered.data.results).toMatchObject([{ created: true }])
    const member = await server.token('member', { subject: 'm-1' })
    expect((await server.ask(ME, { token: member })).data).toEqual({ me: { id: 'm-1' } })
    expect((await server.ask('{ me { id region } }', { token: member })).errors).toMatchObject([
      { extensions: { code: 'OPERATION_NOT_KNOWN' } },
    ])
  })

  it('does without those of the command line that its plugins cannot answer', () => {
    const whole = ownOperations(buildSchema(shipped.plugins))
    expect(whole.length).toBeGreaterThan(25)
    for (const { text } of whole) expect(() => parse(text)).not.toThrow()
    const less = ownOperations(buildSchema([]))
    expect(less.length).toBe(whole.length - 2)
  })
})
