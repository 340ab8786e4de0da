import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { MAX_POINTS } from './check-amount.js'
import { clawBack } from './claw-back.js'
import { freezePoints, thawPoints } from './freeze-points.js'
import { grantPoints } from './grant-points.js'
import { holdPoints } from './hold.js'

const DAY = 86_400_000

const freeze = (wallet: WalletInHand, points: number) =>
  wallet.decide((draft) => freezePoints(draft, { points }))
const thaw = (wallet: WalletInHand, points: number) =>
  wallet.decide((draft) => thawPoints(draft, { points }))

describe('freezePoints and thawPoints', () => {
  it('L3: frozen points are in the wallet and cannot be used', () => {
    const wallet = walletWith({})
    expect(freeze(wallet, 60)).toBe(60)
    expect(wallet.points).toEqual({ available: 40, frozen: 60 })
    expect(wallet.decide((draft) => holdPoints(draft, { ref: 'r', points: 41 }))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 40, needed: 41 },
    })
    expect(thaw(wallet, 60)).toBe(60)
    expect(wallet.points).toEqual({ available: 100 })
  })

  it('L2: freezes and thaws the soonest-expiring lots first', () => {
    const wallet = walletWith({}, { expiresAt: 20 * DAY }, { expiresAt: 10 * DAY })
    freeze(wallet, 150)
    expect(wallet.placesOf(3)).toEqual({ frozen: 100 })
    expect(wallet.placesOf(2)).toEqual({ available: 50, frozen: 50 })
    thaw(wallet, 120)
    expect(wallet.placesOf(3)).toEqual({ available: 100 })
    expect(wallet.placesOf(2)).toEqual({ available: 70, frozen: 30 })
  })

  it('M2: what would have expired while it was frozen is decided when it thaws', () => {
    const wallet = walletWith({ expiresAt: 10 * DAY })
    freeze(wallet, 60)
    wallet.until(20 * DAY)
    expect(wallet.points).toEqual({ frozen: 60 })
    expect(wallet.total('expired')).toBe(40)
    thaw(wallet, 60)
    wallet.settle()
    expect(wallet.points).toEqual({})
    expect(wallet.total('expired')).toBe(100)
    expect(wallet.placesOf(1)).toEqual({ lapsed: 100 })
  })

  it('L5: thawed points repay what is owed first', () => {
    const wallet = walletWith({}, {})
    freeze(wallet, 150)
    wallet.do((draft) =>
      clawBack(draft, { lots: [2], points: 100, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(wallet.points).toEqual({ frozen: 100 })
    freeze(wallet, 1)
    wallet.do((draft) =>
      grantPoints(draft, {
        kind: 'base',
        source: 'purchase',
        ref: 'second',
        points: 10,
        earnedAt: 0,
        claimMs: null,
        expiresAt: null,
      }),
    )
    wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 10 }))
    wallet.do((draft) =>
      clawBack(draft, { lots: [3], points: 10, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(wallet.points).toEqual({ frozen: 100, held: 10, debt: 10 })
    thaw(wallet, 100)
    expect(wallet.points).toEqual({ available: 90, held: 10 })
  })

  it('refuses to freeze more than is available, or to thaw more than is frozen', () => {
    const wallet = walletWith({})
    expect(freeze(wallet, 101)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 100, needed: 101 },
    })
    freeze(wallet, 30)
    expect(thaw(wallet, 31)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 30, needed: 31 },
    })
  })

  it('refuses amounts that are none', () => {
    const wallet = walletWith({})
    for (const points of [0, -1, 1.5, NaN]) {
      expect(freeze(wallet, points)).toMatchObject({ code: 'AMOUNT_NOT_POSITIVE' })
      expect(thaw(wallet, points)).toMatchObject({ code: 'AMOUNT_NOT_POSITIVE' })
    }
    expect(freeze(wallet, MAX_POINTS + 1)).toMatchObject({ code: 'AMOUNT_TOO_LARGE' })
    expect(thaw(wallet, Infinity)).toMatchObject({ code: 'AMOUNT_TOO_LARGE' })
  })
})
