import { describe, expect, it } from 'vitest'
import { WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { recordKey } from '../posting/posting.js'
import { MAX_POINTS } from './check-amount.js'
import { clawBack } from './claw-back.js'
import { LotNotLoaded } from './draft.js'
import { grantPoints } from './grant-points.js'
import { captureHold, holdId, holdLots, holdPoints, refundHold, releaseHold } from './hold.js'
import type { Reinstate } from './put-back.js'

const DAY = 86_400_000
const GRACE: Reinstate = { policy: 'grace', graceMs: 30 * DAY }
const FORFEIT: Reinstate = { policy: 'forfeit' }
const account = 'redeemed:coupon'

const hold = (wallet: WalletInHand, points: number, ref = 'r') =>
  wallet.decide((draft) => holdPoints(draft, { ref, points }))
const capture = (wallet: WalletInHand, ref = 'r') =>
  wallet.decide((draft) => captureHold(draft, { ref, account }))
const release = (wallet: WalletInHand, lapsed: Reinstate, ref = 'r') =>
  wallet.decide((draft) => releaseHold(draft, { ref, lapsed }))
const refund = (wallet: WalletInHand, lapsed: Reinstate, ref = 'r') =>
  wallet.decide((draft) => refundHold(draft, { ref, account, lapsed }))
const taken = (wallet: WalletInHand, ref = 'r') =>
  wallet.records.get(recordKey(holdId(ref)))!.body.taken

describe('holdPoints', () => {
  it('L2: takes the soonest-expiring lot first, then the oldest; what never expires comes last', () => {
    const wallet = walletWith(
      { earnedAt: 1 },
      { earnedAt: 9, expiresAt: 90 * DAY },
      { earnedAt: 8, expiresAt: 90 * DAY },
      { earnedAt: 99, expiresAt: 10 * DAY },
      { earnedAt: 0 },
    )
    hold(wallet, 450)
    expect(taken(wallet)).toEqual([
      [4, 100],
      [3, 100],
      [2, 100],
      [5, 100],
      [1, 50],
    ])
  })

  it('L2: of lots with the same expiry and the same time, the one granted first', () => {
    const wallet = walletWith({}, {}, {})
    hold(wallet, 150)
    expect(taken(wallet)).toEqual([
      [1, 100],
      [2, 50],
    ])
  })

  it('L2: spends in the same order however the store happened to load the lots', () => {
    const wallet = walletWith({ expiresAt: 5 * DAY }, { expiresAt: 5 * DAY }, { expiresAt: DAY })
    const lots = [...wallet.lots].reverse()
    wallet.lots.clear()
    for (const [seq, lot] of lots) wallet.lots.set(seq, lot)
    hold(wallet, 150)
    expect(taken(wallet)).toEqual([
      [3, 100],
      [1, 50],
    ])
  })

  it('L2: takes no point that is pending, claimable, frozen or held already', () => {
    const wallet = walletWith(
      { pending: { confirmAt: null }, expiresAt: DAY },
      { claimMs: DAY },
      { points: 30 },
    )
    hold(wallet, 10, 'before')
    expect(hold(wallet, 21)).toEqual({
      refused: true,
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 20, needed: 21 },
    })
    expect(hold(wallet, 20)).toBe(20)
    expect(wallet.points).toEqual({ pending: 100, claimable: 100, held: 30 })
  })

  it('X7: never spends a lot from the first instant at which it is expired', () => {
    const wallet = walletWith({ expiresAt: DAY })
    wallet.now = DAY
    expect(hold(wallet, 1)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 0 },
    })
    expect(wallet.total('expired')).toBe(100)
    const inTime = walletWith({ expiresAt: DAY })
    inTime.now = DAY - 1
    expect(hold(inTime, 100)).toBe(100)
  })

  it('L3: held points do not expire while the redemption is in progress', () => {
    const wallet = walletWith({ expiresAt: DAY })
    hold(wallet, 40)
    wallet.until(2 * DAY)
    expect(wallet.points).toEqual({ held: 40 })
    expect(wallet.placesOf(1)).toEqual({ held: 40, lapsed: 60 })
    expect(capture(wallet)).toBe(40)
  })

  it('is exact with all points there are', () => {
    const wallet = walletWith({ points: MAX_POINTS })
    expect(hold(wallet, MAX_POINTS)).toBe(MAX_POINTS)
    expect(wallet.points).toEqual({ held: MAX_POINTS })
    expect(capture(wallet)).toBe(MAX_POINTS)
    expect(wallet.total(account)).toBe(MAX_POINTS)
  })

  it('refuses to judge a wallet whose lots it has not seen', () => {
    const wallet = walletWith({})
    expect(() =>
      wallet.decide((draft) => holdPoints(draft, { ref: 'r', points: 1 }), { lotsLoaded: false }),
    ).toThrow(LotNotLoaded)
  })

  it('R6: throws rather than forget a hold that is there under the same reference', () => {
    const wallet = walletWith({})
    hold(wallet, 10)
    expect(() => hold(wallet, 20)).toThrow(/hold r/)
    expect(wallet.points).toEqual({ available: 90, held: 10 })
    release(wallet, GRACE)
    expect(() => hold(wallet, 20)).toThrow(/hold r/)
  })
})

describe('captureHold and releaseHold', () => {
  it('L1: books what was spent by channel, lot by lot', () => {
    const wallet = walletWith({ points: 30, expiresAt: DAY }, {})
    hold(wallet, 50)
    capture(wallet)
    expect(wallet.postings.at(-1)!.entries).toEqual([
      { account: 'held', lot: 1, amount: -30 },
      { account, lot: 1, amount: 30 },
      { account: 'held', lot: 2, amount: -20 },
      { account, lot: 2, amount: 20 },
    ])
    expect(wallet.points).toEqual({ available: 80 })
  })

  it('R6: gives a released hold back to the very lots it came from', () => {
    const wallet = walletWith({ points: 30, expiresAt: DAY }, {})
    const before = [wallet.lot(1), wallet.lot(2)]
    hold(wallet, 50)
    release(wallet, FORFEIT)
    expect([wallet.lot(1), wallet.lot(2)]).toEqual(before)
  })

  it('R6: ends a hold once: it cannot be captured or released again', () => {
    const wallet = walletWith({})
    hold(wallet, 10)
    capture(wallet)
    for (const again of [capture(wallet), release(wallet, GRACE)]) {
      expect(again).toEqual({ refused: true, code: 'HOLD_NOT_FOUND', figures: { field: 'ref' } })
    }
    hold(wallet, 10, 'second')
    release(wallet, GRACE, 'second')
    expect(capture(wallet, 'second')).toMatchObject({ code: 'HOLD_NOT_FOUND' })
    expect(release(wallet, GRACE, 'second')).toMatchObject({ code: 'HOLD_NOT_FOUND' })
    expect(refund(wallet, GRACE, 'second')).toMatchObject({ code: 'HOLD_NOT_FOUND' })
    expect(wallet.points).toEqual({ available: 90 })
  })

  it("R6: knows no hold of another member's wallet", () => {
    const wallet = walletWith({})
    hold(wallet, 10)
    const other = new WalletInHand({ id: 2 })
    for (const [key, record] of wallet.records) other.records.set(key, record)
    expect(capture(other)).toMatchObject({ code: 'HOLD_NOT_FOUND' })
    expect(release(other, GRACE)).toMatchObject({ code: 'HOLD_NOT_FOUND' })
  })

  it('holds, captures and refunds within one transaction without a trace in the lots', () => {
    const wallet = walletWith({})
    const before = wallet.lot(1)
    wallet.do((draft) => {
      holdPoints(draft, { ref: 'r', points: 40 })
      captureHold(draft, { ref: 'r', account })
      return refundHold(draft, { ref: 'r', account, lapsed: GRACE })
    })
    expect(wallet.lot(1)).toEqual(before)
    expect(wallet.postings.at(-1)).toMatchObject({ entries: [], lots: [] })
  })
})

describe('refundHold', () => {
  it('L2: puts back exactly the lots that were spent, each with its own expiry', () => {
    const wallet = walletWith(
      { points: 30, expiresAt: 10 * DAY },
      { points: 30, expiresAt: 20 * DAY },
      { points: 30 },
    )
    const before = [1, 2, 3].map((seq) => wallet.lot(seq))
    hold(wallet, 70)
    capture(wallet)
    wallet.until(5 * DAY)
    expect(refund(wallet, GRACE)).toBe(70)
    expect([1, 2, 3].map((seq) => wallet.lot(seq))).toEqual(before)
    expect(wallet.total(account)).toBe(0)
  })

  it('L2: gives a lot that expired in between a time of grace, and only that one', () => {
    const wallet = walletWith({ points: 30, expiresAt: 10 * DAY }, { expiresAt: 20 * DAY })
    hold(wallet, 50)
    capture(wallet)
    wallet.until(15 * DAY)
    refund(wallet, GRACE)
    expect(wallet.lot(1)).toMatchObject({ available: 30, expiresAt: 45 * DAY, lapsed: 0 })
    expect(wallet.lot(2)).toMatchObject({ available: 100, expiresAt: 20 * DAY })
    wallet.until(45 * DAY)
    expect(wallet.points).toEqual({})
    expect(wallet.lot(1)).toMatchObject({ lapsed: 30 })
  })

  it('L2: what comes back during the time of grace does not make it longer', () => {
    const wallet = walletWith({ expiresAt: 10 * DAY })
    hold(wallet, 50, 'a')
    hold(wallet, 50, 'b')
    wallet.until(15 * DAY)
    release(wallet, GRACE, 'a')
    wallet.until(20 * DAY)
    release(wallet, GRACE, 'b')
    expect(wallet.lot(1)).toMatchObject({ available: 100, expiresAt: 45 * DAY })
  })

  it('L2: or forfeits what belonged to a lot that expired in between', () => {
    const wallet = walletWith({ points: 30, expiresAt: 10 * DAY }, { expiresAt: 20 * DAY })
    hold(wallet, 50)
    capture(wallet)
    wallet.until(15 * DAY)
    expect(refund(wallet, FORFEIT)).toBe(50)
    expect(wallet.lot(1)).toMatchObject({ available: 0, expiresAt: 10 * DAY, lapsed: 30 })
    expect(wallet.points).toEqual({ available: 100 })
    expect(wallet.total('expired')).toBe(30)
  })

  it('L2: a lot counts as expired at its instant, and not one millisecond before', () => {
    for (const [at, back] of [
      [10 * DAY - 1, 100],
      [10 * DAY, 0],
    ] as const) {
      const wallet = walletWith({ expiresAt: 10 * DAY })
      hold(wallet, 100)
      wallet.until(at)
      release(wallet, FORFEIT)
      expect(wallet.balance.available).toBe(back)
    }
  })

  it('L5: what comes back repays what is owed first', () => {
    const wallet = walletWith({})
    hold(wallet, 100)
    capture(wallet)
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 60, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(wallet.points).toEqual({ debt: 60 })
    refund(wallet, GRACE)
    expect(wallet.points).toEqual({ available: 40 })
  })

  it('L5: what would be forfeited repays what is owed first too: nobody owes points that ran out', () => {
    const wallet = walletWith({ expiresAt: 10 * DAY })
    hold(wallet, 100)
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 60, forgivenBefore: 0, policy: 'debt' }),
    )
    wallet.until(15 * DAY)
    release(wallet, FORFEIT)
    expect(wallet.points).toEqual({})
    expect(wallet.total('expired')).toBe(40)
    expect(wallet.lot(1).lapsed).toBe(40)
  })

  it('needs the lots of the hold, also those that are exhausted', () => {
    const wallet = walletWith({ points: 30 }, {})
    hold(wallet, 50)
    capture(wallet)
    expect(holdLots(wallet.records, 'r')).toEqual([1, 2])
    expect(holdLots(wallet.records, 'unknown')).toEqual([])
    wallet.lots.delete(1)
    expect(() => refund(wallet, GRACE)).toThrow(LotNotLoaded)
  })

  it('refuses to fill a wallet beyond what it can hold', () => {
    const wallet = walletWith({ points: MAX_POINTS })
    hold(wallet, 10)
    capture(wallet)
    wallet.do((draft) =>
      grantPoints(draft, {
        kind: 'base',
        source: 'purchase',
        ref: null,
        points: 5,
        earnedAt: 0,
        claimMs: null,
        expiresAt: null,
      }),
    )
    expect(refund(wallet, GRACE)).toEqual({
      refused: true,
      code: 'BALANCE_TOO_LARGE',
      figures: { available: 5, needed: 10 },
    })
  })
})
