import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { signToken } from '@pointwell/gateway'
import { DEMO_SECRET } from '@pointwell/server'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.js'
import {
  installPacked,
  type Manifest,
  packPackages,
  publishedFolders,
  readManifest,
  temporaryFolder,
  unpackGenerator,
} from '../support/packed-packages.js'
import { cleanEnv, npm } from '../support/run-npm.js'

const run = promisify(execFile)
const published = publishedFolders().map(readManifest)

let archives: ReadonlyMap<string, string>
beforeAll(async () => {
  archives = await packPackages()
})

async function entriesOf(name: string): Promise<string[]> {
  const { stdout } = await run('tar', ['-tzf', archives.get(name)!], { maxBuffer: 2 ** 28 })
  return stdout.trim().split('\n')
}

async function packedManifest(name: string): Promise<Manifest> {
  const { stdout } = await run('tar', ['-xzOf', archives.get(name)!, 'package/package.json'])
  return JSON.parse(stdout)
}

describe.each(published)('G6: $name, as it is packed', ({ name }) => {
  it('says what it is, under a licence, with a README', async () => {
    const { type, license, description, exports, files } = await packedManifest(name)
    expect({ type, license }).toEqual({ type: 'module', license: 'MIT' })
    expect(description?.length).toBeGreaterThan(10)
    expect(files?.length).toBeGreaterThan(0)
    const entries = await entriesOf(name)
    expect(entries).toEqual(
      expect.arrayContaining(['package/README.md', 'package/LICENSE', 'package/package.json']),
    )
    for (const [door, targets] of Object.entries(exports ?? {})) {
      if (door === './package.json') continue
      expect(targets).toMatchObject({ types: expect.any(String), default: expect.any(String) })
      for (const file of Object.values(targets as Record<string, string>)) {
        expect(entries).toContain(file.replace('.', 'package'))
      }
    }
    // Neither tests nor what a build remembers; what is called `readme…` is packed whatever one says.
    const besides = /tsbuildinfo|node_modules|^package\/(src|dist)\/(?!.*readme\.test\.).*\.test\./
    expect(entries.filter((it) => besides.test(it))).toEqual([])
  })

  it('depends on versions, and on nothing of the workspace', async () => {
    const { dependencies = {}, devDependencies = {} } = await packedManifest(name)
    const versions = Object.values({ ...dependencies, ...devDependencies })
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  it('has nothing that publint finds', async () => {
    const archive = await readFile(archives.get(name)!)
    const { messages, pkg } = await publint({
      pack: { tarball: bytesOf(archive).buffer },
      strict: true,
    })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('has the types that it says, for whoever imports it', async () => {
    const archive = await readFile(archives.get(name)!)
    const result = await checkPackage(createPackageFromTarballData(bytesOf(archive)))
    if (!result.types) throw new Error('it has no types')
    // Modules only: Node 10 and `require` before Node 20.19 are not served.
    const problems = result.problems.filter(
      (problem) =>
        !('resolutionKind' in problem) ||
        !['node10', 'node16-cjs'].includes(problem.resolutionKind),
    )
    expect(problems).toEqual([])
  })
})

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}

describe('A9: the client, as it is packed', () => {
  it('has the types that a page is written with, and runs without React where there is none', async () => {
    const project = await temporaryFolder('storefront')
    const file = (name: string, text: string) => writeFile(join(project, name), text)
    const names = ['react', 'react-dom', '@types/react', '@types/react-dom']
    const dependencies = Object.fromEntries(names.map((name) => [name, '*']))
    await file('package.json', JSON.stringify({ name: 'storefront', type: 'module', dependencies }))
    const example = new URL('../../docs/examples/storefront/page.tsx', import.meta.url)
    await file('page.tsx', await readFile(example, 'utf8'))
    await file(
      'wrong.ts',
      `import { createPointwellClient, QuoteDocument } from '@pointwell/client'
const client = createPointwellClient({ url: '/graphql' })
// @ts-expect-error an offer is needed
await client.request(QuoteDocument, {})
const { quote } = await client.request(QuoteDocument, { offerId: 'tea' })
// @ts-expect-error it may have been refused
quote.expiresAt
if (quote.__typename === 'Quote') quote.points satisfies number\n`,
    )
    const name = '@pointwell/client'
    await installPacked(project, new Map([[name, archives.get(name)!]]))
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const options = '--noEmit --strict --jsx react-jsx --module esnext --moduleResolution bundler'
    const more = '--target es2022 --lib es2023,dom --types react page.tsx wrong.ts'
    const args = [tsc, ...`${options} ${more}`.split(' ')]
    await run(process.execPath, args, { cwd: project }).catch(({ stdout }) => {
      throw new Error(stdout)
    })
    await rm(join(project, 'node_modules/react'))
    const code = `const { createPointwellClient } = await import('${name}')
      console.log(typeof createPointwellClient({ url: 'http://127.0.0.1:9/graphql' }).request)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: project,
    })
    expect(stdout).toBe('function\n')
  })
})

describe('G6: in an empty folder, from the packed packages', () => {
  let folder: string
  let generator: string
  beforeAll(async () => {
    folder = await temporaryFolder('elsewhere')
    generator = await unpackGenerator(archives.get('@pointwell/create-plugin')!)
  })

  async function create(kind: string, name: string): Promise<string> {
    await run(process.execPath, [generator, kind, name], {
      cwd: folder,
    })
    const project = join(folder, `${kind}-${name}`)
    await installPacked(project, archives)
    return project
  }

  it('a source is made, passes the kit, and its field earns on a server', async () => {
    const began = performance.now()
    const project = await create('earn', 'daily-quiz')
    const told = await npm(project, 'test', '--', '--reporter=verbose')
    expect(told).toContain('the contract, kept by daily-quiz')
    const port = await freePort()
    const server = spawn('npm', ['start'], {
      cwd: project,
      env: { ...cleanEnv(), PORT: `${port}`, POINTWELL_DEMO: '0', LOG_LEVEL: 'warn' },
      stdio: 'ignore',
      detached: true,
    })
    try {
      const url = `http://127.0.0.1:${port}`
      await untilReady(url, server)
      const token = await signToken({
        secret: DEMO_SECRET,
        kind: 'storefront',
        subject: 'shop',
        expiresAt: Date.now() + 3_600_000,
      })
      const ask = async (query: string) => {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query }),
        })
        return response.json()
      }
      await ask('mutation { registerMember(input: { id: "ann" }) { __typename } }')
      const at = new Date(Date.now() - 60_000).toISOString()
      const answer = await ask(`mutation {
        recordDailyQuiz(input: { memberId: "ann", ref: "act-1", at: "${at}" }) {
          ... on DailyQuizRecorded { points wallet { balance { available } } }
        }
      }`)
      expect(answer).toEqual({
        data: { recordDailyQuiz: { points: 10, wallet: { balance: { available: 10 } } } },
      })
    } finally {
      const ended = once(server, 'exit')
      process.kill(-server.pid!, 'SIGTERM')
      await ended
    }
    console.log(`from nothing to points on a server: ${Math.round(performance.now() - began)} ms`)
  })

  it('a channel is made, passes the kit, and gives what it should on a server', async () => {
    const project = await create('redeem', 'free-parking')
    // Its types are looked at where the guide builds one: see test/docs/write-a-plugin.test.ts.
    const told = await npm(project, 'exec', '--no', '--', 'vitest', 'run', '--reporter=verbose')
    expect(told).toContain('the contract, kept by free-parking')
    expect(told).toContain('gives a voucher for points of a member')
  })

  it('a risk rule is made, passes the kit, and is asked on a server', async () => {
    const project = await create('risk', 'velocity')
    const told = await npm(project, 'test', '--', '--reporter=verbose')
    expect(told).toContain('the contract, kept by velocity')
    expect(told).toContain('src/server.test.ts')
  })

  it('a notifier is made, passes the kit, and delivers what a server writes', async () => {
    const project = await create('notify', 'pigeon-post')
    const told = await npm(project, 'test', '--', '--reporter=verbose')
    expect(told).toContain('the contract, kept by pigeon-post')
    expect(told).toContain('tells a member of points that run out')
  })
})

async function untilReady(
  url: string,
  server: { readonly exitCode: number | null },
): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
