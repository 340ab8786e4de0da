import fc, { type Arbitrary } from 'fast-check'
import { LONGEST_TOKEN } from './longest-token.js'
import { patternArbitrary, textArbitrary } from './text-arbitraries.js'
import { dateArbitrary, isoArbitrary } from './time-arbitraries.js'

interface StringFact {
  readonly check: string
  readonly [name: string]: unknown
}

const FORMATS: Readonly<Record<string, () => Arbitrary<string>>> = {
  datetime: isoArbitrary,
  date: dateArbitrary,
  email: () => fc.emailAddress(),
  url: () => fc.webUrl(),
  uuid: () => fc.uuid({ version: 4 }),
  guid: () => fc.uuid(),
  ipv4: () => fc.ipV4(),
  ipv6: () => fc.ipV6(),
}

/** Texts by what narrows a text: its format, its pattern, its length. `tokens`: instead of free texts. */
export function stringArbitrary(
  facts: readonly StringFact[],
  tokens: Arbitrary<string> | undefined,
): Arbitrary<string> {
  const formats = facts.filter(({ check }) => check === 'string_format')
  for (const { format } of formats) {
    const known = Object.hasOwn(FORMATS, String(format)) ? FORMATS[String(format)] : undefined
    if (known) return known()
  }
  for (const { pattern } of formats) {
    const made = pattern instanceof RegExp ? patternArbitrary(pattern) : undefined
    if (made) return made
  }
  const bounds = lengthsOf(facts)
  if (tokens && formats.length === 0 && bounds.max >= LONGEST_TOKEN) return tokens
  return textArbitrary(bounds)
}

function lengthsOf(facts: readonly StringFact[]): { min: number; max: number } {
  const numbers = (check: string, name: string) =>
    facts.filter((it) => it.check === check).map((it) => Number(it[name]))
  const exactly = numbers('length_equals', 'length')
  const min = Math.max(0, ...exactly, ...numbers('min_length', 'minimum'))
  return { min, max: Math.max(min, Math.min(500, ...exactly, ...numbers('max_length', 'maximum'))) }
}
