import { describe, expect, it } from 'vitest'
import { Outbox } from './outbox.js'

const change = (wallet: number, version: number) => ({ wallet, version })

describe('Outbox', () => {
  it('keeps the newest version of each wallet', () => {
    const outbox = new Outbox(10)
    expect(outbox.put([change(1, 1), change(2, 5), change(1, 3), change(1, 2)])).toBe(0)
    expect(outbox.take(10)).toEqual([change(1, 3), change(2, 5)])
    expect(outbox.size).toBe(0)
  })

  it('gives out so many at a time, the oldest first', () => {
    const outbox = new Outbox(10)
    outbox.put([change(3, 1), change(1, 1), change(2, 1)])
    expect(outbox.take(2)).toEqual([change(3, 1), change(1, 1)])
    outbox.put([change(1, 2)])
    expect(outbox.take(2)).toEqual([change(2, 1), change(1, 2)])
  })

  it('takes no more than it has room for, and says how many it dropped', () => {
    const outbox = new Outbox(2)
    expect(outbox.put([change(1, 1), change(2, 1), change(3, 1)])).toBe(1)
    // What is known already needs no room.
    expect(outbox.put([change(2, 2), change(4, 1)])).toBe(1)
    expect(outbox.clear()).toBe(2)
    expect(outbox.take(5)).toEqual([])
  })
})
