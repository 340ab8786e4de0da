import { z } from 'zod'
import { MAX_POINTS } from './limits.js'

/** Whole points, 0 to 2^53−1. */
export function points() {
  return wholeNumber({ min: 0, max: MAX_POINTS })
}

/** A whole number between two bounds, both allowed. −0 becomes 0. */
export function wholeNumber({ min, max }: { min: number; max: number }) {
  return z
    .int()
    .min(min)
    .max(max)
    .overwrite((value) => value + 0)
}
