import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { signToken } from '@pointwell/gateway'
import { verifyLedger } from '@pointwell/ledger'
import { applyPolicy, importOrders, type Server, startServer } from '@pointwell/server'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expected, fileName, oracle } from '../oracle/online-retail.mjs'
import { freshSqliteUrl, freshUrl, hasMysql } from '../support/databases.js'
import { QUIET_PROGRESS } from '../support/quiet-progress.js'
import { readBalances } from '../support/read-balances.js'
import { startServerProcess } from '../support/server-process.js'
import { findSharedData } from '../support/shared-data.js'

const SECRET = 'a secret of thirty-two bytes or more, for tests'
const root = fileURLToPath(new URL('../..', import.meta.url))
const policyFile = join(root, 'apps/server/mappings/online-retail.policy.json')
const retailFile = findSharedData(fileName)
/** Enough of it to be cut short in the middle: 900 orders, and cancellations across the cut. */
const SLICE_LINES = 30_000

let folder: string
let storefront: string
let admin: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-import-'))
  const expiresAt = Date.now() + 3_600_000
  storefront = await signToken({ secret: SECRET, kind: 'storefront', subject: 'shop', expiresAt })
  admin = await signToken({
    secret: SECRET,
    kind: 'operator',
    subject: 'root',
    roles: ['admin'],
    expiresAt,
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const stores = hasMysql() ? (['sqlite', 'mysql'] as const) : (['sqlite'] as const)

describe.runIf(retailFile).each(stores)('E13: the whole of Online Retail on %s', (store) => {
  const file = retailFile as string
  let server: Server
  let first: Awaited<ReturnType<typeof importAll>>
  beforeAll(async () => {
    server = await startServer({
      databaseUrl: await freshUrl(store),
      tokens: { secret: SECRET },
      durable: false,
      // Reading every member at once, again and again, is more than an operator's share.
      rates: { operator: 0 },
    })
    await applyPolicy({ file: policyFile, url: `${server.url}/graphql`, token: admin })
    first = await importAll()
  })
  afterAll(() => server?.close())

  it('reaches the figures that another program counted', () => {
    const { summary, fault } = first
    expect(fault).toBeNull()
    expect({
      customers: summary.accepted.customers,
      orders: summary.accepted.orders,
      cancellations: summary.found.cancellations,
      granted: summary.accepted.pointsGranted,
      unitsTakenBack: summary.accepted.unitsTakenBack,
      unitsUncovered: summary.found.unitsUncovered,
      balanceTotal: summary.balances?.available,
    }).toEqual(expected)
    expect(summary).toMatchObject({ complete: true, refused: 0, balances: { debt: 0, pending: 0 } })
  })

  it('reports each line that did not go in', async () => {
    const { linesSkipped, skippedLines, uncovered, uncoveredLines } = oracle(file)
    expect(first.summary.reported).toEqual({
      NO_CUSTOMER: linesSkipped.noCustomer,
      NOT_A_PRODUCT: linesSkipped.notProduct,
      NOT_COVERED: uncoveredLines,
    })
    const rows = parse(await readFile(first.reportPath), { columns: true }) as {
      line: string
      code: string
    }[]
    const linesOf = (code: string) =>
      rows.filter((row) => row.code === code).map(({ line }) => Number(line))
    expect(linesOf('NO_CUSTOMER')).toEqual(skippedLines.noCustomer)
    expect(linesOf('NOT_A_PRODUCT')).toEqual(skippedLines.notProduct)
    const uncoveredInFile = uncovered.map(({ cancellationLine }) => cancellationLine)
    expect(linesOf('NOT_COVERED')).toEqual(uncoveredInFile.sort((a, b) => a - b))
  })

  it("leaves every customer with the oracle's balance, and a ledger that verifies", async () => {
    expect(pointsOf(await readBalances(server.url, admin))).toEqual(sorted(oracle(file).balances))
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true, wallets: 2761 })
  })

  it('changes nothing a second time, and says the same', async () => {
    const before = await readBalances(server.url, admin)
    const second = await importAll()
    expect(second.summary).toEqual(first.summary)
    // Versions too: not one more transaction.
    expect(await readBalances(server.url, admin)).toEqual(before)
  })

  function importAll() {
    return importOrders({
      file,
      mapping: 'online-retail',
      url: `${server.url}/graphql`,
      token: storefront,
      folder: join(folder, store),
      batchSize: 500,
      progress: QUIET_PROGRESS,
    })
  }
})

it('E13: counts to the last place of a price, as the oracle does', async () => {
  const path = join(folder, 'small-prices.csv.gz')
  const line = (invoice: string, code: string, units: number, minute: number, price: string) =>
    `${invoice},${code},THING,${units},2010-12-01 08:${10 + minute}:00,${price},7.0,UK`
  const lines = [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    line('1', '11111', 1000, 0, '0.001'),
    line('2', '22222', 3, 1, '0.3333'),
    line('3', '22222', 3, 2, '0.3333'),
    line('3', '33333', 1, 2, '0.0001'),
    line('4', '44444', 70_000, 3, '0.1429'),
    line('4', '55555', 1, 3, '0.0'),
    line('5', '66666', 1, 4, '0.29'),
    line('5', '66666', 1, 4, '0.57'),
    line('5', '66666', 1, 4, '0.14'),
    line('C6', '33333', -1, 5, '0.0001'),
    line('C7', '44444', -1, 6, '9'),
    line('C8', '55555', -2, 7, '0.0'),
    line('C9', '66666', -2, 8, '0.57'),
  ]
  await writeFile(path, gzipSync(`${lines.join('\n')}\n`))
  const server = await startServer({
    databaseUrl: await freshSqliteUrl(),
    tokens: { secret: SECRET },
  })
  const url = `${server.url}/graphql`
  await applyPolicy({ file: policyFile, url, token: admin })
  const { summary } = await importOrders({
    file: path,
    mapping: 'online-retail',
    url,
    token: storefront,
    folder,
    progress: QUIET_PROGRESS,
  })
  const { granted, pointsTakenBack, balances } = oracle(path)
  expect([granted, pointsTakenBack]).toEqual([1 + 0 + 1 + 10_003 + 1, 1 + 1 + 0 + 1])
  expect(summary.accepted).toMatchObject({ pointsGranted: granted, pointsTakenBack })
  expect(pointsOf(await readBalances(server.url, admin))).toEqual(sorted(balances))
  await server.close()
})

describe.runIf(retailFile)('E13: an import cut short', () => {
  let slice: string
  let balances: Record<string, number>
  beforeAll(async () => {
    slice = join(folder, 'slice.csv.gz')
    const lines = gunzipSync(readFileSync(retailFile as string))
      .toString('utf8')
      .split('\n')
    await writeFile(slice, gzipSync(`${lines.slice(0, SLICE_LINES).join('\n')}\n`))
    balances = sorted(oracle(slice).balances)
    assertBuilt()
  })

  describe.each(stores)('on %s', (store) => {
    let server: Server
    beforeAll(async () => {
      server = await startServer({
        databaseUrl: await freshUrl(store),
        tokens: { secret: SECRET },
        durable: false,
        // Reading every member at once, again and again, is more than an operator's share.
        rates: { operator: 0 },
      })
      await applyPolicy({ file: policyFile, url: `${server.url}/graphql`, token: admin })
    })
    afterAll(() => server?.close())

    it('is killed, stopped, and loses its state; it ends as if it had not', async () => {
      const states = join(folder, `states-${store}`)
      const run = () => startImport({ url: server.url, folder: states })

      const killed = run()
      await untilStateHas(states, 3)
      killed.child.kill('SIGKILL')
      expect((await killed.ended).signal).toBe('SIGKILL')
      const kept = await countState(states)

      const stopped = run()
      await untilStateHas(states, kept + 3)
      stopped.child.kill('SIGINT')
      const { code, out } = await stopped.ended
      expect(code).toBe(130)
      expect(out).toContain('Run the same command again to go on.')
      expect(await countState(states)).toBeGreaterThan(kept)

      const again = run()
      await untilStateHas(states, (await countState(states)) + 3)
      again.child.kill('SIGKILL')
      await again.ended
      // Half of it is in by now, and nobody knows which.
      const half = Object.keys(pointsOf(await readBalances(server.url, admin))).length
      expect(half).toBeGreaterThan(0)
      await rm(states, { recursive: true })

      const last = await run().ended
      expect(last).toMatchObject({ code: 0 })
      expect(last.err).not.toContain('Going on where it stopped')
      expect(pointsOf(await readBalances(server.url, admin))).toEqual(balances)
      expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
    })
  })

  it('waits for a server that is killed and comes back, and goes on by itself', async () => {
    const databaseUrl = await freshSqliteUrl()
    const server = await startServerProcess({
      env: { POINTWELL_DATABASE_URL: databaseUrl, POINTWELL_JWT_SECRET: SECRET },
    })
    await applyPolicy({ file: policyFile, url: `${server.url}/graphql`, token: admin })
    let sent = 0
    let kills = 0
    const killing: Promise<void>[] = []
    const outcome = await importOrders({
      file: slice,
      mapping: 'online-retail',
      url: `${server.url}/graphql`,
      token: storefront,
      folder: join(folder, 'server-killed'),
      batchSize: 20,
      parallel: 4,
      progress: {
        ...QUIET_PROGRESS,
        reach(value) {
          sent = value
          if (kills === 2 || sent < 500 * (kills + 1)) return
          kills += 1
          // In the middle of whatever it does.
          killing.push(server.restart())
        },
      },
    })
    await Promise.all(killing)
    expect(kills).toBe(2)
    expect(outcome).toMatchObject({ fault: null, summary: { complete: true, refused: 0 } })
    expect(pointsOf(await readBalances(server.url, admin))).toEqual(balances)
    await server.stop()

    const own = await startServer({ databaseUrl, tokens: { secret: SECRET }, jobs: false })
    expect(await verifyLedger(own.ledger.store)).toMatchObject({ ok: true })
    await own.close()
  })

  function startImport({ url, folder: states }: { url: string; folder: string }) {
    const args = ['import', 'orders', slice, '--mapping', 'online-retail', '--batch', '20']
    const child = spawn(
      process.execPath,
      [
        join(root, 'apps/server/dist/cli/main.js'),
        ...args,
        ...['--server', `${url}/graphql`, '--parallel', '2'],
        ...['--state', join(states, 'state'), '--report', join(states, 'report.csv')],
      ],
      { env: { ...process.env, POINTWELL_TOKEN: storefront }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    return { child, ended: untilEnd(child) }
  }
})

function pointsOf(members: Awaited<ReturnType<typeof readBalances>>): Record<string, number> {
  return sorted(new Map([...members].map(([id, { available }]) => [id, available])))
}

function sorted(balances: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...balances].sort(([a], [b]) => Number(a) - Number(b)))
}

/** What is killed here runs as a process of its own, and so as it was built. */
function assertBuilt() {
  if (existsSync(join(root, 'apps/server/dist/cli/main.js'))) return
  throw new Error('The command line is not built: `npm run build`, or run the tests by `npm test`.')
}

async function countState(states: string): Promise<number> {
  const names = await readdir(states).catch((): string[] => [])
  if (!names.includes('state')) return 0
  return (await readFile(join(states, 'state'), 'utf8')).split('\n').length - 2
}

async function untilStateHas(states: string, batches: number) {
  for (const deadline = Date.now() + 300_000; Date.now() < deadline; await sleep(5)) {
    if ((await countState(states)) >= batches) return
  }
  throw new Error(`The import did not get through ${batches} batches within five minutes.`)
}

function untilEnd(child: ChildProcess) {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  return new Promise<{
    code: number | null
    signal: NodeJS.Signals | null
    out: string
    err: string
  }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, out, err }))
  })
}
