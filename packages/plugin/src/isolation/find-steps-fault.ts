import createBig from 'big.js'
import { MAX_POINTS } from '../schema/limits.js'
import { findJsonFault } from './find-json-fault.js'

const MOST_STEPS = 200
/** Of our own: a plugin may set the shared one to anything. */
const Big = createBig()
const DECIMAL = /^-?\d{1,30}(\.\d{1,30})?$/

/** What is wrong with how points came about (L9); undefined when nothing is. Takes anything. */
export function findStepsFault(because: unknown, points: number): string | undefined {
  if (!Array.isArray(because)) return 'it did not say how the points came about (because)'
  if (because.length > MOST_STEPS) return `it explains itself in more than ${MOST_STEPS} steps`
  let sum = new Big(0)
  for (const [index, item] of because.entries()) {
    const path = `because.${index}`
    if (typeof item !== 'object' || item === null) return `${path} is not a step`
    const { step, points: part, figures } = item as Record<string, unknown>
    if (typeof step !== 'string' || step === '' || step.length > 64)
      return `${path} has no word for its step`
    if (!Number.isSafeInteger(part) && !(typeof part === 'string' && DECIMAL.test(part))) {
      return `${path}.points is ${show(part)}, neither a whole number nor an exact decimal`
    }
    const fault = figures === undefined ? undefined : findJsonFault(figures, `${path}.figures`)
    if (fault) return fault
    sum = sum.plus(part as number | string)
  }
  return sum.eq(points)
    ? undefined
    : `its steps sum to ${sum.toFixed()}, but it would grant ${points}`
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_POINTS
}

export function show(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value).slice(0, 100)
}
