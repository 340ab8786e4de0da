/** An exact quotient of whole numbers, in lowest terms; `den` > 0. */
export interface Fraction {
  readonly num: bigint
  readonly den: bigint
}

/** Digits after the point where a quotient has no end. */
const PLACES = 12

export function fraction(num: bigint | number, den: bigint | number): Fraction {
  const [n, d] = [BigInt(num), BigInt(den)]
  const divisor = gcd(n < 0n ? -n : n, d)
  return { num: n / divisor, den: d / divisor }
}

export function addFractions(a: Fraction, b: Fraction): Fraction {
  return fraction(a.num * b.den + b.num * a.den, a.den * b.den)
}

/** `7/3`; a whole number has no bar. */
export function showFraction({ num, den }: Fraction): string {
  return den === 1n ? String(num) : `${num}/${den}`
}

/** As a decimal string without needless zeros: exact where twelve places are enough, else rounded half up.
 * Not negative. */
export function showDecimal({ num, den }: Fraction): string {
  const scale = 10n ** BigInt(PLACES)
  const scaled = (2n * num * scale + den) / (2n * den)
  const fractionDigits = String(scaled % scale)
    .padStart(PLACES, '0')
    .replace(/0+$/, '')
  const whole = String(scaled / scale)
  return fractionDigits === '' ? whole : `${whole}.${fractionDigits}`
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? (a === 0n ? 1n : a) : gcd(b, a % b)
}
