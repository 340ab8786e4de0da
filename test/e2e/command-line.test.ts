import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshMysqlUrl, hasMysql } from '../support/databases.js'
import { runPointwell } from '../support/run-pointwell.js'
import { startServerProcess } from '../support/server-process.js'

const run = promisify(execFile)

/** The built server, as a user runs it: what works from the sources only shows here. */
describe('the command line and the server, built', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointwell-cli-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const pointwell = (args: string[], env: Record<string, string> = {}) =>
    runPointwell(args, { cwd: folder, env })

  async function startDemo(env: Record<string, string>) {
    const server = await startServerProcess({ env: { POINTWELL_DEMO: '1', ...env }, cwd: folder })
    return { server, said: await server.untilItSays(/What the member sees[\s\S]*-d '.*'$/m) }
  }

  const tokenOf = (said: string, who: string) =>
    said.match(new RegExp(`^ {2}${who}.*\\n {4}(\\S+)`, 'm'))![1]!

  it('prints the schema', async () => {
    const { code, stdout } = await pointwell(['schema'])
    expect(code).toBe(0)
    expect(stdout).toContain('type Mutation')
    expect(stdout).toContain('recordPurchase(')
  })

  it('names bad settings and ends with 2', async () => {
    const { code, stderr } = await pointwell(['verify'], { PORT: 'x', LOG_LEVEL: 'loud' })
    expect(code).toBe(2)
    expect(stderr).toMatch(/PORT: .*\n.*LOG_LEVEL: /)
  })

  it('refuses to serve in production without a secret', async () => {
    const { code, stderr } = await pointwell(['serve'], { NODE_ENV: 'production' })
    expect(code).toBe(2)
    expect(stderr).toContain('One of them is needed in production.')
  })

  it('wants roles for an operator, and only for one', async () => {
    const operator = await pointwell(['token', '--role', 'operator', '--subject', 'ada'])
    expect(operator).toMatchObject({ code: 2, stdout: '' })
    const flags = ['--role', 'member', '--subject', 'm-1']
    expect((await pointwell(['token', ...flags])).stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(await pointwell(['token', ...flags, '--roles', 'admin'])).toMatchObject({ code: 2 })
    const unknown = [...flags, '--roles', 'emperor']
    expect((await pointwell(['token', ...unknown])).stderr).toContain('There is no role emperor')
  })

  it('names a configuration that lists no plugins', async () => {
    const file = join(folder, 'empty.config.mjs')
    await writeFile(file, 'export default {}\n')
    const { code, stderr } = await pointwell(['schema'], { POINTWELL_CONFIG: file })
    expect(code).toBe(1)
    expect(stderr).toContain('has no default export with a list `plugins`')
  })

  it('G3: names a plugin that cannot be run, and its fault', async () => {
    const file = join(folder, 'bad.config.mjs')
    await writeFile(
      file,
      `export default { plugins: [{ id: 'Bad Id', kind: 'earn-source', version: '1' }] }\n`,
    )
    const { code, stderr } = await pointwell(['schema'], { POINTWELL_CONFIG: file })
    expect(code).toBe(1)
    expect(stderr).toContain('Bad Id')
  })

  it.each(hasMysql() ? ['sqlite', 'mysql'] : ['sqlite'])(
    'migrates, serves the demo, answers its own two requests, verifies, and goes back on %s',
    async (store) => {
      const url = store === 'mysql' ? await freshMysqlUrl() : `sqlite://${join(folder, 'demo.db')}`
      const env = { POINTWELL_DATABASE_URL: url }
      expect(await pointwell(['migrate', '--status'], env)).toMatchObject({ code: 1 })
      expect((await pointwell(['migrate'], env)).stdout).toMatch(/CreateLedger/)
      expect(await pointwell(['migrate', '--status'], env)).toMatchObject({ code: 0 })

      const { server, said } = await startDemo(env)
      const requests = [...said.matchAll(/^curl [\s\S]*?-d '.*'$/gm)].map(([request]) => request)
      expect(requests).toHaveLength(2)
      const [order, member] = await Promise.all(
        requests.map(async (request) => JSON.parse((await run('bash', ['-c', request])).stdout)),
      )
      // Gold, at 1.5 a yuan: 136 for two bags of tea and half as much again, and 40 for the tea festival.
      expect(order.data.recordPurchase).toMatchObject({ points: 244 })
      expect(member.data.me).toMatchObject({ id: 'm-1001', tier: { id: 'gold' } })
      expect(member.data.offers.nodes).toHaveLength(3)
      expect(tokenOf(said, 'operator')).toMatch(/^eyJ/)

      expect(await server.stop()).toBe(0)
      const verified = await pointwell(['verify'], env)
      expect(verified.stdout).toMatch(/^ok: 40 wallets, \d{3,} transactions/)
      expect(verified.code).toBe(0)

      // A second start finds the store filled and leaves it as it is.
      const again = await startDemo(env)
      expect(await again.server.stop()).toBe(0)
      const counts = (text: string) => text.match(/\d+ wallets, \d+ transactions/)![0]
      const later = await pointwell(['verify'], env)
      expect(counts(later.stdout)).toBe(counts(verified.stdout))
    },
  )

  it('L8: verify names the first place where somebody changed history', async () => {
    const file = join(folder, 'tampered.db')
    const env = { POINTWELL_DATABASE_URL: `sqlite://${file}` }
    const { server } = await startDemo(env)
    await server.stop()
    const database = new Sqlite(file)
    database.prepare('UPDATE ledger_wallet SET available = available + 1 WHERE id = 3').run()
    database.close()
    const { code, stdout } = await pointwell(['verify'], env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^DIFFERS at wallet 3: available is \d+, and the journal says \d+\n$/)
  })
})
