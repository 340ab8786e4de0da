import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { claimLots } from './claim-lots.js'
import { clawBack } from './claw-back.js'
import { freezePoints, thawPoints } from './freeze-points.js'
import { grantPoints } from './grant-points.js'
import { holdPoints, releaseHold } from './hold.js'
import { setUsableUntil } from './set-usable-until.js'

const DAY = 86_400_000

const set = (wallet: WalletInHand, usableUntil: number | null, graceTo: number | null = null) =>
  wallet.do((draft) => setUsableUntil(draft, { usableUntil, graceTo }))

/** Usable until day 5, and now it is day `day`. */
function closedOn(day: number, ...lots: Parameters<typeof walletWith>): WalletInHand {
  const wallet = walletWith(...lots)
  set(wallet, 5 * DAY)
  return wallet.until(day * DAY)
}

describe('M2: a wallet that can be used until a day', () => {
  it('freezes what is there at that very instant, and thaws it when it is opened', () => {
    const wallet = walletWith({})
    set(wallet, 5 * DAY)
    expect(wallet.wallet.nextDueAt).toBe(5 * DAY)
    wallet.until(5 * DAY - 1)
    expect(wallet.points).toEqual({ available: 100 })
    wallet.until(9 * DAY)
    expect(wallet.points).toEqual({ frozen: 100 })
    expect(wallet.postings.at(-1)).toMatchObject({ type: 'freeze', effectiveAt: 5 * DAY })
    expect(wallet.decide((draft) => holdPoints(draft, { ref: 'r', points: 1 }))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 0 },
    })
    expect(set(wallet, 400 * DAY)).toBe(100)
    expect(wallet.points).toEqual({ available: 100 })
  })

  it('knows when it closes also when the lots were not loaded', () => {
    const wallet = walletWith({})
    set(wallet, 5 * DAY)
    wallet.decide((draft) => grantPoints(draft, { ...TERMS, points: 5 }), { lotsLoaded: false })
    expect(wallet.wallet.nextDueAt).toBe(5 * DAY)
    const empty = walletWith()
    set(empty, 5 * DAY)
    expect(empty.wallet.nextDueAt).toBeNull()
    empty.decide((draft) => grantPoints(draft, { ...TERMS, points: 5 }), { lotsLoaded: false })
    expect(empty.wallet.nextDueAt).toBe(5 * DAY)
  })

  it('takes nothing while it is closed: neither by expiry nor because nobody claimed', () => {
    const wallet = closedOn(
      20,
      { expiresAt: 10 * DAY },
      { claimMs: 8 * DAY },
      { claimMs: 30 * DAY, expiresAt: 12 * DAY },
    )
    expect(wallet.points).toEqual({ frozen: 100, claimable: 200 })
    expect(wallet.wallet.nextDueAt).toBeNull()
    const other = wallet.copy()
    set(wallet, null)
    expect(wallet.points).toEqual({})
    expect(wallet.total('expired')).toBe(200)
    expect(wallet.total('voided:unclaimed')).toBe(100)
    set(other, null, 25 * DAY)
    expect(other.points).toEqual({ available: 100, claimable: 200 })
    expect(other.lot(1).expiresAt).toBe(25 * DAY)
    expect(other.lot(2)).toMatchObject({ claimBy: 28 * DAY, expiresAt: null })
    expect(other.lot(3)).toMatchObject({ claimBy: 30 * DAY, expiresAt: 25 * DAY })
    other.until(25 * DAY)
    expect(other.points).toEqual({ claimable: 100 })
  })

  it('lets go what ran out before it closed, and at that instant', () => {
    const wallet = closedOn(20, { expiresAt: 4 * DAY }, { expiresAt: 5 * DAY }, {})
    expect(wallet.points).toEqual({ frozen: 100 })
    expect(wallet.total('expired')).toBe(200)
  })

  it('freezes also what becomes usable later, whichever way', () => {
    const wallet = walletWith({}, { pending: { confirmAt: 6 * DAY } }, { claimMs: 50 * DAY })
    set(wallet, 5 * DAY)
    wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 40 }))
    wallet.until(7 * DAY)
    expect(wallet.points).toEqual({ frozen: 160, held: 40, claimable: 100 })
    wallet.do((draft) =>
      releaseHold(draft, { ref: 'r', lapsed: { policy: 'grace', graceMs: DAY } }),
    )
    wallet.do((draft) => claimLots(draft))
    wallet.do((draft) => grantPoints(draft, { ...TERMS, points: 7 }))
    expect(wallet.points).toEqual({ frozen: 307 })
    expect(set(wallet, null)).toBe(307)
    expect(wallet.points).toEqual({ available: 307 })
  })

  it('a wallet that was not touched for long ends as one that was touched each day', () => {
    const lots = [{ pending: { confirmAt: 3 * DAY }, expiresAt: 4 * DAY }, { expiresAt: 8 * DAY }]
    const slow = closedOn(30, ...lots)
    const watched = walletWith(...lots)
    set(watched, 5 * DAY)
    for (let day = 1; day <= 30; day++) watched.until(day * DAY)
    expect(slow.points).toEqual(watched.points)
    expect(slow.postings.map((it) => [it.type, it.effectiveAt])).toEqual(
      watched.postings.map((it) => [it.type, it.effectiveAt]),
    )
  })

  it('leaves frozen what somebody froze, before it closed or while it is closed', () => {
    const wallet = walletWith({})
    wallet.do((draft) => freezePoints(draft, { ref: 'f', points: 30 }))
    wallet.do((draft) => freezePoints(draft, { ref: 'g', points: 20, until: 6 * DAY }))
    set(wallet, 5 * DAY)
    wallet.until(8 * DAY)
    expect(wallet.points).toEqual({ frozen: 100 })
    expect(wallet.wallet.lock?.freezes.map(({ ref }) => ref)).toEqual(['f'])
    expect(set(wallet, null)).toBe(70)
    expect(wallet.points).toEqual({ available: 70, frozen: 30 })
  })

  it('keeps frozen what is freed while it is closed, also what ran out', () => {
    const wallet = walletWith({ expiresAt: 6 * DAY })
    wallet.do((draft) => freezePoints(draft, { ref: 'f', points: 30 }))
    set(wallet, 5 * DAY)
    wallet.until(8 * DAY)
    wallet.do((draft) => thawPoints(draft, { ref: 'f', graceTo: null }))
    expect(wallet.points).toEqual({ frozen: 100 })
    set(wallet, null, 9 * DAY)
    expect(wallet.points).toEqual({ available: 100 })
  })

  it('L5: gives an order back its points, and what is owed is repaid when it opens', () => {
    const wallet = closedOn(8, {}, {})
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 60, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(wallet.points).toEqual({ frozen: 140 })
    const spent = walletWith({}, {})
    spent.do((draft) => holdPoints(draft, { ref: 'r', points: 100 }))
    set(spent, 5 * DAY)
    spent.until(8 * DAY)
    spent.do((draft) =>
      clawBack(draft, { lots: [1], points: 100, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(spent.points).toEqual({ held: 100, frozen: 100, debt: 100 })
    expect(set(spent, null)).toBe(100)
    expect(spent.points).toEqual({ held: 100 })
  })

  it('can be moved before it comes, closed at once, and opened twice', () => {
    const wallet = walletWith({ expiresAt: 20 * DAY })
    set(wallet, 5 * DAY)
    set(wallet, 8 * DAY)
    wallet.until(6 * DAY)
    expect(wallet.points).toEqual({ available: 100 })
    set(wallet, 6 * DAY)
    wallet.settle()
    expect(wallet.points).toEqual({ frozen: 100 })
    set(wallet, 30 * DAY)
    set(wallet, 31 * DAY)
    expect(wallet.points).toEqual({ available: 100 })
    wallet.until(20 * DAY)
    expect(wallet.points).toEqual({})
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
