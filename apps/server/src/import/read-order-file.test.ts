import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ImportMapping, importMapping } from './import-mapping.js'
import type { ImportStep } from './plan-import.js'
import { BadMappingError } from './read-mapping.js'
import { readOrderFile } from './read-order-file.js'

const HEADER = 'Invoice,Code,Units,Time,Price,Customer'
const base = {
  file: { format: 'csv' },
  customer: { column: 'Customer', strip: '\\.0$' },
  order: '{Invoice}',
  time: { column: 'Time', format: 'YYYY-MM-DD hh:mm', zone: 'UTC' },
  currency: { value: 'GBP' },
  article: { column: 'Code' },
  quantity: { column: 'Units' },
  unitPrice: { column: 'Price' },
  product: [{ column: 'Code', matches: '^[0-9]{2}[A-Za-z]*$' }],
  sale: [
    { column: 'Invoice', matches: '^[0-9]+$' },
    { column: 'Units', sign: 'positive' },
  ],
  cancellation: [
    { column: 'Invoice', matches: '^C[0-9]+$' },
    { column: 'Units', sign: 'negative' },
  ],
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('E13: a file of orders', () => {
  it('becomes members, orders and returns, exactly', async () => {
    const { plan } = await read([
      '1,11,6,2010-12-01 08:26,2.5500,17850.0',
      '1,12,2,2010-12-01 08:27,0,17850.0',
      'C2,11,-1,2010-12-01 08:28,9,17850.0',
    ])
    expect(plan.members).toEqual([
      {
        id: '17850',
        steps: [
          {
            kind: 'register',
            line: 2,
            input: { id: '17850', joinedAt: '2010-12-01T08:26:00.000Z' },
          },
          {
            kind: 'purchase',
            lines: [2, 3],
            input: {
              memberId: '17850',
              orderId: '1',
              at: '2010-12-01T08:26:00.000Z',
              currency: 'GBP',
              lines: [
                { id: '1', article: '11', quantity: 6, unitPrice: '2.55' },
                { id: '2', article: '12', quantity: 2, unitPrice: '0' },
              ],
              confirmed: true,
            },
          },
          {
            kind: 'return',
            lines: [4],
            input: {
              orderId: '1',
              returnId: 'C2',
              at: '2010-12-01T08:28:00.000Z',
              lines: [{ line: '1', quantity: 1 }],
            },
          },
        ],
      },
    ])
    expect(plan.counts).toEqual({
      linesUsed: 3,
      customers: 1,
      orders: 1,
      cancellations: 1,
      unitsUncovered: 0,
      steps: 3,
    })
  })

  it.each([
    ['NO_CUSTOMER', '1,11,6,2010-12-01 08:26,2.55,'],
    ['NO_CUSTOMER', 'x,POST,six,never,dear,.0'],
    ['NOT_A_PRODUCT', 'x,POST,six,never,dear,7.0'],
    ['NOT_A_PRODUCT', '1,111,6,2010-12-01 08:26,2.55,7.0'],
    ['NEITHER', '1,11,-6,2010-12-01 08:26,2.55,7.0'],
    ['NEITHER', 'C1,11,6,2010-12-01 08:26,2.55,7.0'],
    ['NEITHER', 'A1,11,6,2010-12-01 08:26,2.55,7.0'],
    ['NEITHER', '1,11,0,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', '1,11,six,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', '1,11,6.5,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', '1,11,,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', '1,11,1e3,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', '1,11,2147483648,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', '1,11,99999999999999999999,2010-12-01 08:26,2.55,7.0'],
    ['BAD_QUANTITY', 'C1,11,-99999999999999999999,2010-12-01 08:26,2.55,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,1.00001,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,-1,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,.,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,£5,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,1e2,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,"1,5",7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,NaN,7.0'],
    ['BAD_PRICE', '1,11,6,2010-12-01 08:26,1000000000000000,7.0'],
    ['BAD_TIME', '1,11,6,2010-12-01,2.55,7.0'],
    ['BAD_TIME', '1,11,6,2011-02-29 08:26,2.55,7.0'],
    ['BAD_TIME', 'C1,11,-6,,2.55,7.0'],
    ['WRONG_COLUMNS', '1,11,6,2010-12-01 08:26,2.55'],
    ['UNREADABLE', '1,"11"x,6,2010-12-01 08:26,2.55,7.0'],
  ])('says %s of the line %s', async (code, bad) => {
    const good = '9,11,1,2010-12-01 08:26,1,8.0'
    const { plan } = await read([good, bad, good])
    expect(plan.report).toMatchObject([{ line: 3, code }])
    expect(plan.report[0]?.reason).toBeTruthy()
    expect(plan.members.map(({ id }) => id)).toEqual(['8'])
  })

  it.each([
    ['0.0001', '0.0001'],
    ['007.10', '7.1'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.50000000', '1.5'],
    ['0.00', '0'],
    ['999999999999999.9999', '999999999999999.9999'],
  ])('keeps the price %s as %s', async (price, expected) => {
    const { plan } = await read([`1,11,6,2010-12-01 08:26,${price},7.0`])
    expect(purchases(plan.members)[0]?.lines[0]?.unitPrice).toBe(expected)
  })

  it('reads prices with the decimal sign that the mapping names', async () => {
    const line = '1,11,6,2010-12-01 08:26,"2,55",7.0'
    const { plan } = await read([line], { decimalSign: ',' })
    expect(purchases(plan.members)[0]?.lines[0]?.unitPrice).toBe('2.55')
    const other = await read(['1,11,6,2010-12-01 08:26,2.55,7.0'], { decimalSign: ',' })
    expect(other.plan.report).toMatchObject([{ code: 'BAD_PRICE' }])
  })

  it('takes an order from wherever its lines are, with the time of the first that is used', async () => {
    const { plan } = await read([
      '5,POST,1,2010-12-01 08:00,1,7.0',
      '5,11,1,2010-12-01 08:02,1,7.0',
      'C6,11,-1,2010-12-01 08:01,1,8.0',
      '5,12,1,2010-12-01 07:59,1,7.0',
      '5,12,1,2010-12-01 07:59,1,7.0',
    ])
    expect(purchases(plan.members)).toMatchObject([
      { orderId: '5', at: '2010-12-01T08:02:00.000Z', lines: [{}, {}, {}] },
    ])
  })

  it('looks at no time but the first of an order, and at no price of a cancellation', async () => {
    const { plan } = await read([
      '5,11,1,2010-12-01 08:02,1,7.0',
      '5,12,1,whenever,1,7.0',
      'C6,11,-1,2010-12-01 08:03,free,7.0',
    ])
    expect(plan.report).toEqual([])
    expect(plan.counts).toMatchObject({ orders: 1, cancellations: 1, steps: 3 })
  })

  it('holds an order back while one of its lines cannot be read, with every cancellation of the customer', async () => {
    const lines = [
      '1,11,6,2010-12-01 08:00,1,7.0',
      '2,11,6,2010-12-01 08:01,1.23456,7.0',
      '2,12,6,2010-12-01 08:01,1,7.0',
      'C3,11,-1,2010-12-01 08:02,1,7.0',
      '4,11,6,2010-12-01 08:03,1,7.0',
      '5,11,6,2010-12-01 08:03,1,8.0',
      'C6,11,-1,2010-12-01 08:04,1,8.0',
    ]
    const { plan } = await read(lines)
    expect(plan.report.map(({ line, order, code }) => [line, order, code])).toEqual([
      [3, '2', 'BAD_PRICE'],
      [4, '2', 'HELD_BACK'],
      [5, 'C3', 'HELD_BACK'],
    ])
    expect(plan.report[1]?.reason).toContain('line 3')
    expect(purchases(plan.members).map(({ orderId }) => orderId)).toEqual(['1', '4', '5'])
    expect(plan.counts).toMatchObject({ cancellations: 1, linesUsed: 4 })

    lines[1] = '2,11,6,2010-12-01 08:01,1.2345,7.0'
    const mended = await read(lines)
    expect(mended.plan.report).toEqual([])
    expect(mended.plan.counts).toMatchObject({ orders: 4, cancellations: 2, linesUsed: 7 })
  })

  it('holds back also what comes before and after a line of another customer', async () => {
    const { plan } = await read([
      '1,11,6,2010-12-01 08:00,1,7.0',
      '1,12,6,2010-12-01 08:00,1,8.0',
      'C2,11,-1,2010-12-01 08:01,1,7.0',
      'C3,11,-1,2010-12-01 08:01,1,8.0',
    ])
    expect(plan.report.map(({ line, code }) => [line, code])).toEqual([
      [3, 'OTHER_CUSTOMER'],
      [2, 'HELD_BACK'],
      [4, 'HELD_BACK'],
      [5, 'HELD_BACK'],
    ])
    expect(plan.members).toEqual([])
  })

  it('holds back an order whose first line has no time, once, with all its lines', async () => {
    const { plan } = await read([
      '1,11,6,soon,1,7.0',
      '1,12,6,2010-12-01 08:00,1,7.0',
      '1,13,six,2010-12-01 08:00,1,7.0',
    ])
    expect(plan.report.map(({ line, code }) => [line, code])).toEqual([
      [2, 'BAD_TIME'],
      [4, 'BAD_QUANTITY'],
      [3, 'HELD_BACK'],
    ])
  })

  it('or goes in without the line, where the mapping says so', async () => {
    const { plan } = await read(
      [
        '1,11,6,soon,1,7.0',
        '1,12,6,2010-12-01 08:00,1,7.0',
        '1,13,six,2010-12-01 08:00,1,7.0',
        '1,14,6,2010-12-01 08:00,1,8.0',
        'C2,12,-1,2010-12-01 08:01,1,7.0',
      ],
      { faultyLine: 'drop-line' },
    )
    expect(plan.report.map(({ line, code }) => [line, code])).toEqual([
      [2, 'BAD_TIME'],
      [4, 'BAD_QUANTITY'],
      [5, 'OTHER_CUSTOMER'],
    ])
    expect(purchases(plan.members)).toMatchObject([{ orderId: '1', lines: [{ article: '12' }] }])
    expect(plan.counts).toMatchObject({ cancellations: 1, steps: 3 })
  })

  it('does not mix currencies in an order', async () => {
    const { plan } = await read(
      [
        '1,11,6,2010-12-01 08:00,1,7.0,GBP',
        '1,12,6,2010-12-01 08:00,1,7.0,EUR',
        '2,12,6,2010-12-01 08:00,1,7.0,EUR',
        '3,12,6,2010-12-01 08:00,1,7.0,eur',
      ],
      { currency: { column: 'Currency' } },
      `${HEADER},Currency`,
    )
    expect(plan.report.map(({ line, code }) => [line, code])).toEqual([
      [3, 'OTHER_CURRENCY'],
      [5, 'BAD_CURRENCY'],
      [2, 'HELD_BACK'],
    ])
    expect(purchases(plan.members)).toMatchObject([{ orderId: '2', currency: 'EUR' }])
  })

  it('makes an order of each line where the mapping counts lines', async () => {
    const { plan } = await read(
      [
        ' 00001 19970101  1   11.77',
        ' 00002 19970101  1   5.00',
        ' 00001 19970101  1   11.77',
        ' 00001 19970102  1   0.00',
      ],
      {
        file: { format: 'columns' },
        customer: { column: 'id' },
        order: '{id}-{date}-{#}',
        time: { column: 'date', format: 'YYYYMMDD', zone: 'UTC' },
        article: { value: 'purchase' },
        quantity: { value: '1' },
        unitPrice: { column: 'dollars' },
        product: [],
        sale: [],
        cancellation: undefined,
      },
      ' id  date cds  dollars',
    )
    expect(purchases(plan.members).map(({ orderId }) => orderId)).toEqual([
      '00001-19970101-1',
      '00001-19970101-2',
      '00001-19970102-1',
      '00002-19970101-1',
    ])
    expect(plan.report).toEqual([])
  })

  it('takes category and regions along, and need not register anybody', async () => {
    const { plan } = await read(
      ['1,11,6,2010-12-01 08:00,1,7.0,toys,UK', '2,11,6,2010-12-01 08:00,1,8.0,,'],
      {
        category: { column: 'Category' },
        region: { column: 'Country' },
        members: { region: { value: 'class-1' } },
      },
      `${HEADER},Category,Country`,
    )
    expect(plan.members.map(({ steps }) => steps[0]?.input)).toMatchObject([
      { id: '7', region: 'class-1' },
      { id: '8', region: 'class-1' },
    ])
    expect(purchases(plan.members)).toMatchObject([
      { region: 'UK', lines: [{ category: 'toys' }] },
      { orderId: '2' },
    ])
    expect(purchases(plan.members)[1]).not.toHaveProperty('region')
    expect(purchases(plan.members)[1]?.lines[0]).not.toHaveProperty('category')

    const known = await read(['1,11,6,2010-12-01 08:00,1,7.0'], { members: { register: false } })
    expect(known.plan.members[0]?.steps.map(({ kind }) => kind)).toEqual(['purchase'])
  })

  it('is the same packed, and says when the packing is damaged', async () => {
    const lines = ['1,11,6,2010-12-01 08:00,1,7.0', '2,11,6,2010-12-01 08:00,1,7.0']
    const text = `${HEADER}\n${lines.join('\n')}\n`
    const plain = await readBytes(Buffer.from(text))
    const packed = await readBytes(gzipSync(text))
    expect(packed.plan).toEqual(plain.plan)
    expect(packed.hash).not.toBe(plain.hash)
    await expect(readBytes(gzipSync(text).subarray(0, 60))).rejects.toThrow(/gzip and damaged/)
  })

  it('lacks columns, and each is named with where the mapping wants it', async () => {
    const failed = read(['1,2'], {}, 'Invoice,Code')
    await expect(failed).rejects.toThrow(BadMappingError)
    await expect(failed).rejects.toMatchObject({
      faults: [
        { path: 'customer.column' },
        { path: 'time.column' },
        { path: 'quantity.column' },
        { path: 'unitPrice.column' },
        { path: 'sale.1.column' },
        { path: 'cancellation.1.column' },
      ],
    })
  })

  it('says what is wrong with a file that is not there, empty, or a folder', async () => {
    const mapping = makeMapping({})
    await expect(readOrderFile(join(folder, 'nothing.csv'), mapping)).rejects.toThrow(/ENOENT/)
    await expect(readOrderFile(folder, mapping)).rejects.toThrow()
    await expect(readBytes(Buffer.from(''))).rejects.toThrow(/empty/)
    expect((await read([])).plan.counts).toMatchObject({ customers: 0, steps: 0 })
  })

  it('tells how much of it is read', async () => {
    const path = join(folder, 'progress.csv')
    await writeFile(path, `${HEADER}\n${'1,11,6,2010-12-01 08:00,1,7.0\n'.repeat(20_000)}`)
    const parts: number[] = []
    await readOrderFile(path, makeMapping({}), { onProgress: (part) => parts.push(part) })
    expect(parts.length).toBeGreaterThan(1)
    expect(parts).toEqual([...parts].sort((a, b) => a - b))
    expect(parts.at(-1)).toBe(1)

    const stop = new AbortController()
    const stopped = readOrderFile(path, makeMapping({}), {
      onProgress: () => stop.abort(),
      signal: stop.signal,
    })
    await expect(stopped).rejects.toThrow(/Nothing was sent/)
  })
})

function makeMapping(change: Record<string, unknown>): ImportMapping {
  return importMapping.parse({ ...base, ...change })
}

function read(lines: string[], change: Record<string, unknown> = {}, header = HEADER) {
  return readBytes(Buffer.from([header, ...lines, ''].join('\n')), change)
}

async function readBytes(bytes: Buffer, change: Record<string, unknown> = {}) {
  const path = join(folder, 'orders')
  await writeFile(path, bytes)
  return readOrderFile(path, makeMapping(change))
}

function purchases(members: readonly { readonly steps: readonly ImportStep[] }[]) {
  return members
    .flatMap(({ steps }) => steps)
    .flatMap((step) => (step.kind === 'purchase' ? [step.input] : []))
}
