import type {
  ImportMapping,
  MappingCell,
  MappingCellOrValue,
  MappingCondition,
} from './import-mapping.js'
import { splitTemplate } from './import-mapping.js'
import { LINE_CODES, type LineCode } from './import-report.js'
import type { Row } from './read-rows.js'
import { makeTimeReader, type ReadTime } from './read-time.js'

/** A line of a sale or of a cancellation, as far as it can be read by itself. */
export interface OrderLine {
  readonly line: number
  readonly kind: 'sale' | 'cancellation'
  readonly customer: string
  readonly order: string
  readonly article: string
  /** Units sold or taken back, from 1. */
  readonly units: number
  /** Major units of the currency, up to four places, as a decimal; '0' in a cancellation. */
  readonly unitPrice: string
  readonly currency: string
  readonly category: string | null
  readonly region: string | null
  readonly memberRegion: string | null
  /** Epoch milliseconds, null where it cannot be read. Called for lines whose time counts. */
  readonly readTime: () => number | null
}

/** A line that is not used. `skipped`: the mapping leaves it out; `faulty`: it cannot be read. */
export interface UnusedLine {
  readonly line: number
  readonly unused: 'skipped' | 'faulty'
  readonly code: LineCode
  readonly reason: string
  readonly customer: string | null
  readonly order: string | null
  readonly kind: 'sale' | 'cancellation' | null
}

export type ReadOrderLine = (row: Row) => OrderLine | UnusedLine

/** As far as GraphQL's Int goes. */
const MAX_UNITS = 2 ** 31 - 1
const MAX_PRICE_DIGITS = 15

/** Makes a reader of rows whose cells are `columns`, in that order. */
export function makeOrderLineReader(
  mapping: ImportMapping,
  columns: readonly string[],
): ReadOrderLine {
  const cells = makeCellReaders(mapping, columns)
  const makeOrderId = makeTemplate(mapping.order, columns)
  const isProduct = makeTest(mapping.product, columns)
  const isSale = makeTest(mapping.sale, columns)
  const isCancellation = mapping.cancellation && makeTest(mapping.cancellation, columns)
  const readTime: ReadTime = makeTimeReader(mapping.time)
  const readPrice = makePriceReader(mapping.decimalSign)
  const quantityDecides = [...mapping.sale, ...(mapping.cancellation ?? [])].some(
    (item) => 'sign' in item,
  )

  return (row) => {
    const { line } = row
    const customer = cells.customer(row)
    const order = makeOrderId(row)
    let kind: 'sale' | 'cancellation' | null = null
    const unused = (state: 'skipped' | 'faulty', code: LineCode, detail?: string): UnusedLine => {
      const reason =
        detail === undefined ? LINE_CODES[code] : `${LINE_CODES[code]} It is ${detail}.`
      return { line, unused: state, code, reason, customer, order, kind }
    }

    if (customer === null) return unused('skipped', 'NO_CUSTOMER')
    if (!isProduct(row)) return unused('skipped', 'NOT_A_PRODUCT')
    const quantityText = cells.quantity(row)
    const quantity = readWhole(quantityText)
    // What cannot be read as a number has no sign either, and "neither" would hide the fault.
    if (quantity === null && quantityDecides) {
      return unused('faulty', 'BAD_QUANTITY', show(quantityText))
    }
    if (isSale(row)) kind = 'sale'
    else if (isCancellation?.(row)) kind = 'cancellation'
    else return unused('skipped', 'NEITHER')

    if (order === null) return unused('faulty', 'NO_ORDER')
    const article = cells.article(row)
    if (article === null) return unused('faulty', 'NO_ARTICLE')
    const units = quantity === null ? null : kind === 'sale' ? quantity : Math.abs(quantity)
    if (units === null || units < 1 || units > MAX_UNITS) {
      return unused('faulty', 'BAD_QUANTITY', show(quantityText))
    }
    // Nobody looks at the price of what is taken back: that of the purchase counts.
    const unitPrice = kind === 'sale' ? readPrice(cells.unitPrice(row)) : '0'
    if (unitPrice === null) return unused('faulty', 'BAD_PRICE', show(cells.unitPrice(row)))
    const currency = cells.currency(row)
    if (currency === null || !/^[A-Z]{3}$/.test(currency)) {
      return unused('faulty', 'BAD_CURRENCY', show(currency))
    }
    return {
      line,
      kind,
      customer,
      order,
      article,
      units,
      unitPrice,
      currency,
      category: cells.category(row),
      region: cells.region(row),
      memberRegion: cells.memberRegion(row),
      readTime: () => readTime(cells.time(row) ?? ''),
    }
  }
}

type ReadCell = (row: Row) => string | null

function makeCellReaders(mapping: ImportMapping, columns: readonly string[]) {
  const make = (source: MappingCell | MappingCellOrValue | undefined): ReadCell => {
    if (source === undefined) return () => null
    if ('value' in source) return () => source.value
    const index = columns.indexOf(source.column)
    const { strip } = source
    return (row) => {
      const text = row.cells[index] ?? ''
      const cleaned = strip === undefined ? text : text.replace(strip, '').trim()
      return cleaned === '' ? null : cleaned
    }
  }
  return {
    customer: make(mapping.customer),
    time: make({ column: mapping.time.column }),
    currency: make(mapping.currency),
    article: make(mapping.article),
    quantity: make(mapping.quantity),
    unitPrice: make(mapping.unitPrice),
    category: make(mapping.category),
    region: make(mapping.region),
    memberRegion: make(mapping.members.region),
  }
}

function makeTest(conditions: readonly MappingCondition[], columns: readonly string[]) {
  const tests = conditions.map((condition) => {
    const index = columns.indexOf(condition.column)
    if ('matches' in condition) return (row: Row) => condition.matches.test(row.cells[index] ?? '')
    const wanted = { positive: 1, negative: -1, zero: 0 }[condition.sign]
    return (row: Row) => {
      const value = readWhole(row.cells[index] ?? null)
      return value !== null && Math.sign(value) === wanted
    }
  })
  return (row: Row) => tests.every((test) => test(row))
}

/** Ids are null where a column in them is empty. `{#}` counts rows from the file's start on. */
function makeTemplate(template: string, columns: readonly string[]): ReadCell {
  const parts = splitTemplate(template).map((part) =>
    part !== 'count' && 'column' in part ? { index: columns.indexOf(part.column) } : part,
  )
  const counts = new Map<string, number>()
  const counted = parts.includes('count')
  const write = (row: Row, count: string) =>
    parts
      .map((part) =>
        part === 'count' ? count : 'text' in part ? part.text : (row.cells[part.index] ?? ''),
      )
      .join('')
  return (row) => {
    if (parts.some((part) => part !== 'count' && 'index' in part && !row.cells[part.index])) {
      return null
    }
    if (!counted) return write(row, '')
    const same = write(row, '#')
    const count = (counts.get(same) ?? 0) + 1
    counts.set(same, count)
    return write(row, String(count))
  }
}

function readWhole(text: string | null): number | null {
  if (text === null || !/^[+-]?[0-9]+$/.test(text)) return null
  const value = Number(text)
  // Too large to be told exactly is too large for anything.
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY * Math.sign(value)
}

/** Exact: a price stays the text it was, without zeros that say nothing. */
function makePriceReader(decimalSign: '.' | ','): (text: string | null) => string | null {
  const pattern = decimalSign === '.' ? /^([0-9]*)(?:\.([0-9]*))?$/ : /^([0-9]*)(?:,([0-9]*))?$/
  return (text) => {
    const found = text === null ? null : pattern.exec(text)
    if (!found) return null
    const whole = (found[1] ?? '').replace(/^0+(?=[0-9])/, '')
    const places = (found[2] ?? '').replace(/0+$/, '')
    if (`${found[1]}${found[2] ?? ''}` === '') return null
    if (whole.length > MAX_PRICE_DIGITS || places.length > 4) return null
    return places === '' ? whole || '0' : `${whole || '0'}.${places}`
  }
}

function show(text: string | null): string {
  if (text === null) return 'empty'
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
