import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { isRefusal } from '../refusal/refusal.js'
import { type Clawback, clawBack } from './claw-back.js'
import type { Draft } from './draft.js'
import { captureHold, holdPoints, refundHold, refundPart } from './hold.js'
import type { Reinstate } from './put-back.js'

const account = 'redeemed:checkout'
const lapsed: Reinstate = { policy: 'grace', graceMs: 1_000 }

function spent(points: number, lots: { granted?: number; expiresAt?: number }[]): WalletInHand {
  const wallet = walletWith(...lots)
  wallet.decide((draft) => holdPoints(draft, { ref: 'r', points }))
  wallet.decide((draft) => captureHold(draft, { ref: 'r', account }))
  return wallet
}
const back = (wallet: WalletInHand, points: number) =>
  wallet.decide((draft) => refundPart(draft, { ref: 'r', account, lapsed, points }))
/** So much of what was granted is taken back; what is not there is owed. */
const takeBack = (wallet: WalletInHand, points: number) => {
  const request = { lots: [...wallet.lots.keys()], points, forgivenBefore: 0 }
  if (points > 0) wallet.decide((draft) => clawBackAll(draft, request))
}
const clawBackAll = (draft: Draft, request: Omit<Clawback, 'policy'>) => {
  const taken = clawBack(draft, { ...request, policy: 'debt' })
  return isRefusal(taken) ? taken : request.points
}
const places = (wallet: WalletInHand) =>
  [...wallet.lots.values()].map(({ seq, available, expiresAt }) => ({ seq, available, expiresAt }))

describe('refundPart', () => {
  it('L2: gives back first what was taken first', () => {
    const wallet = spent(250, [{ expiresAt: 9_000 }, { expiresAt: 5_000 }, {}])
    back(wallet, 60)
    expect(places(wallet).map(({ available }) => available)).toEqual([0, 60, 50])
    back(wallet, 60)
    expect(places(wallet).map(({ available }) => available)).toEqual([20, 100, 50])
    expect(back(wallet, 131)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 130, needed: 131 },
    })
    back(wallet, 130)
    expect(places(wallet).map(({ available }) => available)).toEqual([100, 100, 100])
    expect(back(wallet, 1)).toMatchObject({ code: 'HOLD_NOT_FOUND' })
  })

  it.each([0, -1, 0.5])('refuses %d points', (points) => {
    expect(back(spent(10, [{}]), points)).toMatchObject({ refused: true })
  })

  it('L2: any parts, and what refundHold gives after them, end where all at once does', () => {
    const lots = fc.array(
      fc.record({ expiresAt: fc.integer({ min: 1_000, max: 9_000 }) }, { requiredKeys: [] }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(
        lots,
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 200 })),
        fc.nat(900),
        (made, n, parts, owed) => {
          const points = 1 + (n % (made.length * 100))
          const [inParts, atOnce] = [spent(points, made), spent(points, made)]
          for (const wallet of [inParts, atOnce]) takeBack(wallet, owed % (made.length * 100))
          let left = points
          for (const part of parts) {
            if (part >= left) break
            expect(back(inParts, part)).toBe(part)
            left -= part
          }
          const rest = inParts.decide((draft) => refundHold(draft, { ref: 'r', account, lapsed }))
          expect(rest).toBe(left)
          atOnce.decide((draft) => refundHold(draft, { ref: 'r', account, lapsed }))
          expect(places(inParts)).toEqual(places(atOnce))
          expect(inParts.balance).toEqual(atOnce.balance)
        },
      ),
    )
  })
})
