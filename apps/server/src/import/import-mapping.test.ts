import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { listMappedColumns } from './import-mapping.js'
import { LINE_CODES } from './import-report.js'
import { BadMappingError, listShippedMappings, parseMapping, readMapping } from './read-mapping.js'

const sound = {
  file: { format: 'csv' },
  customer: { column: 'Customer' },
  order: '{Order}',
  time: { column: 'Time', format: 'YYYY-MM-DD hh:mm', zone: 'Europe/London' },
  currency: { value: 'GBP' },
  article: { column: 'Article' },
  quantity: { column: 'Units' },
  unitPrice: { column: 'Price' },
}

describe('E13: a mapping', () => {
  it('says what is left out', () => {
    expect(parseMapping(JSON.stringify(sound))).toMatchObject({
      file: { format: 'csv', delimiter: ',', header: true, encoding: 'utf-8' },
      decimalSign: '.',
      product: [],
      sale: [],
      takeBack: 'latest-first',
      confirmed: true,
      members: { register: true },
      faultyLine: 'hold-order',
    })
  })

  it('names its columns, each with where it does', () => {
    const mapping = parseMapping(
      JSON.stringify({
        ...sound,
        order: '{Order}/{Shop}',
        sale: [{ column: 'Units', sign: 'positive' }],
        members: { region: { column: 'Country' } },
      }),
    )
    expect(listMappedColumns(mapping)).toEqual([
      { column: 'Customer', path: 'customer.column' },
      { column: 'Order', path: 'order' },
      { column: 'Shop', path: 'order' },
      { column: 'Time', path: 'time.column' },
      { column: 'Article', path: 'article.column' },
      { column: 'Units', path: 'quantity.column' },
      { column: 'Price', path: 'unitPrice.column' },
      { column: 'Country', path: 'members.region.column' },
      { column: 'Units', path: 'sale.0.column' },
    ])
  })

  it.each([
    ['file', { file: undefined }],
    ['file.format', { file: { format: 'xlsx' } }],
    ['file.delimiter', { file: { format: 'csv', delimiter: ';;' } }],
    ['file.delimiter', { file: { format: 'csv', delimiter: '"' } }],
    ['file.encoding', { file: { format: 'csv', encoding: 'utf-16' } }],
    ['file.header', { file: { format: 'csv', header: [] } }],
    ['file.each', { file: { format: 'csv', each: 'lines' } }],
    ['customer.column', { customer: {} }],
    ['customer.strip', { customer: { column: 'Customer', strip: '(' } }],
    ['order', { order: 'Order' }],
    ['order', { order: '{Order' }],
    ['order', { order: '{}' }],
    ['order', { order: '{Order}-{#}-{#}' }],
    ['time.zone', { time: { ...sound.time, zone: 'Mars/Olympus' } }],
    ['time.format', { time: { ...sound.time, format: 'hh:mm' } }],
    ['time.format', { time: { ...sound.time, format: 'YYYY-MM-DD MM' } }],
    ['currency', { currency: 'GBP' }],
    ['article.column', { article: { column: '' } }],
    ['unitPrice.column', { unitPrice: { value: '1' } }],
    ['sale.0', { sale: [{ column: 'Units', sign: 'up' }] }],
    ['product.1', { product: [{ column: 'Article', matches: 'x' }, { matches: 'x' }] }],
    ['product.0', { product: [{ column: 'Article', matches: '[' }] }],
    ['cancellation', { cancellation: [] }],
    ['takeBack', { takeBack: 'anything' }],
    ['confirmed', { confirmed: 'yes' }],
    ['members.register', { members: { register: 1 } }],
    ['decimalSign', { decimalSign: ';' }],
    ['faultyLine', { faultyLine: 'ignore' }],
    ['unitprice', { unitprice: { column: 'Price' } }],
  ])('names a fault in %s', (path, change) => {
    expect(faultsOf({ ...sound, ...change }).map((fault) => fault.path)).toContain(path)
  })

  it('names every fault at once', () => {
    const faults = faultsOf({ ...sound, order: 'x', time: { ...sound.time, zone: 'x' }, extra: 1 })
    expect(faults.map(({ path }) => path).sort()).toEqual(['extra', 'order', 'time.zone'])
  })

  it.each(['', '{', '[]', 'null', '"online-retail"'])('is a JSON object, unlike %s', (text) => {
    expect(() => parseMapping(text)).toThrow(BadMappingError)
  })

  it.each(['online-retail', 'cdnow'])('comes with Pointwell for %s', async (name) => {
    expect(await listShippedMappings()).toContain(name)
    const { mapping, hash } = await readMapping(name)
    expect(mapping.about).toBeTruthy()
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is written in the guide as it is read, with every code of the report', async () => {
    const guide = await readFile(
      new URL('../../../../docs/guides/import-orders.md', import.meta.url),
      'utf8',
    )
    const examples = [...guide.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text as string)
    expect(examples).toHaveLength(2)
    for (const example of examples) expect(parseMapping(example)).toBeTruthy()
    const described = Object.keys(LINE_CODES).filter((code) => !guide.includes(`\`${code}\``))
    expect(described).toEqual([])
  })

  it('is looked for by name only among those that come with Pointwell', async () => {
    await expect(readMapping('offline-retail')).rejects.toThrow(/one of: cdnow, online-retail/)
  })
})

function faultsOf(document: unknown) {
  try {
    parseMapping(JSON.stringify(document))
  } catch (error) {
    if (error instanceof BadMappingError) return error.faults
    throw error
  }
  return []
}
