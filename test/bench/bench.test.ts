import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startShopServer } from './http/start-shop-server.js'
import { compare, takeTurns } from './measure/take-turns.js'
import { type Databases, openDatabases } from './process/open-databases.js'
import { startProgram } from './process/start-program.js'
import { printTable } from './report/print-table.js'
import { type Row, rowOf } from './report/row.js'
import { postingRows } from './rows/posting-rows.js'
import { runGroups } from './run-groups.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('the bench', () => {
  let folder = ''
  let databases: Databases | undefined

  beforeAll(async () => {
    // As `npm run bench` does first: its programs run as what was built of them.
    const args = ['node_modules/typescript/bin/tsc', '-b', 'test/tsconfig.build.json']
    const built = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect(`${built.stdout}${built.stderr}`).toBe('')
    folder = await mkdtemp(join(tmpdir(), 'pointwell-bench-test-'))
    databases = await openDatabases(folder)
  })

  afterAll(async () => {
    await databases?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('measures its cheapest row, whatever comes out', async () => {
    const rows = await postingRows(
      {
        quick: true,
        profileFolder: undefined,
        folder,
        databases: databases!,
        stores: ['sqlite'],
        say() {},
      },
      { rounds: 2, wallets: 50, perRound: 300, perTypeormRound: 20 },
    )
    expect(rows.map(({ name, store }) => `${name} ${store}`)).toEqual([
      'post ÷ bulk sqlite',
      'post ÷ TypeORM sqlite',
    ])
    expect(rows.map(({ rounds }) => rounds.length)).toEqual([2, 1])
    for (const { medianA, medianB, lowest } of rows) {
      expect(Math.min(medianA, medianB, lowest)).toBeGreaterThan(0)
    }
    // Seconds on a machine with nothing else to do: seven processes start one after the other.
  })

  it('ends what a row has left behind that failed, names it, and measures the rest', async () => {
    const said: string[] = []
    const pids: number[] = []
    const row = rowOf(
      { name: 'a row', store: 'sqlite', a: 'this', b: 'that', unit: 'a second' },
      compare([{ a: 1, b: 1 }]),
    )
    const context = {
      quick: true,
      profileFolder: undefined,
      folder,
      databases: databases!,
      stores: ['sqlite'] as const,
      say: (text: string) => said.push(text),
    }
    const ran = await runGroups(
      {
        broken: async ({ databases, stores: [store] }) => {
          const url = await databases.freshUrl(store!)
          const server = await startShopServer(context, { url, name: 'broken' })
          pids.push(server.pid, startProgram('load-generator').pid)
          throw new Error('the row is broken')
        },
        sound: async () => [row],
      },
      context,
    )
    expect(ran).toEqual({ rows: [row], failed: ['broken on sqlite'] })
    expect(said.join('\n')).toMatch(/^broken on sqlite failed: Error: the row is broken\n/)
    expect(pids).toHaveLength(2)
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('the sides of a row', () => {
  it('take turns, and the first round is for getting warm', async () => {
    const ran: string[] = []
    const side = (name: string) => async (round: number) => {
      ran.push(`${name}${round}`)
      return round
    }
    const rounds = await takeTurns(2, { a: side('a'), b: side('b') })
    expect(ran).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2'])
    expect(rounds).toEqual([
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ])
  })

  it('are compared round by round', () => {
    const rounds = [
      { a: 1, b: 2 },
      { a: 30, b: 10 },
      { a: 8, b: 8 },
    ]
    expect(compare(rounds)).toEqual({ a: 8, b: 8, ratio: 1, lowest: 0.5, highest: 3, rounds })
  })
})

describe('a row', () => {
  const row = (ratio: number, aim?: Row['aim']) =>
    rowOf(
      { name: 'a row', store: 'sqlite', a: 'this', b: 'that', unit: 'a second', aim },
      compare([{ a: ratio, b: 1 }]),
    )

  it('says whether its aim is met', () => {
    expect(row(0.7, { atLeast: 0.7 }).met).toBe(true)
    expect(row(0.69, { atLeast: 0.7 }).met).toBe(false)
    expect(row(1.1, { atMost: 1.1 }).met).toBe(true)
    expect(row(1.11, { atMost: 1.1 }).met).toBe(false)
    expect(row(1)).not.toHaveProperty('met')
  })

  it('is a line of the table', () => {
    const [title, line] = printTable([row(12_345, { atLeast: 20 })]).split('\n')
    expect(title).toMatch(/^row +store +A +B +A ÷ B/)
    expect(line).toMatch(/^a row +sqlite +12,345 +1\.00 +12,345 .*≥ 20 +yes +a second$/)
  })
})
