import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { MAX_POINTS } from './check-amount.js'
import { clawBack } from './claw-back.js'
import { freezePoints, frozenIn, thawPoints, voidFrozen, withholdLots } from './freeze-points.js'
import { grantPoints } from './grant-points.js'
import { holdPoints } from './hold.js'

const DAY = 86_400_000

const freeze = (wallet: WalletInHand, points: number, terms: object = {}) =>
  wallet.decide((draft) => freezePoints(draft, { ref: 'f', points, ...terms }))
const thaw = (wallet: WalletInHand, ref = 'f', graceTo: number | null = null) =>
  wallet.decide((draft) => thawPoints(draft, { ref, graceTo }))
const left = (wallet: WalletInHand) =>
  (wallet.wallet.lock?.freezes ?? []).map((it) => [it.ref, frozenIn(it)])

describe('freezePoints and thawPoints', () => {
  it('L3: frozen points are in the wallet and cannot be used', () => {
    const wallet = walletWith({})
    expect(freeze(wallet, 60)).toBe(60)
    expect(wallet.points).toEqual({ available: 40, frozen: 60 })
    expect(wallet.decide((draft) => holdPoints(draft, { ref: 'r', points: 41 }))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 40, needed: 41 },
    })
    expect(thaw(wallet)).toBe(60)
    expect(wallet.points).toEqual({ available: 100 })
    expect(wallet.wallet.lock).toBeNull()
  })

  it('L2: freezes the soonest-expiring lots first, and thaws the very lots it froze', () => {
    const wallet = walletWith({}, { expiresAt: 20 * DAY }, { expiresAt: 10 * DAY })
    freeze(wallet, 150)
    freeze(wallet, 50, { ref: 'g' })
    expect(wallet.placesOf(3)).toEqual({ frozen: 100 })
    expect(wallet.placesOf(2)).toEqual({ frozen: 100 })
    expect(thaw(wallet)).toBe(150)
    expect(wallet.placesOf(3)).toEqual({ available: 100 })
    expect(wallet.placesOf(2)).toEqual({ available: 50, frozen: 50 })
    expect(left(wallet)).toEqual([['g', 50]])
  })

  it('K1: freezes what named lots have, and no other, and nothing where they have nothing', () => {
    const wallet = walletWith({}, { expiresAt: 10 * DAY }, {})
    freeze(wallet, 30, { ref: 'g' })
    const lots = (ref: string) =>
      wallet.decide((draft) => withholdLots(draft, { ref, lots: [2, 3], until: DAY }))
    expect(lots('f')).toBe(170)
    expect(wallet.placesOf(1)).toEqual({ available: 100 })
    expect(left(wallet)).toEqual([
      ['g', 30],
      ['f', 170],
    ])
    expect(lots('h')).toBe(0)
    expect(left(wallet)).toHaveLength(2)
    expect(() => lots('f')).toThrow('a freeze f already')
    const unknown = () => wallet.decide((draft) => withholdLots(draft, { ref: 'i', lots: [4] }))
    expect(unknown).toThrow('unknown lot: 4')
    wallet.until(DAY)
    expect(wallet.points).toEqual({ available: 270, frozen: 30 })
    expect(left(wallet)).toEqual([['g', 30]])
  })

  it.each([
    ['withheld from the beginning are not owed', 'withheld', {}, 100],
    ['that somebody froze later are', 'frozen', { debt: 100 }, 0],
  ] as const)('L5: of a grant that is taken back, voided points %s', (_, how, points, forgiven) => {
    const wallet = walletWith({})
    wallet.decide((draft) =>
      how === 'withheld'
        ? withholdLots(draft, { ref: 'f', lots: [1] })
        : freezePoints(draft, { ref: 'f', points: 100 }),
    )
    wallet.decide((draft) => voidFrozen(draft, { ref: 'f', reason: 'frozen' }), { type: 'void' })
    expect(wallet.total(`voided:${how}`)).toBe(100)
    const back = { lots: [1], points: 100, forgivenBefore: 0, policy: 'debt' } as const
    expect(wallet.do((draft) => clawBack(draft, back))).toMatchObject({ forgiven })
    expect(wallet.points).toEqual(points)
  })

  it('K2: frees them by themselves at their time, in order, before anybody asks', () => {
    const wallet = walletWith({ expiresAt: 30 * DAY })
    freeze(wallet, 20, { until: 2 * DAY })
    freeze(wallet, 30, { ref: 'g', until: DAY })
    expect(wallet.wallet.nextDueAt).toBe(DAY)
    wallet.until(DAY - 1)
    expect(wallet.points).toEqual({ available: 50, frozen: 50 })
    wallet.until(DAY)
    expect(wallet.points).toEqual({ available: 80, frozen: 20 })
    wallet.until(9 * DAY)
    expect(wallet.points).toEqual({ available: 100 })
    expect(wallet.postings.slice(-2)).toMatchObject([
      { type: 'thaw', reason: 'until', effectiveAt: DAY },
      { type: 'thaw', reason: 'until', effectiveAt: 2 * DAY },
    ])
    expect(thaw(wallet)).toMatchObject({ code: 'FREEZE_NOT_FOUND' })
  })

  it('knows of the end of a freeze also when the lots were not loaded', () => {
    const wallet = walletWith({})
    freeze(wallet, 20, { until: 2 * DAY })
    wallet.decide((draft) => grantPoints(draft, { ...TERMS, points: 5 }), { lotsLoaded: false })
    expect(wallet.wallet.nextDueAt).toBe(2 * DAY)
  })

  it('what ran out while it was frozen is lost when it thaws, or has a grace', () => {
    const wallet = walletWith({ expiresAt: 10 * DAY })
    freeze(wallet, 60)
    wallet.until(20 * DAY)
    expect(wallet.points).toEqual({ frozen: 60 })
    expect(wallet.total('expired')).toBe(40)
    const other = wallet.copy()
    thaw(wallet)
    expect(wallet.points).toEqual({})
    expect(wallet.total('expired')).toBe(100)
    expect(wallet.placesOf(1)).toEqual({ lapsed: 100 })
    thaw(other, 'f', 25 * DAY)
    expect(other.points).toEqual({ available: 60 })
    other.until(25 * DAY)
    expect(other.points).toEqual({})
  })

  it('that frees itself has the grace that was said when it was made', () => {
    const wallet = walletWith({ expiresAt: 10 * DAY })
    freeze(wallet, 60, { until: 12 * DAY, graceTo: 14 * DAY })
    wallet.until(13 * DAY)
    expect(wallet.points).toEqual({ available: 60 })
    wallet.until(14 * DAY)
    expect(wallet.total('expired')).toBe(100)
  })

  it('L5: thawed points repay what is owed first, also those that ran out', () => {
    for (const expiresAt of [null, 5 * DAY]) {
      const wallet = walletWith({}, { expiresAt })
      freeze(wallet, 100)
      wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 100 }))
      wallet.do((draft) =>
        clawBack(draft, {
          lots: [expiresAt === null ? 2 : 1],
          points: 30,
          forgivenBefore: 0,
          policy: 'debt',
        }),
      )
      expect(wallet.points).toEqual({ frozen: 100, held: 100, debt: 30 })
      wallet.until(9 * DAY)
      thaw(wallet)
      expect(wallet.points).toEqual(
        expiresAt === null ? { available: 70, held: 100 } : { held: 100 },
      )
    }
  })

  it('L5: what is taken back of frozen points is no part of a freeze any more', () => {
    const wallet = walletWith({})
    freeze(wallet, 50)
    freeze(wallet, 50, { ref: 'g' })
    const claw = (points: number) =>
      wallet.do((draft) =>
        clawBack(draft, { lots: [1], points, forgivenBefore: 0, policy: 'debt' }),
      )
    claw(20)
    expect(left(wallet)).toEqual([
      ['f', 30],
      ['g', 50],
    ])
    claw(40)
    expect(left(wallet)).toEqual([['g', 40]])
    expect(thaw(wallet)).toMatchObject({ code: 'FREEZE_NOT_FOUND' })
    expect(thaw(wallet, 'g')).toBe(40)
  })

  it('K2: voids what is frozen for good', () => {
    const wallet = walletWith({})
    freeze(wallet, 60)
    const voiding = () =>
      wallet.decide((draft) => voidFrozen(draft, { ref: 'f', reason: 'frozen' }), { type: 'void' })
    expect(voiding()).toBe(60)
    expect(wallet.points).toEqual({ available: 40 })
    expect(wallet.total('voided:frozen')).toBe(60)
    expect(voiding()).toMatchObject({ code: 'FREEZE_NOT_FOUND' })
  })

  it('refuses to freeze more than is available, or amounts that are none', () => {
    const wallet = walletWith({})
    expect(freeze(wallet, 101)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 100, needed: 101 },
    })
    for (const points of [0, -1, 1.5, NaN]) {
      expect(freeze(wallet, points)).toMatchObject({ code: 'AMOUNT_NOT_POSITIVE' })
    }
    expect(freeze(wallet, MAX_POINTS + 1)).toMatchObject({ code: 'AMOUNT_TOO_LARGE' })
    freeze(wallet, 1)
    expect(() => freeze(wallet, 1)).toThrow('there is a freeze f already')
  })
})

const TERMS = {
  kind: 'base',
  source: 'purchase',
  ref: null,
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
} as const
