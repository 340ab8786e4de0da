import fc, { type Arbitrary } from 'fast-check'

/** Whole numbers between two bounds: mostly small ones, and the bounds themselves. */
export function wholeArbitrary({ min, max }: { min: number; max: number }): Arbitrary<number> {
  const low = Math.max(min, Math.min(0, max))
  const small = fc.integer({ min: low, max: Math.min(max, low + 30) })
  const middle = fc.integer({ min: low, max: Math.min(max, low + 100_000) })
  return fc.oneof(
    { arbitrary: small, weight: 6 },
    { arbitrary: middle, weight: 3 },
    { arbitrary: fc.constantFrom(min, max), weight: 1 },
    { arbitrary: fc.integer({ min, max }), weight: 1 },
  )
}

/** Exact decimals as texts, with needless zeros now and then. `min`, `max`: decimal texts. */
export function decimalArbitrary({
  places,
  min = '-1000000',
  max = '1000000000',
}: {
  places: number
  min?: string
  max?: string
}): Arbitrary<string> {
  const scale = 10n ** BigInt(places)
  const least = scaled(min, places)
  const most = scaled(max, places)
  const near = (width: bigint) => {
    const room = most - least
    return fc.bigInt({ min: least, max: least + (room < width ? room : width) })
  }
  const number = fc.oneof(
    { arbitrary: near(3n * scale), weight: 4 },
    { arbitrary: near(1_000n * scale), weight: 3 },
    // Ones without a fraction, which are what people write.
    { arbitrary: near(20n * scale).map((it) => (it / scale) * scale), weight: 3 },
    { arbitrary: fc.bigInt({ min: least, max: most }), weight: 1 },
    { arbitrary: fc.constantFrom(least, most), weight: 1 },
  )
  return fc.tuple(number, fc.boolean()).map(([value, plain]) => shown(value, places, plain))
}

function shown(value: bigint, places: number, plain: boolean): string {
  const digits = `${value < 0n ? -value : value}`.padStart(places + 1, '0')
  const cut = digits.length - places
  const fraction = plain ? digits.slice(cut).replace(/0+$/, '') : digits.slice(cut)
  return `${value < 0n ? '-' : ''}${digits.slice(0, cut)}${fraction === '' ? '' : `.${fraction}`}`
}

function scaled(value: string, places: number): bigint {
  const [whole = '', fraction = ''] = value.split('.')
  return BigInt(whole + fraction.padEnd(places, '0').slice(0, places))
}
