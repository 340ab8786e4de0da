import { describe, expect, it } from 'vitest'
import { BrokenOff, breakOff } from './break-off.js'
import { endWatch, watchImpurity } from './watch-impurity.js'

const GLOBALS = {
  Date: globalThis,
  fetch: globalThis,
  setTimeout: globalThis,
  setInterval: globalThis,
  setImmediate: globalThis,
  queueMicrotask: globalThis,
  random: Math,
  nextTick: process,
  hrtime: process,
  now: performance,
  getRandomValues: crypto,
  randomUUID: crypto,
}
const all = () =>
  Object.entries(GLOBALS).map(([name, place]) => (place as Record<string, unknown>)[name])

describe('a watch', () => {
  it('writes down what is touched, and puts everything back', () => {
    const before = all()
    const touched = new Set<string>()
    watchImpurity(() => {
      Date.now()
      Math.random()
      queueMicrotask(() => {})
    }, touched)
    expect([...touched]).toEqual(['Date.now', 'Math.random', 'queueMicrotask'])
    expect(all()).toEqual(before)
  })

  it('puts everything back where it is broken off, wherever that is', () => {
    const before = all()
    for (let time = 0; time < 60; time += 1) {
      // Nothing but watches that begin and end: the deadline falls into the middle of one.
      const watches = () => {
        for (;;) watchImpurity(() => {}, new Set())
      }
      expect(() => breakOff(watches, 1)).toThrow(BrokenOff)
      endWatch()
      expect(all().map((it, place) => it === before[place])).not.toContain(false)
    }
  })
})
