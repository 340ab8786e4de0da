import { type Draw, openDraw } from '../chaos/draw.js'
import { readSeed } from './seed.js'

/** What everything that tests draw begins with. `vitest.config.ts` has made a number of it. */
export const SEED = readSeed(process.env.POINTWELL_SEED)

let draw: Draw = openDraw(SEED)

/** For `setup.ts`: each test draws the same, whatever ran before it. */
export function beginChance(): void {
  draw = openDraw(SEED)
}

/** From 0 up to 1, without 1. */
export function chance(): number {
  return draw.next()
}

export function pick<T>(from: readonly T[]): T {
  return draw.oneOf(from)
}

export function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => [draw.next(), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value)
}
