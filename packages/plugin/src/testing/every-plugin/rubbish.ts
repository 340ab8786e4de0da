import fc, { type Arbitrary } from 'fast-check'

/** Half of a surrogate pair: no store and no screen can show it. */
const BROKEN_TEXT = 'x\ud800'

/** What is no event, no order and no settings of anybody. */
export const RUBBISH: readonly unknown[] = [
  null,
  0,
  -1,
  Number.NaN,
  true,
  'x',
  '',
  [],
  [[]],
  () => 'x',
  Symbol('x'),
  10n,
]

/** What is put in the place of a part. */
const WRONG: readonly unknown[] = [
  ...RUBBISH,
  undefined,
  {},
  Number.POSITIVE_INFINITY,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER + 1,
  -0,
  0.1,
  '9'.repeat(400),
  'x'.repeat(100_000),
  '\u0000',
  BROKEN_TEXT,
  { toString: () => 'x' },
  new Date(Number.NaN),
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { constructor: { prototype: { polluted: true } } },
]

/** An input with one part put wrong, taken away, or added. */
export function spoilt(inputs: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(
      inputs,
      fc.nat(),
      fc.constantFrom('put', 'put', 'take', 'add'),
      fc.constantFrom(...WRONG),
    )
    .map(([input, at, how, wrong]) => {
      const copy = structuredClone(input)
      const places = placesIn(copy)
      const place = places[at % (places.length + 1)]
      if (!place) return how === 'put' ? wrong : copy
      const { holder, key } = place
      if (how === 'take') delete holder[key]
      else if (how === 'add') Object.assign(holder, JSON.parse('{"__proto__":1,"surplus":1}'))
      else holder[key] = wrong
      return copy
    })
}

/** An input with a broken text in the place of one of its texts; undefined: it has none. */
export function withBrokenText(input: unknown, at: number): unknown {
  const copy = structuredClone(input)
  const texts = placesIn(copy).filter(({ holder, key }) => typeof holder[key] === 'string')
  if (texts.length === 0) return undefined
  const { holder, key } = texts[at % texts.length]!
  holder[key] = BROKEN_TEXT
  return copy
}

interface Part {
  readonly holder: Record<string, unknown>
  readonly key: string
}

function placesIn(value: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}
