import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Turns } from './turns.js'

const late = () => new Error('too late')

describe('Turns', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([1, 3])('lets %i in at a time, in the order in which they came', async (places) => {
    const turns = new Turns(places)
    const order: number[] = []
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const leave = await turns.take(1_000, late)
        most = Math.max(most, ++inside)
        order.push(n)
        await setImmediate()
        inside--
        leave()
      }),
    )
    expect(most).toBe(places)
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  it('turns away who waited too long, and goes on with the next', async () => {
    vi.useFakeTimers()
    const turns = new Turns(1)
    const leave = await turns.take(1_000, late)
    const impatient = turns.take(10, late)
    const patient = turns.take(1_000, late)
    const turnedAway = expect(impatient).rejects.toThrow('too late')
    await vi.advanceTimersByTimeAsync(10)
    await turnedAway
    leave()
    const leaveAgain = await patient
    leaveAgain()
    await expect(turns.take(0, late)).resolves.toBeTypeOf('function')
  })
})
