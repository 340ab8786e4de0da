import { z } from 'zod'
import { builderKinds } from './builder-kinds.js'

export interface DecimalLimits {
  /** Most digits after the point. */
  readonly places: number
  /** Smallest value allowed, a decimal string. Absent: any, down to −10^15. */
  readonly min?: string
  /** Largest value allowed, a decimal string. Absent: any, up to 10^15. */
  readonly max?: string
}

/**
 * An exact decimal, as a string: `12.5`. Comes out without needless zeros (`12.50` → `12.5`), so that equal
 * values are equal strings; takes its own output. At most 15 digits before the point. JSON numbers
 * are refused: 0.1 is not exact.
 */
export function decimal(limits: DecimalLimits) {
  const { places, min, max } = limits
  const fraction = places > 0 ? `(\\.\\d{1,${places}})?` : ''
  const least = min === undefined ? undefined : scaled(min, places)
  const most = max === undefined ? undefined : scaled(max, places)
  const sign = least !== undefined && least >= 0n ? '' : '-?'
  const pattern = new RegExp(`^${sign}\\d{1,15}${fraction}$`)
  return z
    .string()
    .max(places + 17)
    .regex(pattern, {
      abort: true,
      error: `Expected a decimal as a string, with at most ${places} digits after the point${sign ? '' : ', not negative'}.`,
    })
    .overwrite(plainDecimal)
    .refine((value) => least === undefined || scaled(value, places) >= least, {
      error: `Expected at least ${min}.`,
    })
    .refine((value) => most === undefined || scaled(value, places) <= most, {
      error: `Expected at most ${max}.`,
    })
    .register(builderKinds, { kind: 'decimal', limits })
}

/** A factor that points are multiplied by: 0 to 1000, up to six places, as a string: `1.2`. */
export function rate() {
  return decimal({ places: 6, min: '0', max: '1000' })
}

/** The same value without needless zeros. What is no decimal is left as it is. */
function plainDecimal(value: string): string {
  const parts = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(value)
  if (!parts) return value
  const [, sign, whole, fraction] = parts
  const digits = fraction ? `${whole}.${fraction}` : whole
  return digits === '0' ? '0' : `${sign}${digits}`
}

/** The value as a whole number of its last place, so that comparing is exact. */
function scaled(value: string, places: number): bigint {
  const [whole = '', fraction = ''] = value.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}
