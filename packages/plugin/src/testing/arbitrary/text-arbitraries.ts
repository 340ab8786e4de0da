import fc, { type Arbitrary } from 'fast-check'

/** Names that plain objects have without anybody having put them there. */
const INHERITED = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']

/** Texts between two lengths in UTF-16 units: short ones that meet again, awkward ones, the longest. */
export function textArbitrary({ min, max }: { min: number; max: number }): Arbitrary<string> {
  const awkward = [...INHERITED, 'a', 'b', '茶', '😀', '0', '-1', '%', '"', "'", '\\', '<b>', 'ﬁ']
  const fitting = awkward.filter((it) => it.length >= min && it.length <= max)
  const longest = 'x'.repeat(Math.min(max, 2_000))
  const grapheme = fc
    .string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max, min + 12) })
    .filter((it) => it.length >= min && it.length <= max)
  return fc.oneof(
    ...(fitting.length > 0 ? [{ arbitrary: fc.constantFrom(...fitting), weight: 4 }] : []),
    { arbitrary: grapheme, weight: 4 },
    { arbitrary: fc.constant(longest), weight: 1 },
  )
}

/** Names that other systems gave: few letters, so that the same name comes again. */
export function identifierArbitrary({ max }: { max: number }): Arbitrary<string> {
  const known = ['a', 'b', 'c', '1', '2', ...INHERITED, '/', '%2F', ':'].filter(
    (it) => it.length <= max,
  )
  const short = fc
    .array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 1, maxLength: Math.min(max, 12) })
    .map((codes) => String.fromCharCode(...codes))
  return fc.oneof(
    { arbitrary: fc.constantFrom(...known), weight: 4 },
    { arbitrary: short, weight: 3 },
    { arbitrary: fc.constant('x'.repeat(max)), weight: 1 },
  )
}

/** Texts of a pattern; undefined where fast-check does not know all that is in it. */
export function patternArbitrary(pattern: RegExp): Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(pattern, { size: 'xsmall' })
  } catch {
    return undefined
  }
}
