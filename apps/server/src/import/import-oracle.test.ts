import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as cdnow from '../../../../test/oracle/cdnow.mjs'
import * as onlineRetail from '../../../../test/oracle/online-retail.mjs'
import { type FakeOrdersApi, startFakeOrdersApi } from '../../../../test/support/fake-orders-api.js'
import { findSharedData } from '../../../../test/support/shared-data.js'
import { importOrders } from './import-orders.js'

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-oracle-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let api: FakeOrdersApi
beforeEach(async () => {
  api = await startFakeOrdersApi()
})
afterEach(() => api.close())

// The server is a stand-in here: what is tested is that the importer tells it the right things.
describe('E13: an import against an oracle that shares no code with it', () => {
  it('agrees on files that are made to be hard', async () => {
    const customer = fc.constantFrom('1.0', '1.0', '1.0', '2.0', '')
    const line = fc.record({
      code: fc.constantFrom('11111', '11111', '11111', '22222', '11111A', '11111a', 'POST'),
      units: fc.integer({ min: -3, max: 6 }),
      price: fc.constantFrom('0.0', '0.001', '0.3333', '0.55', '1.1', '2.9999', '10'),
      later: fc.integer({ min: 0, max: 1 }),
    })
    const invoice = fc.record({
      customer,
      cancels: fc.boolean(),
      minutes: fc.constantFrom(0, 0, 0, 1),
      number: fc.nat(9999),
      lines: fc.array(line, { minLength: 1, maxLength: 5 }),
      // Its last line comes after the first of the next invoice.
      interrupted: fc.boolean(),
    })
    const invoices = fc.uniqueArray(invoice, {
      selector: ({ number }) => number,
      minLength: 1,
      maxLength: 25,
    })
    await fc.assert(
      fc.asyncProperty(invoices, async (drawn) => {
        const path = join(folder, 'generated.csv.gz')
        await writeFile(path, gzipSync(`${HEADER}\n${writeLines(drawn).join('\n')}\n`))
        const expected = onlineRetail.oracle(path)
        await api.close()
        api = await startFakeOrdersApi()
        const { summary } = await run(path, 'online-retail')
        expectOnlineRetail(summary, expected)
      }),
      { numRuns: 80 },
    )
  })

  const retailFile = findSharedData(onlineRetail.fileName)
  it.runIf(retailFile)('agrees on Online Retail, customer by customer', async () => {
    const expected = onlineRetail.oracle(retailFile as string)
    const { summary } = await run(retailFile as string, 'online-retail')
    expectOnlineRetail(summary, expected)
    expect(onlineRetail.expected).toMatchObject({ customers: 2761, balanceTotal: 3120793 })
    expect(summary.accepted.pointsGranted).toBe(onlineRetail.expected.granted)
  })

  const cdnowFile = findSharedData(cdnow.fileName)
  it.runIf(cdnowFile)('agrees on CDNOW, customer by customer', async () => {
    const expected = cdnow.oracle(cdnowFile as string)
    const { summary } = await run(cdnowFile as string, 'cdnow')
    expect(api.balances()).toEqual(expected.balances)
    expect(summary).toMatchObject({
      found: { customers: expected.customers, orders: expected.orders, cancellations: 0 },
      accepted: { pointsGranted: cdnow.expected.granted },
      refused: 0,
      reported: {},
      balances: { available: cdnow.expected.balanceTotal },
    })
  })
})

function run(file: string, mapping: string) {
  return importOrders({
    file,
    mapping,
    url: api.url,
    token: 'x',
    folder,
    progress: { say() {}, begin() {}, reach() {}, end() {} },
  })
}

type Summary = Awaited<ReturnType<typeof run>>['summary']
type Expected = ReturnType<typeof onlineRetail.oracle>

function expectOnlineRetail(summary: Summary, expected: Expected) {
  expect(sorted(api.balances())).toEqual(sorted(expected.balances))
  expect(summary.found).toMatchObject({
    customers: expected.customers,
    orders: expected.orders,
    cancellations: expected.cancellations,
    unitsUncovered: expected.unitsUncovered,
  })
  expect(summary.accepted).toEqual({
    customers: expected.customers,
    orders: expected.orders,
    returns: expected.cancellationOrderPairs,
    pointsGranted: expected.granted,
    pointsTakenBack: expected.pointsTakenBack,
    unitsTakenBack: expected.unitsTakenBack,
  })
  expect(summary.refused).toBe(0)
  const { noCustomer, notProduct, neither } = expected.linesSkipped
  const reported: Record<string, number> = {
    NO_CUSTOMER: noCustomer,
    NOT_A_PRODUCT: notProduct,
    NEITHER: neither,
    NOT_COVERED: expected.uncoveredLines,
  }
  for (const [code, count] of Object.entries(reported)) {
    expect(summary.reported[code] ?? 0).toBe(count)
  }
  expect(summary.balances?.available).toBe(expected.balanceTotal)
}

function sorted(balances: ReadonlyMap<string, number>) {
  return Object.fromEntries([...balances].sort(([a], [b]) => Number(a) - Number(b)))
}

function writeLines(
  invoices: {
    customer: string
    cancels: boolean
    minutes: number
    number: number
    lines: { code: string; units: number; price: string; later: number }[]
    interrupted: boolean
  }[],
): string[] {
  let minute = 0
  let late: string[] = []
  return invoices
    .flatMap(({ customer, cancels, minutes, number, lines, interrupted }) => {
      minute += minutes
      const texts = lines.map(({ code, units, price, later }) => {
        // Most signs are right, some are not.
        const quantity = cancels && units > 0 ? -units : units
        const invoice = cancels ? `C${number}` : String(number)
        const time = `2010-12-01 08:${String(minute + later).padStart(2, '0')}:00`
        return `${invoice},${code},"Set of 3, ""small""",${quantity},${time},${price},${customer},UK`
      })
      const before = late
      late = interrupted && texts.length > 1 ? texts.splice(-1) : []
      return [texts[0] as string, ...before, ...texts.slice(1)]
    })
    .concat(late)
}
