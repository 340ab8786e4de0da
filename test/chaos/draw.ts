/** Chance that can be had again: the same seed draws the same. */
export interface Draw {
  /** From 0 up to 1, without 1. */
  next(): number
  /** A whole number, both ends included. */
  between(min: number, max: number): number
  /** True so often: `chance(0.25)` every fourth time. */
  chance(share: number): boolean
  oneOf<T>(choices: readonly T[]): T
  /** Another one for somebody who draws at his own pace. */
  fork(): Draw
}

export function openDraw(seed: number): Draw {
  let state = seed >>> 0
  // mulberry32, by Tommy Ettinger: 32 bits of state are plenty for who does what when.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    between,
    chance: (share) => next() < share,
    oneOf: (choices) => choices[between(0, choices.length - 1)]!,
    fork: () => openDraw(between(0, 2 ** 32 - 1)),
  }
}
