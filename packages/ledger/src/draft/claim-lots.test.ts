import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { claimLots } from './claim-lots.js'
import { clawBack } from './claw-back.js'
import { confirmLots } from './confirm-lots.js'
import { grantPoints } from './grant-points.js'

const DAY = 86_400_000

const claim = (wallet: WalletInHand, lots?: number[]) =>
  wallet.decide((draft) => claimLots(draft, { lots }))
const confirm = (wallet: WalletInHand, lots: number[], at?: number) =>
  wallet.decide((draft) => confirmLots(draft, { lots, at }))

describe('confirmLots', () => {
  it('E2: makes pending points available, and says how many', () => {
    const wallet = walletWith({ pending: { confirmAt: null } }, { pending: { confirmAt: 9 * DAY } })
    expect(confirm(wallet, [1, 2])).toBe(200)
    expect(wallet.points).toEqual({ available: 200 })
    expect(wallet.wallet.nextDueAt).toBe(null)
  })

  it('E2: or claimable, with a deadline that counts from the confirmation', () => {
    const wallet = walletWith({ pending: { confirmAt: null }, claimMs: 7 * DAY })
    wallet.now = 3 * DAY
    confirm(wallet, [1], 2 * DAY)
    expect(wallet.lot(1)).toMatchObject({ claimable: 100, claimBy: 9 * DAY })
  })

  it('E2: a confirmation reported after its own deadline leaves nothing to claim', () => {
    const wallet = walletWith({ pending: { confirmAt: null }, claimMs: 7 * DAY })
    wallet.now = 30 * DAY
    expect(confirm(wallet, [1], DAY)).toBe(100)
    expect(claim(wallet)).toMatchObject({ code: 'LOT_NOT_CLAIMABLE' })
    expect(wallet.total('voided:unclaimed')).toBe(100)
  })

  it('L5: confirms only what a return has left', () => {
    const wallet = walletWith({ pending: { confirmAt: null } })
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 30, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(confirm(wallet, [1])).toBe(70)
  })

  it('passes over lots that are confirmed already, and refuses when none is pending', () => {
    const wallet = walletWith({ pending: { confirmAt: null } }, {})
    expect(confirm(wallet, [2, 1])).toBe(100)
    expect(confirm(wallet, [2, 1])).toEqual({
      refused: true,
      code: 'LOT_NOT_PENDING',
      figures: {},
    })
    expect(confirm(wallet, [])).toMatchObject({ code: 'LOT_NOT_PENDING' })
  })

  it('counts a lot once that is named twice', () => {
    const wallet = walletWith({ pending: { confirmAt: null } }, { pending: { confirmAt: null } })
    expect(confirm(wallet, [1, 1])).toBe(100)
    expect(wallet.points).toEqual({ available: 100, pending: 100 })
  })
})

describe('claimLots', () => {
  it('E2: takes everything claimable, or only the lots named', () => {
    const wallet = walletWith({ claimMs: DAY }, { claimMs: 2 * DAY }, { claimMs: 3 * DAY }, {})
    expect(claim(wallet, [2])).toBe(100)
    expect(wallet.placesOf(2)).toEqual({ available: 100 })
    expect(claim(wallet)).toBe(200)
    expect(wallet.points).toEqual({ available: 400 })
  })

  it('E2: in time until the last millisecond before the deadline, then void', () => {
    const inTime = walletWith({ claimMs: 7 * DAY })
    inTime.now = 7 * DAY - 1
    expect(claim(inTime, [1])).toBe(100)
    const late = walletWith({ claimMs: 7 * DAY })
    late.now = 7 * DAY
    expect(claim(late, [1])).toEqual({
      refused: true,
      code: 'CLAIM_TOO_LATE',
      figures: { when: 7 * DAY },
    })
    expect(late.total('voided:unclaimed')).toBe(100)
    expect(late.placesOf(1)).toEqual({ lapsed: 100 })
  })

  it('E2: a lot that was claimed in time is not called late afterwards', () => {
    const wallet = walletWith({ claimMs: 7 * DAY })
    claim(wallet, [1])
    wallet.until(8 * DAY)
    expect(claim(wallet, [1])).toMatchObject({ code: 'LOT_NOT_CLAIMABLE' })
    wallet.until(9 * DAY)
    expect(wallet.points).toEqual({ available: 100 })
  })

  it('X1: claimed points keep the expiry of their lot', () => {
    const wallet = walletWith({ claimMs: 7 * DAY, expiresAt: 10 * DAY })
    claim(wallet)
    wallet.until(10 * DAY)
    expect(wallet.total('expired')).toBe(100)
    expect(wallet.points).toEqual({})
  })

  it('X1: a lot that expires before its claim deadline is expired, not unclaimed', () => {
    const wallet = walletWith({ claimMs: 7 * DAY, expiresAt: 5 * DAY })
    wallet.until(6 * DAY)
    expect(wallet.total('expired')).toBe(100)
    expect(wallet.total('voided:unclaimed')).toBe(0)
  })

  it('E2: a lot whose deadline is also its last instant was not claimed: that is why it is gone', () => {
    const wallet = walletWith({ claimMs: 7 * DAY, expiresAt: 7 * DAY })
    wallet.until(7 * DAY)
    expect(wallet.total('voided:unclaimed')).toBe(100)
    expect(wallet.total('expired')).toBe(0)
  })

  it('takes what can be taken when some of the named lots are not claimable', () => {
    const wallet = walletWith({}, { claimMs: DAY }, { claimMs: 3 * DAY })
    wallet.until(DAY)
    expect(claim(wallet, [1, 2, 3])).toBe(100)
    expect(claim(wallet, [1])).toMatchObject({ code: 'LOT_NOT_CLAIMABLE' })
  })

  it('counts a lot once that is named twice', () => {
    expect(claim(walletWith({ claimMs: DAY }), [1, 1])).toBe(100)
  })

  it('L5: what is owed is repaid from what is claimed, oldest lot first', () => {
    const wallet = walletWith({ points: 10 }, { claimMs: DAY, points: 30 }, { claimMs: DAY })
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 10, forgivenBefore: 0, policy: 'debt' }),
    )
    wallet.do((draft) => grantPoints(draft, { ...EMPTY, points: 40 }))
    wallet.do((draft) =>
      clawBack(draft, { lots: [4], points: 40, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(wallet.points).toEqual({ claimable: 130 })
    claim(wallet)
    expect(wallet.points).toEqual({ available: 130 })
  })
})

const EMPTY = {
  kind: 'base',
  source: 'purchase',
  ref: null,
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
}
