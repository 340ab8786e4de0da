import { Temporal } from 'temporal-polyfill'

const TOKENS: Record<string, { field: string; source: string }> = {
  YYYY: { field: 'year', source: '[0-9]{4}' },
  MM: { field: 'month', source: '[0-9]{2}' },
  M: { field: 'month', source: '[0-9]{1,2}' },
  DD: { field: 'day', source: '[0-9]{2}' },
  D: { field: 'day', source: '[0-9]{1,2}' },
  hh: { field: 'hour', source: '[0-9]{2}' },
  h: { field: 'hour', source: '[0-9]{1,2}' },
  mm: { field: 'minute', source: '[0-9]{2}' },
  ss: { field: 'second', source: '[0-9]{2}' },
  SSS: { field: 'millisecond', source: '[0-9]{3}' },
  AM: { field: 'half', source: '[AaPp]\\.?[Mm]\\.?' },
}
const TOKEN = /YYYY|SSS|MM|DD|hh|mm|ss|AM|M|D|h/g
const WHOLE_FORMATS = ['iso', 'epoch-s', 'epoch-ms']
const ISO_WITH_OFFSET = /[T ][0-9].*(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$/i

/** Reads a local time; answers with epoch milliseconds, or null when the text is no such time. */
export type ReadTime = (text: string) => number | null

/** What is wrong with a format of a time, or null. */
export function checkTimeFormat(format: string): string | null {
  if (WHOLE_FORMATS.includes(format)) return null
  const fields = (format.match(TOKEN) ?? []).map((token) => TOKENS[token]?.field)
  for (const field of ['year', 'month', 'day']) {
    if (!fields.includes(field)) {
      return `says no ${field}: use YYYY MM M DD D hh h mm ss SSS AM, or iso, epoch-s, epoch-ms`
    }
  }
  const twice = fields.find((field, index) => fields.indexOf(field) !== index)
  if (twice) return `says the ${twice} twice`
  if (fields.includes('half') && !fields.includes('hour')) return 'has AM but no hour'
  return null
}

/**
 * Makes a reader of times as `format` writes them, on the clocks of `zone`. A time that the clocks
 * skip in spring is read as an hour later, one that they show twice in autumn as the first of both.
 */
export function makeTimeReader({ format, zone }: { format: string; zone: string }): ReadTime {
  const read = makeReader(format, zone)
  // Orders share their minute with many lines, and calendars are slow.
  const known = new Map<string, number | null>()
  return (text) => {
    let at = known.get(text)
    if (at === undefined) {
      at = read(text)
      if (known.size >= 10_000) known.clear()
      known.set(text, at)
    }
    return at
  }
}

function makeReader(format: string, zone: string): ReadTime {
  if (format === 'epoch-s') return (text) => readEpoch(text, 1000)
  if (format === 'epoch-ms') return (text) => readEpoch(text, 1)
  if (format === 'iso') return (text) => readIso(text, zone)

  const fields: string[] = []
  const source = format.split(/(YYYY|SSS|MM|DD|hh|mm|ss|AM|M|D|h)/).map((part) => {
    const token = TOKENS[part]
    if (!token) return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    fields.push(token.field)
    return `(${token.source})`
  })
  const pattern = new RegExp(`^${source.join('')}$`)
  return (text) => {
    const found = pattern.exec(text)
    if (!found) return null
    const { half, ...time } = Object.fromEntries(
      fields.map((field, index) => [field, found[index + 1] as string]),
    )
    const numbers = Object.fromEntries(
      Object.entries(time).map(([field, digits]) => [field, Number(digits)]),
    )
    if (half !== undefined) {
      const hour = numbers.hour ?? 0
      if (hour < 1 || hour > 12) return null
      numbers.hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0)
    }
    return orNull(() =>
      inZone(
        Temporal.PlainDateTime.from(numbers as { year: number; month: number; day: number }, {
          overflow: 'reject',
        }),
        zone,
      ),
    )
  }
}

function readEpoch(text: string, unitMs: number): number | null {
  if (!/^-?[0-9]{1,16}$/.test(text)) return null
  const at = Number(text) * unitMs
  // The ends of what a Date can tell.
  return Math.abs(at) <= 8.64e15 ? at : null
}

function readIso(text: string, zone: string): number | null {
  return orNull(() =>
    ISO_WITH_OFFSET.test(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : inZone(Temporal.PlainDateTime.from(text), zone),
  )
}

function inZone(time: Temporal.PlainDateTime, zone: string): number {
  return time.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

function orNull(read: () => number): number | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
