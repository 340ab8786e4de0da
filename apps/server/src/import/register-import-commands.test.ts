import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FakeOrdersApi, startFakeOrdersApi } from '../../../../test/support/fake-orders-api.js'
import { registerImportCommands } from './register-import-commands.js'

const FILE = `customer_id date cds dollar_value
00001 19970101 1 11.77
00002 19970102 1 twelve
`

let api: FakeOrdersApi
let folder: string
let said: { out: string; err: string }
beforeEach(async () => {
  api = await startFakeOrdersApi()
  folder = await mkdtemp(join(tmpdir(), 'pointwell-cli-'))
  await writeFile(join(folder, 'orders.txt'), FILE)
  said = { out: '', err: '' }
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.err += String(text)
    return true
  })
  vi.stubEnv('POINTWELL_TOKEN', undefined)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

describe('pointwell import orders', () => {
  it('imports, prints the figures, and writes report and summary where it was told to', async () => {
    const code = await runImport(['--summary', join(folder, 's.json')])
    expect(said.err).toContain('Sending: 2 of 2')
    expect(code).toBe(0)
    expect(said.out).toMatch(/Customers +1\nOrders +1\n/)
    expect(said.out).toMatch(/Points granted +11\n/)
    expect(said.out).toMatch(/1 {2}BAD_PRICE/)
    expect(await readFile(join(folder, 'r.csv'), 'utf8')).toMatch(
      /^3,00002-19970102-1,00002,BAD_PRICE/m,
    )
    const summary = JSON.parse(await readFile(join(folder, 's.json'), 'utf8'))
    expect(summary).toMatchObject({ complete: true, accepted: { pointsGranted: 11 } })
  })

  it('takes the token from the environment, and does not go without', async () => {
    expect(await runImport([], { token: null })).toBe(1)
    expect(said.err).toContain('POINTWELL_TOKEN')
    vi.stubEnv('POINTWELL_TOKEN', 'y')
    expect(await runImport([], { token: null })).toBe(0)
  })

  it('needs neither server nor token to run dry', async () => {
    expect(await runImport(['--dry-run'], { token: null })).toBe(0)
    expect(said.out).toContain('nothing was sent')
    expect(said.out).toMatch(/Orders +0 of 1\n/)
    expect(api.requests).toEqual([])
  })

  it('says how to go on after it was stopped, and leaves no listener behind', async () => {
    const listeners = process.listenerCount('SIGINT')
    api.intercept = ({ count }) => {
      if (count === 1) process.emit('SIGINT')
      return undefined
    }
    expect(await runImport(['--batch', '1'])).toBe(130)
    expect(said.err).toContain('Once more to stop at once')
    expect(said.out).toMatch(/Run the same command again to go on\..*state/)
    expect(process.listenerCount('SIGINT')).toBe(listeners)
    expect(await runImport(['--batch', '1'])).toBe(0)
    expect(said.err).toContain('Going on where it stopped: 1 of 2 are done.')
  })

  it('says where to look when the server takes no order at all', async () => {
    api.refuse.set('00001-19970101-1', { code: 'CURRENCY_MISMATCH', message: 'It is CNY here.' })
    expect(await runImport([])).toBe(0)
    expect(said.out).toMatch(/Orders +0 of 1\n/)
    expect(said.out).toMatch(/Refused by the server +1\n/)
    expect(said.out).toMatch(/1 {2}CURRENCY_MISMATCH/)
    expect(said.out).toContain('policy apply')
  })

  it('says what to do about a token that is not taken', async () => {
    api.intercept = () => ({ status: 401 })
    expect(await runImport([])).toBe(1)
    expect(said.out).toMatch(/Stopped: .*HTTP 401/)
    expect(said.out).toContain('pointwell token')
  })

  it('waits for a lost server as long as it was told to', async () => {
    await api.close()
    expect(await runImport(['--patience', '0'])).toBe(1)
    expect(said.out).toContain('ECONNREFUSED')
  })

  it.each([
    [['--mapping', 'nothing'], /no mapping "nothing"/],
    [['--mapping', 'online-retail'], /customer.column: the file has no column "CustomerID"/],
    [['--batch', '0'], /whole number from 1 to 500/],
    [['--parallel', 'many'], /whole number from 1 to 32/],
  ])('says what is wrong with %j', async (flags, message) => {
    expect(await runImport(flags)).toBe(1)
    expect(said.err).toMatch(message)
    expect(said.err).not.toContain('    at ')
  })
})

describe('pointwell policy apply', () => {
  const document = { programme: { currency: 'GBP' } }

  it('sends the document, and says which version it became', async () => {
    const { asked, code } = await runApply(
      {
        __typename: 'PolicyUpdated',
        policy: { version: 2, effectiveFrom: '2026-01-01T00:00:00.000Z' },
      },
      ['--note', 'first', '--from', '2026-01-01T00:00:00Z'],
    )
    expect(code).toBe(0)
    expect(said.out).toBe('Policy version 2, in force from 2026-01-01T00:00:00.000Z.\n')
    expect(asked).toEqual([
      { input: { document, note: 'first', effectiveFrom: '2026-01-01T00:00:00Z' } },
    ])
  })

  it('names every fault of a document that was not taken', async () => {
    const faults = [
      { path: 'tiers.levels.0.threshold', message: 'Expected 0.' },
      { path: '', message: 'Expected an object.' },
    ]
    const { code } = await runApply({ __typename: 'PolicyInvalid', faults })
    expect(code).toBe(1)
    expect(said.err).toContain('the old one stays in force')
    expect(said.err).toContain('  tiers.levels.0.threshold: Expected 0.')
    expect(said.err).toContain('  (document): Expected an object.')
  })

  it('tells a refusal', async () => {
    const refusal = {
      __typename: 'Refusal',
      code: 'POLICY_CONFLICT',
      message: 'Changed meanwhile.',
      field: 'baseVersion',
    }
    const { code } = await runApply(refusal)
    expect(code).toBe(1)
    expect(said.err).toContain('baseVersion: POLICY_CONFLICT: Changed meanwhile.')
  })

  it('asks once only, since a second answer would be a second version', async () => {
    const { asked, code } = await runApply(null)
    expect(code).toBe(1)
    expect(asked).toHaveLength(1)
    expect(said.err).toContain('HTTP 500')
  })

  it('says what is wrong with a file that is no JSON', async () => {
    await writeFile(join(folder, 'p.json'), '{')
    expect(await run(['policy', 'apply', join(folder, 'p.json'), '--token', 'x'])).toBe(1)
    expect(said.err).toMatch(/p\.json is no JSON/)
  })

  async function runApply(answer: unknown, flags: string[] = []) {
    const asked: unknown[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      asked.push(JSON.parse(body).variables)
      response.writeHead(answer === null ? 500 : 200)
      response.end(JSON.stringify({ data: { updatePolicy: answer } }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await writeFile(join(folder, 'p.json'), JSON.stringify(document))
    const path = join(folder, 'p.json')
    const code = await run(['policy', 'apply', path, '--server', url, '--token', 'x', ...flags])
    server.closeAllConnections()
    server.close()
    return { asked, code }
  }
})

function runImport(flags: string[], { token = 'x' }: { token?: string | null } = {}) {
  return run([
    'import',
    'orders',
    join(folder, 'orders.txt'),
    ...['--mapping', 'cdnow', '--server', api.url],
    ...['--report', join(folder, 'r.csv'), '--state', join(folder, 'state')],
    ...(token === null ? [] : ['--token', token]),
    ...flags,
  ])
}

/** Runs the command line in this process; answers with the exit code it would end with. */
async function run(args: string[]): Promise<number> {
  const program = new Command().exitOverride()
  registerImportCommands(program)
  const leaves = program.commands.flatMap((group) => [group, ...group.commands])
  for (const command of leaves) command.exitOverride()
  const before = process.exitCode
  process.exitCode = 0
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode)
  } catch (error) {
    return (error as { exitCode?: number }).exitCode ?? 70
  } finally {
    process.exitCode = before
  }
}
