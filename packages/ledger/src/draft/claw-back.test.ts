import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { MAX_POINTS } from './check-amount.js'
import { type Clawback, clawBack } from './claw-back.js'
import { confirmLots } from './confirm-lots.js'
import { freezePoints } from './freeze-points.js'
import { captureHold, holdPoints, releaseHold } from './hold.js'

const DAY = 86_400_000

const claw = (wallet: WalletInHand, request: Partial<Clawback>) =>
  wallet.do((draft) =>
    clawBack(draft, { lots: [1], points: 100, forgivenBefore: 0, policy: 'debt', ...request }),
  )
function spend(wallet: WalletInHand, points: number, ref = 'r') {
  wallet.do((draft) => holdPoints(draft, { ref, points }))
  wallet.do((draft) => captureHold(draft, { ref, account: 'redeemed:coupon' }))
}
const nothing = { voided: 0, taken: 0, owed: 0, forgiven: 0, forgone: 0 }

describe('clawBack', () => {
  it('L5: voids pending points first', () => {
    const wallet = walletWith({ pending: { confirmAt: null } }, {})
    expect(claw(wallet, { points: 40 })).toEqual({ ...nothing, voided: 40 })
    expect(wallet.points).toEqual({ pending: 60, available: 100 })
    expect(wallet.total('voided:returned')).toBe(40)
    wallet.do((draft) => confirmLots(draft, { lots: [1] }))
    expect(wallet.points).toEqual({ available: 160 })
  })

  it('L5: voids what is still to be claimed just so', () => {
    const wallet = walletWith({ claimMs: DAY }, {})
    expect(claw(wallet, { points: 40 })).toEqual({ ...nothing, voided: 40 })
    expect(wallet.points).toEqual({ claimable: 60, available: 100 })
  })

  it('L5: pending points of one lot go before available ones of another lot of the order', () => {
    const wallet = walletWith({}, { points: 30, pending: { confirmAt: null } })
    expect(claw(wallet, { lots: [1, 2], points: 50 })).toEqual({
      ...nothing,
      voided: 30,
      taken: 20,
    })
    expect(wallet.points).toEqual({ available: 80 })
  })

  it('L5: then takes what the order granted, before other points of the wallet', () => {
    const wallet = walletWith({}, { expiresAt: DAY })
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, taken: 100 })
    expect(wallet.placesOf(1)).toEqual({})
    expect(wallet.placesOf(2)).toEqual({ available: 100 })
    expect(wallet.total('clawed-back')).toBe(100)
  })

  it('L5: then other points, the soonest-expiring first', () => {
    const wallet = walletWith(
      { expiresAt: DAY },
      { points: 50 },
      { points: 50, expiresAt: 9 * DAY },
      { points: 50, expiresAt: 5 * DAY },
    )
    spend(wallet, 80)
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, taken: 100 })
    expect([2, 3, 4].map((seq) => wallet.lot(seq).available)).toEqual([50, 20, 0])
  })

  it('L5: debt, the default: the shortfall is owed', () => {
    const wallet = walletWith({}, { points: 30 })
    spend(wallet, 110)
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, taken: 20, owed: 80 })
    expect(wallet.points).toEqual({ debt: 80 })
    expect(wallet.postings.at(-1)!.entries).toEqual([
      { account: 'available', lot: 2, amount: -20 },
      { account: 'clawed-back', lot: 2, amount: 20 },
      { account: 'debt', lot: 1, amount: -80 },
      { account: 'clawed-back', lot: 1, amount: 80 },
    ])
  })

  it('L5: within-balance: takes what there is and no more', () => {
    const wallet = walletWith({}, { points: 30 })
    spend(wallet, 110)
    expect(claw(wallet, { points: 100, policy: 'within-balance' })).toEqual({
      ...nothing,
      taken: 20,
      forgone: 80,
    })
    expect(wallet.points).toEqual({})
  })

  it('L5: pending-only: leaves what was confirmed', () => {
    const wallet = walletWith({}, { points: 30, pending: { confirmAt: null } })
    const request = { lots: [1, 2], points: 100, policy: 'pending-only' } as const
    expect(claw(wallet, request)).toEqual({ ...nothing, voided: 30, forgone: 70 })
    expect(wallet.points).toEqual({ available: 100 })
  })

  it.each([
    { policy: 'debt', owed: 1, forgone: 0 },
    { policy: 'within-balance', owed: 0, forgone: 1 },
  ] as const)('L5: $policy: when a single point is short', ({ policy, owed, forgone }) => {
    const wallet = walletWith({}, { points: 30 })
    spend(wallet, 31)
    expect(claw(wallet, { points: 100, policy })).toEqual({ ...nothing, taken: 99, owed, forgone })
    expect(wallet.points).toEqual(owed > 0 ? { debt: owed } : {})
  })

  it('L5: points in a redemption in progress stay there; what they cover is owed until it ends', () => {
    const wallet = walletWith({})
    wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 70 }))
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, taken: 30, owed: 70 })
    expect(wallet.points).toEqual({ held: 70, debt: 70 })
    wallet.do((draft) =>
      releaseHold(draft, { ref: 'r', lapsed: { policy: 'grace', graceMs: DAY } }),
    )
    expect(wallet.points).toEqual({})
  })

  it('L5: frozen points of the order are taken back, those of others are left', () => {
    const wallet = walletWith({ expiresAt: DAY }, {})
    wallet.do((draft) => freezePoints(draft, { ref: 'f', points: 150 }))
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, taken: 100 })
    expect(wallet.points).toEqual({ available: 50, frozen: 50 })
  })

  it('L5: forgives what ran out in the wallet: nobody has it, nobody owes it', () => {
    const wallet = walletWith({ expiresAt: DAY }, {})
    spend(wallet, 30)
    wallet.until(DAY)
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, forgiven: 70, taken: 30 })
    expect(wallet.points).toEqual({ available: 70 })
  })

  it('L5: forgives each point once over several returns', () => {
    const wallet = walletWith({ expiresAt: DAY }, {})
    spend(wallet, 30)
    wallet.until(DAY)
    expect(claw(wallet, { points: 50 })).toEqual({ ...nothing, forgiven: 50 })
    expect(claw(wallet, { points: 50, forgivenBefore: 50 })).toEqual({
      ...nothing,
      forgiven: 20,
      taken: 30,
    })
  })

  it('L5: forgives what was never claimed', () => {
    const wallet = walletWith({ claimMs: DAY }, {})
    wallet.until(DAY)
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, forgiven: 100 })
    expect(wallet.points).toEqual({ available: 100 })
  })

  it('L5: forgives nothing for another order that ran out', () => {
    const wallet = walletWith({}, { expiresAt: DAY })
    spend(wallet, 150)
    wallet.until(DAY)
    expect(claw(wallet, { points: 100 })).toEqual({ ...nothing, taken: 50, owed: 50 })
  })

  it('L5: takes nothing for zero points', () => {
    const wallet = walletWith({})
    expect(claw(wallet, { points: 0 })).toEqual(nothing)
    expect(wallet.postings.at(-1)!.entries).toEqual([])
  })

  it('L5: counts a lot once that is named twice', () => {
    const wallet = walletWith({ points: 40, expiresAt: DAY }, {})
    wallet.until(DAY)
    expect(claw(wallet, { lots: [1, 1], points: 40 })).toEqual({ ...nothing, forgiven: 40 })
    expect(() => claw(wallet, { lots: [1, 1], points: 41 })).toThrow(RangeError)
  })

  it('L5: is exact with all points there are', () => {
    const wallet = walletWith({ points: MAX_POINTS })
    spend(wallet, MAX_POINTS - 1)
    expect(claw(wallet, { points: MAX_POINTS })).toEqual({
      ...nothing,
      taken: 1,
      owed: MAX_POINTS - 1,
    })
    expect(wallet.points).toEqual({ debt: MAX_POINTS - 1 })
  })

  it.each([-1, 0.5, NaN, Infinity, MAX_POINTS + 1])('throws on %d points', (points) => {
    const wallet = walletWith({ points: MAX_POINTS })
    expect(() => claw(wallet, { points })).toThrow(RangeError)
  })

  it('L5: throws when more is asked for than was granted, or ran out', () => {
    const wallet = walletWith({}, {}, {})
    expect(() => claw(wallet, { lots: [1, 2], points: 201 })).toThrow('201 points of 200 granted')
    expect(() => claw(wallet, { lots: [], points: 1 })).toThrow(RangeError)
    expect(() => claw(wallet, { points: 1, forgivenBefore: 1 })).toThrow(/forgiven/)
    expect(() => claw(wallet, { points: 1, forgivenBefore: NaN })).toThrow(/forgiven/)
    expect(() => claw(wallet, { lots: [4], points: 1 })).toThrow('lots.0')
    expect(wallet.points).toEqual({ available: 300 })
  })
})
