import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { isRefusal } from '../refusal/refusal.js'
import { MAX_POINTS } from './check-amount.js'
import { clawBack } from './claw-back.js'
import { receivePoints, returnPoints, type SentPart, sendPoints } from './send-points.js'

const DAY = 86_400_000
const GRACE = { policy: 'grace', graceMs: 5 * DAY } as const

function send(wallet: WalletInHand, points: number, kinds: string[] | null = null) {
  const parts = wallet.decide((draft) => sendPoints(draft, { points, kinds }))
  if (isRefusal(parts)) throw new Error(parts.code)
  return parts
}
const receive = (wallet: WalletInHand, parts: readonly SentPart[]) =>
  wallet.decide((draft) => receivePoints(draft, { parts, ref: 't' }))
const giveBack = (
  wallet: WalletInHand,
  parts: readonly SentPart[],
  lapsed: typeof GRACE | { policy: 'forfeit' } = GRACE,
) => wallet.do((draft) => returnPoints(draft, { parts, lapsed }))

describe('L10: sendPoints, receivePoints and returnPoints', () => {
  it('L2: sends soonest-expiring points first, and they keep what they are', () => {
    const giver = walletWith({ kind: 'base', source: 'shop', earnedAt: 3 }, { expiresAt: 10 * DAY })
    const parts = send(giver, 130)
    expect(parts).toMatchObject([
      { lot: 2, points: 100, expiresAt: 10 * DAY },
      { lot: 1, points: 30, kind: 'base', source: 'shop', earnedAt: 3, expiresAt: null },
    ])
    expect(giver.points).toEqual({ available: 70 })
    expect(giver.total('transferred')).toBe(130)

    const receiver = walletWith()
    expect(receive(receiver, parts)).toBe(130)
    expect(receiver.points).toEqual({ available: 130 })
    expect(receiver.lot(1)).toMatchObject({ granted: 100, expiresAt: 10 * DAY, ref: 't' })
    expect(receiver.lot(2)).toMatchObject({
      granted: 30,
      kind: 'base',
      source: 'shop',
      earnedAt: 3,
    })
    expect(receiver.total('transferred')).toBe(-130)
    receiver.until(10 * DAY)
    expect(receiver.points).toEqual({ available: 30 })
  })

  it('sends only the kinds that may be given, and says how much there is of them', () => {
    const giver = walletWith({ kind: 'base' }, { kind: 'bonus' })
    expect(send(giver, 60, ['bonus'])).toMatchObject([{ lot: 2, points: 60 }])
    const more = giver.decide((draft) => sendPoints(draft, { points: 41, kinds: ['bonus'] }))
    expect(more).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 40, needed: 41 },
    })
    const none = giver.decide((draft) => sendPoints(draft, { points: 0, kinds: null }))
    expect(none).toMatchObject({ code: 'AMOUNT_NOT_POSITIVE' })
    expect(giver.points).toEqual({ available: 140 })
  })

  it('repays what the receiver owes first', () => {
    const receiver = walletWith({})
    send(receiver, 100)
    receiver.do((draft) =>
      clawBack(draft, { lots: [1], points: 80, forgivenBefore: 0, policy: 'debt' }),
    )
    expect(receiver.points).toEqual({ debt: 80 })
    receive(receiver, send(walletWith({}), 100))
    expect(receiver.points).toEqual({ available: 20 })
  })

  it('what ran out on the way expires with the receiver, and nobody owes it', () => {
    const parts = send(walletWith({ expiresAt: DAY }, {}), 150)
    const receiver = walletWith().until(DAY)
    receive(receiver, parts)
    expect(receiver.points).toEqual({ available: 50 })
    expect(receiver.placesOf(1)).toEqual({ lapsed: 100 })
    expect(receiver.total('expired')).toBe(100)
  })

  it('refuses what the receiver has no room for', () => {
    const receiver = walletWith({ points: MAX_POINTS - 99 })
    const parts = send(walletWith({}), 100)
    expect(receive(receiver, parts)).toMatchObject({
      code: 'BALANCE_TOO_LARGE',
      figures: { available: 99, needed: 100 },
    })
  })

  it('L2: gives back to the very lots, with grace for what ran out, or not at all', () => {
    const kept = walletWith({ expiresAt: DAY }, {})
    const parts = send(kept, 150)
    kept.until(2 * DAY)
    giveBack(kept, parts)
    expect([kept.placesOf(1), kept.placesOf(2)]).toEqual([{ available: 100 }, { available: 100 }])
    expect(kept.lot(1).expiresAt).toBe(7 * DAY)

    const lost = walletWith({ expiresAt: DAY })
    const all = send(lost, 100)
    lost.until(2 * DAY)
    giveBack(lost, all, { policy: 'forfeit' })
    expect([lost.points, lost.placesOf(1)]).toEqual([{}, { lapsed: 100 }])
    expect(lost.total('transferred')).toBe(0)
  })
})
