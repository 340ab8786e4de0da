import type { z } from 'zod'

type RawIssue = z.core.$ZodRawIssue
type Issue = z.core.$ZodIssue

/**
 * What a schema finds at fault, in the voice of the house: what was expected, as a sentence. An error map for one
 * reading (`readBySchema`), so that nobody else's zod is changed; a text of the schema's own goes before it. Says
 * of what was given at most which type it is.
 */
export function faultText(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Expected ${isOfWholes(issue) ? TYPE_WORDS.int : typeWord(issue.expected)}${insteadOf(issue)}.`
    case 'invalid_value':
      return `Expected ${oneOf(issue.values)}.`
    case 'too_small':
      return boundText(issue.origin, issue.minimum, {
        exact: issue.exact,
        words: issue.inclusive ? 'at least' : 'more than',
      })
    case 'too_big':
      return boundText(issue.origin, issue.maximum, {
        exact: issue.exact,
        words: issue.inclusive ? 'at most' : 'less than',
      })
    case 'invalid_format':
      return `Expected ${formatWords(issue)}.`
    case 'not_multiple_of':
      return `Expected a multiple of ${issue.divisor}.`
    case 'unrecognized_keys':
      return `Expected no field ${listed(issue.keys.map((key) => `\`${key}\``))}.`
    case 'invalid_key':
      return `Expected another key${colonThen(issue.issues)}`
    case 'invalid_element':
      return `Expected another element${colonThen(issue.issues)}`
    case 'invalid_union':
      return unionText(issue)
    default:
      return 'Expected another value.'
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'a map',
  set: 'a set',
  date: 'a date',
  file: 'a file',
  null: 'null',
  undefined: 'nothing',
  void: 'nothing',
  never: 'nothing',
  nan: 'NaN',
  symbol: 'a symbol',
  function: 'a function',
  nonoptional: 'a value',
}

function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? `a value of the type ${type}`
}

/** Of `z.int()` zod says what is wrong first: that it is no number at all. */
function isOfWholes({ expected, inst }: RawIssue & { readonly expected: string }): boolean {
  const { format } = (inst?._zod.def ?? {}) as { readonly format?: unknown }
  return expected === 'number' && typeof format === 'string' && format.includes('int')
}

function insteadOf({
  expected,
  input,
}: {
  readonly expected: string
  readonly input?: unknown
}): string {
  if (input === undefined) return '; it is missing'
  if (typeof input === 'number') {
    if (!Number.isFinite(input)) return `, not ${input}`
    if (expected === 'int') return ', not a fraction'
  }
  if (input === null) return ', not null'
  if (Array.isArray(input)) return ', not a list'
  if (input instanceof Date) return ', not a date'
  return `, not ${typeWord(typeof input)}`
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) =>
    typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : JSON.stringify(value),
  )
  return words.length > 1 ? `one of ${words.join(', ')}` : (words[0] ?? 'nothing')
}

/** What sizes are counted in; a number or a date is compared itself. */
const UNITS: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'entry',
  file: 'byte',
}

function boundText(
  origin: string,
  bound: number | bigint,
  { exact, words }: { readonly exact: boolean | undefined; readonly words: string },
): string {
  const unit = UNITS[origin]
  const many = unit?.endsWith('y') ? `${unit.slice(0, -1)}ies` : `${unit}s`
  const shown = origin === 'date' ? new Date(Number(bound)).toISOString() : String(bound)
  const counted = unit ? ` ${Number(bound) === 1 ? unit : many}` : ''
  return `Expected ${exact ? 'exactly' : words} ${shown}${counted}.`
}

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'an address such as `https://example.com`',
  uuid: 'a UUID',
  guid: 'a GUID',
  date: 'a day such as `2026-01-05`',
  time: 'a time of day such as `03:30:00`',
  datetime: 'a moment such as `2026-01-05T12:00:00Z`',
  duration: 'a duration such as `P3D`',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  base64: 'text in base64',
  base64url: 'text in base64url',
  json_string: 'JSON',
  lowercase: 'lower-case text',
  uppercase: 'upper-case text',
}

function formatWords(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string {
  const { format, pattern, prefix, suffix, includes } = issue as Readonly<Record<string, unknown>>
  switch (format) {
    case 'regex':
      return `text that fits ${pattern}`
    case 'starts_with':
      return `text that begins with ${JSON.stringify(prefix)}`
    case 'ends_with':
      return `text that ends with ${JSON.stringify(suffix)}`
    case 'includes':
      return `text with ${JSON.stringify(includes)} in it`
    default:
      return FORMAT_WORDS[String(format)] ?? `text of the format ${format}`
  }
}

/**
 * Of what one of several schemas would have taken: all of them where none got further than the value itself,
 * else the one that had least to find fault with.
 */
function unionText(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const { options } = issue as { readonly options?: readonly unknown[] }
  if (options?.length) return `Expected ${oneOf(options)}.`
  const branches = (issue.errors ?? []).filter((it) => it.length > 0)
  if (branches.length === 0) return 'Expected what only one of several schemas takes.'
  const deep = branches.filter((branch) => branch.every(({ path }) => path.length > 0))
  const [nearest] = [...deep].sort((a, b) => a.length - b.length)
  const [first] = nearest ?? []
  if (first) return `Expected another shape, such as with \`${pathOf(first)}\`: ${rest(first)}`
  const words = branches.map((branch) =>
    rest(branch[0]!).replace(/(, not [^,]*|; it is missing)?\.$/, ''),
  )
  return `Expected ${[...new Set(words)].join(' or ')}.`
}

function pathOf({ path }: Issue): string {
  return path.map(String).join('.')
}

/** `a number.` of `Expected a number.`; another text as it is. */
function rest({ message }: Issue): string {
  return message.replace(/^Expected /, '')
}

function colonThen(issues: readonly Issue[] | undefined): string {
  const first = issues?.[0]
  return first ? `: ${rest(first)}` : '.'
}

function listed(words: readonly string[]): string {
  return words.join(', ')
}
