import { type FollowedAct, openCalendar, runReaction } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { review } from '../review.js'
import { reviewSettings } from '../settings/review-settings.js'

const back = (line: string, quantity: number) => ({ returnId: 'r', lines: [{ line, quantity }] })
const order: FollowedAct = {
  source: 'purchase',
  memberId: 'm-1',
  once: 'o-1',
  event: {
    lines: [
      { id: '1', quantity: 2 },
      { id: '2', quantity: 1 },
    ],
  },
  status: 'confirmed',
  granted: 10,
  standing: 10,
  returns: [],
  at: 0,
  qualifyingMinor: 0,
}

/** Keys of the reviews that go. */
function goOf(act: Partial<FollowedAct>, settings: object = {}) {
  const reactions = runReaction(review, {
    happened: 'returned',
    act: { ...order, ...act },
    memory: {},
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
      segments: [],
      campaigns: [],
    },
    settings: reviewSettings.parse(settings),
    calendar: openCalendar('Asia/Shanghai'),
    now: 0,
    currency: 'CNY',
  })
  return reactions.map((it) => {
    if (!('cancel' in it)) throw new Error('it earns something')
    expect(it.cancel.memberId).toBe('m-1')
    return it.cancel.once
  })
}

describe('E5: reviews when something of their order comes back', () => {
  it('stay while a piece of their line does', () => {
    expect(goOf({})).toEqual([])
    expect(goOf({ returns: [back('1', 1)] })).toEqual([])
  })

  it('go with all of their line', () => {
    expect(goOf({ returns: [back('2', 1)] })).toEqual(['o-1/2'])
    expect(goOf({ returns: [back('1', 1), back('1', 1)] })).toEqual(['o-1/1'])
  })

  it('go with an order that was cancelled', () => {
    expect(goOf({ status: 'cancelled' })).toEqual(['o-1/1', 'o-1/2'])
  })

  it('of the longest order, too', () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => ({ id: `${n}`, quantity: 1 }))
    expect(goOf({ status: 'cancelled', event: { lines } })).toHaveLength(1_000)
  })

  it('stay where the operator lets them', () => {
    const settings = { keepWhenReturned: true }
    expect(goOf({ status: 'cancelled' }, settings)).toEqual([])
    expect(goOf({ returns: [back('2', 1)] }, settings)).toEqual([])
  })
})
