import { describe, expect, it } from 'vitest'
import { WalletInHand } from '../../../../test/support/wallet-in-hand.js'
import { MAX_POINTS } from './check-amount.js'
import { clawBack } from './claw-back.js'
import { grantPoints, type NewLot } from './grant-points.js'
import { captureHold, holdPoints } from './hold.js'

const DAY = 86_400_000
const terms = {
  kind: 'base',
  source: 'purchase',
  ref: 'order-1',
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
}
const grant = (wallet: WalletInHand, lot: Partial<NewLot>) =>
  wallet.decide((draft) => grantPoints(draft, { ...terms, points: 100, ...lot }))

describe('grantPoints', () => {
  it('L1: books what a lot brings against the account of its source', () => {
    const wallet = new WalletInHand()
    expect(grant(wallet, {})).toMatchObject({ seq: 1, granted: 100, available: 100 })
    expect(wallet.postings[0]!.entries).toEqual([
      { account: 'issued:purchase', lot: 1, amount: -100 },
      { account: 'available', lot: 1, amount: 100 },
    ])
    expect(wallet.wallet).toMatchObject({ version: 1, lastLot: 1, nextDueAt: null })
  })

  it('L2: keeps the terms of each lot as they were given', () => {
    const wallet = new WalletInHand({ now: 5 })
    const given = { kind: 'campaign', source: 'check-in', ref: null, earnedAt: 3, expiresAt: 90 }
    grant(wallet, given)
    expect(wallet.lot(1)).toEqual({
      ...given,
      seq: 1,
      granted: 100,
      available: 100,
      pending: 0,
      claimable: 0,
      held: 0,
      frozen: 0,
      confirmAt: null,
      claimMs: null,
      claimBy: null,
      lapsed: 0,
      voided: 0,
    })
    expect(wallet.wallet.nextDueAt).toBe(90)
  })

  it('L3: puts them pending when the order is not confirmed yet, with or without a day', () => {
    const wallet = new WalletInHand()
    grant(wallet, { pending: { confirmAt: null } })
    expect(wallet.wallet.nextDueAt).toBe(null)
    grant(wallet, { pending: { confirmAt: 7 * DAY }, points: 50 })
    expect(wallet.points).toEqual({ pending: 150 })
    expect(wallet.wallet.nextDueAt).toBe(7 * DAY)
  })

  it('L3: makes them claimable until a deadline that counts from when they were earned', () => {
    const wallet = new WalletInHand({ now: 2 * DAY })
    grant(wallet, { claimMs: 7 * DAY, earnedAt: DAY })
    expect(wallet.lot(1)).toMatchObject({ claimable: 100, claimBy: 8 * DAY })
    expect(wallet.wallet.nextDueAt).toBe(8 * DAY)
  })

  it('L3: a deadline starts to run only when a pending lot is confirmed', () => {
    const wallet = new WalletInHand()
    grant(wallet, { claimMs: 7 * DAY, pending: { confirmAt: 3 * DAY } })
    expect(wallet.lot(1)).toMatchObject({ pending: 100, claimBy: null })
    wallet.until(3 * DAY)
    expect(wallet.lot(1)).toMatchObject({ claimable: 100, claimBy: 10 * DAY })
  })

  it('L5: repays what is owed before anything becomes available', () => {
    const wallet = owing(30)
    grant(wallet, { points: 100 })
    expect(wallet.points).toEqual({ available: 70 })
    expect(wallet.placesOf(2)).toEqual({ available: 70 })
    expect(wallet.total('debt')).toBe(0)
  })

  it('L5: repays nothing while points are pending or not claimed', () => {
    const wallet = owing(30)
    grant(wallet, { points: 100, pending: { confirmAt: null } })
    grant(wallet, { points: 100, claimMs: DAY })
    expect(wallet.points).toEqual({ pending: 100, claimable: 100, debt: 30 })
  })

  it('L5: a grant smaller than the debt leaves nothing to spend', () => {
    const wallet = owing(30)
    grant(wallet, { points: 10 })
    expect(wallet.points).toEqual({ debt: 20 })
    expect(wallet.placesOf(2)).toEqual({})
  })

  it('opens nothing for zero points, and still is a transaction', () => {
    const wallet = new WalletInHand()
    expect(grant(wallet, { points: 0 })).toBe(null)
    expect(grant(wallet, { points: -0 })).toBe(null)
    expect(wallet.lots.size).toBe(0)
    expect(wallet.wallet).toMatchObject({ version: 2, lastLot: 0 })
    expect(wallet.postings.map(({ entries }) => entries)).toEqual([[], []])
  })

  it('holds a million millions to the last one, and not one more', () => {
    const wallet = new WalletInHand()
    expect(grant(wallet, { points: MAX_POINTS - 1 })).toMatchObject({ granted: MAX_POINTS - 1 })
    expect(grant(wallet, { points: 2 })).toMatchObject({
      code: 'BALANCE_TOO_LARGE',
      figures: { available: 1, needed: 2 },
    })
    expect(grant(wallet, { points: 1 })).toMatchObject({ granted: 1 })
    expect(wallet.balance.available).toBe(1_000_000_000_000)
  })

  it('counts points in every state towards the most a wallet can hold', () => {
    const wallet = new WalletInHand()
    grant(wallet, { points: MAX_POINTS - 10, pending: { confirmAt: null } })
    grant(wallet, { points: 5, claimMs: DAY })
    expect(grant(wallet, { points: 6 })).toMatchObject({ figures: { available: 5, needed: 6 } })
  })

  it.each([-1, 0.5, 100.000001, NaN, -Infinity, -MAX_POINTS])(
    'refuses %d points: not a whole number above zero',
    (points) => {
      const wallet = new WalletInHand()
      expect(grant(wallet, { points })).toMatchObject({
        code: 'AMOUNT_NOT_POSITIVE',
        figures: { field: 'points' },
      })
      expect(wallet.wallet.version).toBe(0)
    },
  )

  it.each([2 ** 53, 2 ** 60, 1e300, Infinity])(
    'refuses %d points: more than is exact',
    (points) => {
      expect(grant(new WalletInHand(), { points })).toMatchObject({
        code: 'AMOUNT_TOO_LARGE',
        figures: { field: 'points', limit: MAX_POINTS },
      })
    },
  )

  it('needs no other lot of the wallet to be loaded', () => {
    const wallet = new WalletInHand()
    grant(wallet, { expiresAt: 9 * DAY })
    wallet.decide((draft) => grantPoints(draft, { ...terms, points: 5, expiresAt: 20 * DAY }), {
      lotsLoaded: false,
    })
    expect(wallet.points).toEqual({ available: 105 })
    expect(wallet.wallet.nextDueAt).toBe(9 * DAY)
  })
})

/** A wallet with an empty lot 1 that owes. */
function owing(debt: number): WalletInHand {
  const wallet = new WalletInHand()
  grant(wallet, { points: debt })
  wallet.do((draft) => holdPoints(draft, { ref: 'r', points: debt }))
  wallet.do((draft) => captureHold(draft, { ref: 'r', account: 'redeemed:coupon' }))
  wallet.do((draft) =>
    clawBack(draft, { lots: [1], points: debt, forgivenBefore: 0, policy: 'debt' }),
  )
  return wallet
}
