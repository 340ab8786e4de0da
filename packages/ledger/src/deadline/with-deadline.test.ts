import { describe, expect, it } from 'vitest'
import { DeadlineExceeded, withDeadline } from './with-deadline.js'

const forever = () => {
  for (;;);
}

describe('G4: work with a deadline', () => {
  it('answers as it would alone', () => {
    expect(withDeadline(() => 7, 1_000)).toBe(7)
    expect(withDeadline(() => undefined, 1_000)).toBeUndefined()
    const fault = new TypeError('no')
    expect(() =>
      withDeadline(() => {
        throw fault
      }, 1_000),
    ).toThrow(fault)
  })

  it('is broken off out of an endless loop, whatever the loop catches', () => {
    expect(() => withDeadline(forever, 50)).toThrow(DeadlineExceeded)
    const stubborn = () => {
      for (;;) {
        try {
          forever()
        } catch {
          // goes on
        } finally {
          forever()
        }
      }
    }
    expect(() => withDeadline(stubborn, 50)).toThrow(DeadlineExceeded)
    expect(withDeadline(() => 'as before', 1_000)).toBe('as before')
  })

  it('covers work within work by the outer deadline', () => {
    expect(withDeadline(() => withDeadline(() => 1, 1) + 1, 1_000)).toBe(2)
    expect(() => withDeadline(() => withDeadline(forever, 600_000), 50)).toThrow(DeadlineExceeded)
  })
})
