import { z } from 'zod'
import { checkTimeFormat } from './read-time.js'

/**
 * How a shop's own file is read as orders: a JSON document. Everything in it is data; what cannot be
 * said here cannot be imported. Faults are found when it is read, before the first order is sent.
 */

const columnName = z.string().min(1)

const pattern = z
  .string()
  .min(1)
  .max(500)
  .superRefine((source, context) => {
    try {
      new RegExp(source, 'u')
    } catch (error) {
      context.addIssue(`is no regular expression: ${(error as Error).message}`)
    }
  })
  .transform((source) => new RegExp(source, 'u'))

/** A cell, with what is cut out of it: `{ "column": "CustomerID", "strip": "\\.0$" }`. */
const cell = z.strictObject({ column: columnName, strip: pattern.optional() })
/** A cell, or the same text for every line. */
const cellOrValue = z.union(
  [z.strictObject({ value: z.string().min(1) }), cell],
  'must be { "column": …, "strip"?: … } or { "value": … }',
)

/** Something that a line is or is not. A `sign` reads the cell as a whole number. */
const condition = z.union(
  [
    z.strictObject({ column: columnName, matches: pattern }),
    z.strictObject({ column: columnName, sign: z.enum(['positive', 'negative', 'zero']) }),
  ],
  'must be { "column": …, "matches": regular expression } or { "column": …, "sign": "positive", "negative" or "zero" }',
)
/** All of them hold; none always holds. */
const conditions = z.array(condition)

const zone = z.string().refine(isTimeZone, 'is no time zone (such as Europe/London)')

const orderId = z
  .string()
  .min(1)
  .superRefine((template, context) => {
    const fault = checkTemplate(template)
    if (fault) context.addIssue(fault)
  })

const header = z.union(
  [z.literal(true), z.array(columnName).min(1)],
  'must be true (the first line names the columns) or a list of names (no line does)',
)
const encoding = z.enum(['utf-8', 'windows-1252']).default('utf-8')

const file = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('csv'),
    delimiter: z
      .string()
      .length(1, 'must be one character')
      .refine((text) => !'"\r\n'.includes(text), 'cannot be a quote or a line end')
      .default(','),
    header: header.default(true),
    encoding,
  }),
  /** Columns set apart by any white space. */
  z.strictObject({ format: z.literal('columns'), header: header.default(true), encoding }),
  /** One JSON object a line. `each` names a list in it, each item of which makes a line of its own;
   * inner fields are named with dots: `customer.id`, `items.sku`. */
  z.strictObject({ format: z.literal('ndjson'), each: columnName.optional(), encoding }),
])

export const importMapping = z.strictObject({
  /** For whoever reads the mapping. */
  about: z.string().optional(),
  file,
  customer: cell,
  /** `{InvoiceNo}`: lines with the same text are one order. With `{#}` in it each line is an order
   * of its own, and `{#}` the how-manieth line it is with the same text around it, from 1. */
  order: orderId,
  time: z.strictObject({
    column: columnName,
    /** `YYYY MM M DD D hh h mm ss SSS` and `AM`; or `iso`, `epoch-s`, `epoch-ms`. */
    format: z.string().superRefine((format, context) => {
      const fault = checkTimeFormat(format)
      if (fault) context.addIssue(fault)
    }),
    zone,
  }),
  currency: cellOrValue,
  article: cellOrValue,
  quantity: cellOrValue,
  unitPrice: cell,
  category: cell.optional(),
  region: cellOrValue.optional(),
  /** The decimal sign of prices. */
  decimalSign: z.enum(['.', ',']).default('.'),
  /** Lines that are goods; others are skipped. */
  product: conditions.default([]),
  sale: conditions.default([]),
  /** Absent: the file has no cancellations. */
  cancellation: conditions.min(1).optional(),
  /** A cancellation that names no order takes its units from earlier orders of the same customer
   * and article: from the latest order and its last line on, or from the earliest and its first. */
  takeBack: z.enum(['latest-first', 'earliest-first']).default('latest-first'),
  /** Whether orders are past returning by themselves (signed for), so that points count at once. */
  confirmed: z.boolean().default(true),
  members: z
    .strictObject({
      /** False: members are known already, and orders of others are refused by the server. */
      register: z.boolean().default(true),
      region: cellOrValue.optional(),
    })
    .prefault({}),
  /** What becomes of an order with a line that cannot be read: nothing until the line is mended (an
   * order once recorded cannot change), or the order without that line. */
  faultyLine: z.enum(['hold-order', 'drop-line']).default('hold-order'),
})

export type ImportMapping = z.output<typeof importMapping>
export type MappingCell = z.output<typeof cell>
export type MappingCellOrValue = z.output<typeof cellOrValue>
export type MappingCondition = z.output<typeof condition>

/** Every column the mapping names, each with the path of where it does. */
export function listMappedColumns(mapping: ImportMapping): { column: string; path: string }[] {
  const found: { column: string; path: string }[] = []
  const add = (path: string, source: { column: string } | { value: string } | undefined) => {
    if (source && 'column' in source) found.push({ column: source.column, path: `${path}.column` })
  }
  add('customer', mapping.customer)
  for (const column of templateColumns(mapping.order)) found.push({ column, path: 'order' })
  add('time', mapping.time)
  add('currency', mapping.currency)
  add('article', mapping.article)
  add('quantity', mapping.quantity)
  add('unitPrice', mapping.unitPrice)
  add('category', mapping.category)
  add('region', mapping.region)
  add('members.region', mapping.members.region)
  for (const list of ['product', 'sale', 'cancellation'] as const) {
    mapping[list]?.forEach((item, index) => {
      add(`${list}.${index}`, item)
    })
  }
  return found
}

/** `{A}-{#}` as its parts: texts, columns, and the count. */
export type TemplatePart = { text: string } | { column: string } | 'count'

export function splitTemplate(template: string): TemplatePart[] {
  return template
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) => {
      if (!/^\{[^{}]*\}$/.test(part)) return { text: part }
      return part === '{#}' ? 'count' : { column: part.slice(1, -1) }
    })
}

function templateColumns(template: string): string[] {
  return splitTemplate(template).flatMap((part) =>
    part !== 'count' && 'column' in part ? [part.column] : [],
  )
}

function checkTemplate(template: string): string | null {
  const parts = splitTemplate(template)
  const stray = parts.some(
    (part) =>
      part !== 'count' && ('text' in part ? /[{}]/.test(part.text) : part.column.trim() === ''),
  )
  if (stray) return 'has a brace without its column: write {Column}'
  if (templateColumns(template).length === 0) return 'names no column: write {Column}'
  if (parts.filter((part) => part === 'count').length > 1) return 'can count {#} only once'
  return null
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
