import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeOrdersApi, startFakeOrdersApi } from '../../../../test/support/fake-orders-api.js'
import { type ImportOptions, importOrders } from './import-orders.js'
import type { ImportProgress } from './import-progress.js'

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const silent: ImportProgress = { say() {}, begin() {}, reach() {}, end() {} }

let api: FakeOrdersApi
let folder: string
beforeEach(async () => {
  api = await startFakeOrdersApi()
  folder = await mkdtemp(join(tmpdir(), 'pointwell-import-'))
})
afterEach(async () => {
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

describe('E13: an import of orders', () => {
  it('tells the server everything, and sums up what it answered', async () => {
    await writeOrders([
      line('1', '11111', 4, '08:00', '1.30', '7'),
      line('2', '22222', 1, '08:01', '9.99', '8'),
      line('C3', '11111', -6, '08:02', '1.30', '7'),
      line('4', 'POST', 1, '08:03', '1', '7'),
      line('C5', '33333', -1, '08:04', '1', '9'),
      line('6', '11111', 1, '08:05', '1', ''),
    ])
    const { summary, statePath, reportPath, fault } = await run()
    expect(fault).toBeNull()
    expect(statePath).toBeNull()
    expect(summary).toMatchObject({
      complete: true,
      found: { linesUsed: 4, customers: 3, orders: 2, cancellations: 2, unitsUncovered: 3 },
      accepted: {
        customers: 3,
        orders: 2,
        returns: 1,
        pointsGranted: 5 + 9,
        pointsTakenBack: 5,
        unitsTakenBack: 4,
      },
      refused: 0,
      reported: { NOT_COVERED: 2, NOT_A_PRODUCT: 1, NO_CUSTOMER: 1 },
      balances: { members: 3, available: 9, debt: 0 },
    })
    expect([...api.balances()]).toEqual([
      ['7', 0],
      ['8', 9],
      ['9', 0],
    ])
    expect((await readFile(reportPath, 'utf8')).trimEnd().split('\n')).toEqual([
      'line,order,customer,code,reason',
      expect.stringMatching(/^4,C3,7,NOT_COVERED,.*2 of 6/),
      expect.stringMatching(/^5,4,7,NOT_A_PRODUCT,/),
      expect.stringMatching(/^6,C5,9,NOT_COVERED,.*1 of 1/),
      expect.stringMatching(/^7,6,,NO_CUSTOMER,/),
    ])
  })

  it('keeps the steps of a member in order, and has a few requests under way', async () => {
    await writeOrders(manyOrders(40))
    let underWay = 0
    let most = 0
    const { fetch } = globalThis
    await run({
      batchSize: 7,
      parallel: 3,
      client: {
        async fetch(...request) {
          underWay += 1
          most = Math.max(most, underWay)
          return fetch(...request).finally(() => {
            underWay -= 1
          })
        },
      },
    })
    expect(most).toBe(3)
    expect(Math.max(...api.requests.map(({ input }) => input.length ?? 0))).toBe(7)
    expectOrderWithinMembers()
  })

  it('reports what the server refuses, line by line, and goes on', async () => {
    await writeOrders([
      line('1', '11111', 1, '08:00', '5', '7'),
      line('1', '22222', 1, '08:00', '5', '7'),
      line('C2', '22222', -1, '08:01', '5', '7'),
      line('3', '22222', 1, '08:02', '5', '7'),
      line('4', '11111', 1, '08:03', '5', '8'),
    ])
    api.refuse.set('1', { code: 'EVENT_TOO_OLD', message: 'Too old.', field: 'at' })
    api.refuse.set('8', { code: 'MEMBER_ID_INVALID', message: 'No.' })
    const { summary, reportPath, fault } = await run({ reportPath: join(folder, 'r.ndjson') })
    expect(fault).toBeNull()
    expect(summary.complete).toBe(true)
    expect(summary.accepted).toMatchObject({ customers: 1, orders: 1, returns: 0 })
    expect(summary.refused).toBe(4)
    const entries = (await readFile(reportPath, 'utf8')).trimEnd().split('\n')
    expect(entries.map((entry) => JSON.parse(entry))).toMatchObject([
      { line: 2, order: '1', code: 'EVENT_TOO_OLD', reason: 'Too old. (at)' },
      { line: 3, order: '1', code: 'EVENT_TOO_OLD' },
      { line: 4, order: 'C2', code: 'PURCHASE_NOT_FOUND' },
      { line: 6, order: null, customer: '8', code: 'MEMBER_ID_INVALID' },
      { line: 6, order: '4', code: 'MEMBER_NOT_FOUND' },
    ])
  })

  it.each(['TRY_AGAIN_LATER', 'OUTCOME_UNKNOWN'])(
    'asks again about the one that is answered with %s',
    async (code) => {
      await writeOrders([
        line('1', '11111', 1, '08:00', '5', '7'),
        line('2', '22222', 1, '08:01', '9', '8'),
      ])
      api.refuse.set('2', { code, message: 'not just now' })
      api.intercept = ({ operation }) => {
        const told = api.requests.filter((asked) => asked.operation === operation).length
        if (operation === 'ImportPurchases' && told === 2) api.refuse.clear()
        return undefined
      }
      const { summary, fault } = await run()
      expect(fault).toBeNull()
      expect(summary).toMatchObject({ complete: true, accepted: { orders: 2 }, refused: 0 })
      expect([...api.balances()]).toEqual([
        ['7', 5],
        ['8', 9],
      ])
    },
  )

  it('is content with members that are known already, whatever else is known of them', async () => {
    await writeOrders([line('1', '11111', 1, '08:00', '5', '7')])
    await run()
    await writeOrders([line('2', '11111', 1, '09:00', '5', '7')])
    const { summary } = await run()
    expect(summary).toMatchObject({ refused: 0, accepted: { customers: 1, orders: 1 } })
    expect(api.balances().get('7')).toBe(10)
  })

  it('finds the one order that spoils a whole batch, and loses no other', async () => {
    await writeOrders(manyOrders(30))
    api.spoil.add('106').add('113')
    const { summary } = await run({ batchSize: 50 })
    expect(summary.complete).toBe(true)
    expect(summary.reported).toMatchObject({ BAD_USER_INPUT: 2 })
    expect(summary.accepted.orders).toBe(summary.found.orders - 2)
    expectOrderWithinMembers()
  })

  it('sends less at once to a server that takes less', async () => {
    await writeOrders(manyOrders(30))
    api.intercept = ({ input }) => (input.length > 4 ? { status: 413 } : undefined)
    const { summary } = await run({ batchSize: 100 })
    expect(summary).toMatchObject({ complete: true, refused: 0 })
    expect(summary.accepted.orders).toBe(summary.found.orders)
  })

  it('changes nothing when it is done again, and says the same', async () => {
    await writeOrders(manyOrders(30))
    const first = await run()
    const kept = api.snapshot()
    const second = await run({ batchSize: 3 })
    expect(api.snapshot()).toEqual(kept)
    expect(second.summary).toEqual(first.summary)
  })

  it('ends the same whatever is lost on the way', async () => {
    await writeOrders(manyOrders(12))
    const expected = await run()
    const balances = api.balances()
    const fates = ['lost-before', 'lost-after', { status: 503 }, { status: 429 }] as const
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.constantFrom(...fates)), { maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        async (faults, batchSize) => {
          const other = await startFakeOrdersApi()
          try {
            other.intercept = ({ count }) => faults[count - 1] ?? undefined
            const { summary } = await run({ url: other.url, batchSize })
            expect(summary).toEqual(expected.summary)
            expect(other.balances()).toEqual(balances)
          } finally {
            await other.close()
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it('goes on where it was stopped, with and without its state', async () => {
    await writeOrders(manyOrders(20))
    const expected = await run()
    for (const keepState of [true, false]) {
      for (let stopAt = 1; stopAt <= 6; stopAt += 1) {
        const other = await startFakeOrdersApi()
        const stop = new AbortController()
        other.intercept = ({ count }) => {
          if (count === stopAt) stop.abort()
          return undefined
        }
        const options = { url: other.url, batchSize: 4, parallel: 2 }
        const stopped = await run({ ...options, signal: stop.signal })
        expect(stopped.summary.complete).toBe(false)
        expect(stopped.fault).toBeNull()
        const before = other.requests.length
        if (!keepState) await rm(stopped.statePath as string)
        const resumed = await run(options)
        expect(resumed.summary).toEqual(expected.summary)
        expect(other.balances()).toEqual(api.balances())
        if (keepState) expect(before).toBeLessThanOrEqual(stopAt + 1)
        await expect(access(stopped.statePath as string)).rejects.toThrow()
        await other.close()
      }
    }
  })

  it('does not send again what its state says is done', async () => {
    await writeOrders(manyOrders(20))
    const stop = new AbortController()
    api.intercept = ({ count }) => {
      if (count === 4) stop.abort()
      return undefined
    }
    const options = { batchSize: 5, parallel: 1 }
    await run({ ...options, signal: stop.signal })
    const sent = api.requests.flatMap(stepsOf)
    await run(options)
    const all = api.requests
      .filter(({ operation }) => operation !== 'ImportBalances')
      .flatMap(stepsOf)
    expect(sent.length).toBeGreaterThan(10)
    expect(new Set(all).size).toBe(all.length)
  })

  it('stops at once when it is told to twice, and still goes on later', async () => {
    await writeOrders(manyOrders(20))
    const stop = new AbortController()
    const kill = new AbortController()
    api.intercept = ({ count }) => {
      if (count < 3) return undefined
      stop.abort()
      kill.abort()
      return 'silent'
    }
    const options = { batchSize: 5, parallel: 2 }
    const stopped = await run({ ...options, signal: stop.signal, killSignal: kill.signal })
    expect(stopped).toMatchObject({ summary: { complete: false }, fault: null })
    api.intercept = () => undefined
    expect((await run(options)).summary).toMatchObject({ complete: true, refused: 0 })
  })

  it.each([
    ['unauthorized', { status: 401 }],
    ['unreachable', { status: 503 }],
    ['no-api', { status: 404 }],
  ])('stops for what is not the fault of the data (%s), and says so', async (kind, fate) => {
    await writeOrders(manyOrders(20))
    api.intercept = ({ count }) => (count > 3 ? fate : undefined)
    const options = { batchSize: 5, client: { patienceMs: 0 } }
    const stopped = await run(options)
    expect(stopped.fault).toMatchObject({ kind })
    expect(stopped.summary).toMatchObject({ complete: false, refused: 0, balances: null })
    await access(stopped.statePath as string)
    api.intercept = () => undefined
    expect((await run(options)).summary).toMatchObject({ complete: true, refused: 0 })
  })

  it('does not take an answer that says less than was asked', async () => {
    await writeOrders(manyOrders(5))
    api.intercept = () => ({ status: 200, body: { data: { results: [] } } })
    expect((await run()).fault).toMatchObject({ kind: 'no-api' })
    api.intercept = ({ operation, input }) =>
      operation === 'ImportPurchases'
        ? {
            status: 200,
            body: { data: { results: input.map(() => ({ __typename: 'PurchaseRecorded' })) } },
          }
        : undefined
    expect((await run()).fault).toMatchObject({ kind: 'no-api' })
  })

  it('sends nothing when it runs dry, and reports the same lines', async () => {
    await writeOrders([...manyOrders(5), line('9', 'POST', 1, '08:00', '1', '7')])
    const dry = await run({ dryRun: true, url: 'http://127.0.0.1:1/graphql', token: '' })
    expect(api.requests).toEqual([])
    expect(dry.summary).toMatchObject({ complete: false, balances: null })
    const real = await run()
    expect(dry.summary.found).toEqual(real.summary.found)
    expect(dry.summary.reported).toEqual(real.summary.reported)
    expect(await readFile(dry.reportPath, 'utf8')).toBe(await readFile(real.reportPath, 'utf8'))
  })

  it('asks for the balances of fewer members where that costs too much', async () => {
    await writeOrders(manyOrders(30))
    let largest = 0
    const { fetch } = globalThis
    const outcome = await run({
      client: {
        async fetch(url, init) {
          const count = (String(init?.body).match(/member\(id/g) ?? []).length
          if (count > 3) {
            const errors = [{ message: 'dear', extensions: { code: 'LIMIT_EXCEEDED' } }]
            return Response.json({ errors })
          }
          largest = Math.max(largest, count)
          return fetch(url, init)
        },
      },
    })
    expect(largest).toBeGreaterThan(1)
    expect(outcome.summary.balances?.members).toBe(outcome.summary.found.customers)
  })
})

function run(options: Partial<ImportOptions> = {}) {
  return importOrders({
    file: join(folder, 'orders.csv'),
    mapping: 'online-retail',
    url: api.url,
    token: 'x',
    folder,
    progress: silent,
    ...options,
    client: { sleep: async () => {}, ...options.client },
  })
}

function writeOrders(lines: string[]) {
  return writeFile(join(folder, 'orders.csv'), `${[HEADER, ...lines].join('\n')}\n`)
}

function line(
  invoice: string,
  code: string,
  units: number,
  time: string,
  price: string,
  customer: string,
) {
  const id = customer === '' ? '' : `${customer}.0`
  return `${invoice},${code},"A thing, or two",${units},2010-12-01 ${time}:00,${price},${id},UK`
}

/** Orders of a few members, with a cancellation now and then. */
function manyOrders(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const customer = String((index * 5) % 7)
    const time = `0${Math.floor(index / 60)}:${String(index % 60).padStart(2, '0')}`
    const [invoice, units] = index % 4 === 3 ? [`C${index}`, -2] : [String(100 + index), 3]
    return line(invoice, '12345A', units, time, '1.99', customer)
  })
}

function stepsOf({ operation, input }: FakeOrdersApi['requests'][number]): string[] {
  return input.map(({ id, orderId, returnId }) => `${operation} ${id ?? orderId} ${returnId ?? ''}`)
}

/** What reached the server of each member is in the order of time, and begins with the member. */
function expectOrderWithinMembers() {
  const times = new Map<string, string>()
  const owners = new Map<string, string>()
  const registered = new Set<string>()
  for (const { operation, input, taken } of api.requests) {
    if (operation === 'ImportBalances' || !taken) continue
    for (const item of input as Record<string, string>[]) {
      if (operation === 'ImportMembers') {
        registered.add(item.id as string)
        continue
      }
      const order = item.orderId as string
      if (operation === 'ImportReturns') {
        // The server may take the returns of one request in any order.
        const others = (input as Record<string, string>[]).map((each) =>
          owners.get(each.orderId as string),
        )
        expect(others.filter((owner) => owner === owners.get(order))).toHaveLength(1)
      }
      if (item.memberId) owners.set(order, item.memberId)
      const member = owners.get(order) as string
      expect(registered).toContain(member)
      expect((item.at as string) >= (times.get(member) ?? '')).toBe(true)
      times.set(member, item.at as string)
    }
  }
}
