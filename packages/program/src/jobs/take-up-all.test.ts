import { describe, expect, it } from 'vitest'
import { takeUpAll } from './take-up-all.js'

/** So many are due; what was asked for. */
function due(count: number) {
  const asked: number[] = []
  let left = count
  const turn = async (limit: number) => {
    asked.push(limit)
    const some = Math.min(limit, left)
    left -= some
    return some
  }
  return { asked, turn }
}
const { signal } = new AbortController()

describe('takeUpAll', () => {
  it.each([
    [0, 1],
    [9, 1],
    [10, 2],
    [25, 3],
  ])('goes on until a turn is not full: of %i in %i turns', async (count, turns) => {
    const { asked, turn } = due(count)
    expect(await takeUpAll(turn, { signal, atOnce: 10 })).toBe(count)
    expect(asked).toEqual(Array(turns).fill(10))
  })

  it('stops where the job is to stop', async () => {
    const stop = new AbortController()
    const { asked, turn } = due(100)
    const stopping = async (limit: number) => {
      if (asked.length === 1) stop.abort()
      return turn(limit)
    }
    expect(await takeUpAll(stopping, { signal: stop.signal, atOnce: 10 })).toBe(20)
    expect(await takeUpAll(stopping, { signal: stop.signal, atOnce: 10 })).toBe(0)
  })
})
