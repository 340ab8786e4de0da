import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WalletInHand } from '../../../../test/support/wallet-in-hand.js'
import type { Lot } from '../wallet/wallet.js'
import { clawBack } from './claw-back.js'
import { freezePoints, thawPoints } from './freeze-points.js'
import { grantPoints, type NewLot } from './grant-points.js'
import { captureHold, holdPoints, releaseHold } from './hold.js'
import { settleNextDue } from './settle-next-due.js'

const DAY = 86_400_000

function grant(wallet: WalletInHand, lot: Partial<NewLot>, lotsLoaded = true): void {
  wallet.decide(
    (draft) =>
      grantPoints(draft, {
        kind: 'base',
        source: 'purchase',
        ref: null,
        points: 100,
        earnedAt: 0,
        claimMs: null,
        expiresAt: null,
        ...lot,
      }),
    { lotsLoaded },
  )
}

function walletWith(...lots: Partial<NewLot>[]): WalletInHand {
  const wallet = new WalletInHand()
  for (const lot of lots) grant(wallet, lot)
  return wallet
}

const settled = (wallet: WalletInHand, from: number) =>
  wallet.postings
    .slice(from)
    .map(({ type, effectiveAt, entries }) => [type, effectiveAt / DAY, entries[0]?.lot])

describe('settleNextDue', () => {
  it('X7: does nothing before its instant, and the move at its instant', () => {
    const wallet = walletWith({ expiresAt: 3 * DAY })
    wallet.now = 3 * DAY - 1
    expect(settleNextDue(wallet.view())).toBe(undefined)
    wallet.now = 3 * DAY
    expect(settleNextDue(wallet.view())).toMatchObject({
      type: 'expire',
      reason: 'expired',
      effectiveAt: 3 * DAY,
      entries: [
        { account: 'available', lot: 1, amount: -100 },
        { account: 'expired', lot: 1, amount: 100 },
      ],
      wallet: { balance: { available: 0 }, updatedAt: 3 * DAY, nextDueAt: null },
    })
  })

  it('X7: catches up in the order in which things were due, however late it runs', () => {
    const wallet = walletWith(
      { expiresAt: 9 * DAY },
      { pending: { confirmAt: 2 * DAY }, claimMs: 3 * DAY },
      { expiresAt: 4 * DAY },
      { pending: { confirmAt: 6 * DAY }, expiresAt: 8 * DAY },
    )
    wallet.until(100 * DAY)
    expect(settled(wallet, 4)).toEqual([
      ['confirm', 2, 2],
      ['expire', 4, 3],
      ['void', 5, 2],
      ['confirm', 6, 4],
      ['expire', 8, 4],
      ['expire', 9, 1],
    ])
    expect(wallet.points).toEqual({})
    expect(wallet.wallet.version).toBe(10)
  })

  it('X7: ends the same whether it runs at each instant or once at the end', () => {
    const lots = fc.array(
      fc.record({
        points: fc.integer({ min: 1, max: 50 }),
        pending: fc.option(
          fc.record({ confirmAt: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }) }),
          { nil: undefined },
        ),
        claimMs: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
        expiresAt: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(lots, (lots) => {
        const late = walletWithAt0(lots)
        const steady = walletWithAt0(lots)
        for (let now = 0; now <= 40; now++) steady.until(now)
        late.until(40)
        expect([...late.lots.values()]).toEqual([...steady.lots.values()])
        expect(late.balance).toEqual(steady.balance)
        expect(settled(late, lots.length)).toEqual(settled(steady, lots.length))
      }),
      { numRuns: 300 },
    )
  })

  it('X7: takes lots that end at the same instant in one transaction', () => {
    const wallet = walletWith({ expiresAt: DAY }, { expiresAt: DAY }, { expiresAt: 2 * DAY })
    wallet.until(DAY)
    expect(wallet.postings).toHaveLength(4)
    expect(wallet.postings[3]!.entries.map(({ lot }) => lot)).toEqual([1, 1, 2, 2])
  })

  it('X7: is the same however the store happened to load the lots', () => {
    const wallet = walletWith(
      { points: 100 },
      { points: 50, pending: { confirmAt: DAY }, expiresAt: 5 * DAY },
      { points: 50, pending: { confirmAt: DAY }, expiresAt: 9 * DAY },
      { expiresAt: DAY },
    )
    wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 200 }))
    wallet.do((draft) => captureHold(draft, { ref: 'r', account: 'redeemed:coupon' }))
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 70, forgivenBefore: 0, policy: 'debt' }),
    )
    const backwards = wallet.copy()
    const lots = [...backwards.lots].reverse()
    backwards.lots.clear()
    for (const [seq, lot] of lots) backwards.lots.set(seq, lot)
    wallet.until(DAY)
    backwards.until(DAY)
    expect(backwards.postings).toEqual(wallet.postings)
    expect(wallet.placesOf(2)).toEqual({})
    expect(wallet.placesOf(3)).toEqual({ available: 30 })
  })

  it('L5: what confirms by itself repays what is owed', () => {
    const wallet = walletWith({ points: 40 }, { points: 60, pending: { confirmAt: DAY } })
    wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 40 }))
    wallet.do((draft) =>
      clawBack(draft, { lots: [1], points: 40, forgivenBefore: 0, policy: 'debt' }),
    )
    wallet.until(DAY)
    expect(wallet.points).toEqual({ available: 20, held: 40 })
  })

  it('L3: leaves alone what is held or frozen in a lot that expires', () => {
    const wallet = walletWith({ expiresAt: DAY })
    wallet.do((draft) => holdPoints(draft, { ref: 'r', points: 20 }))
    wallet.do((draft) => freezePoints(draft, { ref: 'f', points: 30 }))
    wallet.until(DAY)
    expect(wallet.placesOf(1)).toEqual({ held: 20, frozen: 30, lapsed: 50 })
    expect(settleNextDue(wallet.view())).toBe(undefined)
  })

  it('a pending lot waits for its confirmation also after its last day', () => {
    const wallet = walletWith({ pending: { confirmAt: null }, expiresAt: DAY })
    wallet.until(5 * DAY)
    expect(wallet.points).toEqual({ pending: 100 })
  })

  it('a lot granted after its last day is gone before anybody can spend it', () => {
    const wallet = new WalletInHand({ now: 9 * DAY })
    grant(wallet, { expiresAt: 2 * DAY })
    expect(wallet.wallet.nextDueAt).toBe(2 * DAY)
    expect(wallet.decide((draft) => holdPoints(draft, { ref: 'r', points: 1 }))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
    })
    expect(wallet.postings.at(-1)).toMatchObject({ type: 'expire', effectiveAt: 2 * DAY })
  })
})

describe('nextDueAt', () => {
  it('is exact when the lots were loaded, and never too late when they were not', () => {
    const step = fc.oneof(
      fc.record({
        move: fc.constant('grant' as const),
        lotsLoaded: fc.boolean(),
        confirmAt: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
        claimMs: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null }),
        expiresAt: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
      }),
      fc.record({ move: fc.constantFrom('hold' as const, 'release' as const) }),
      fc.record({ move: fc.constantFrom('freeze' as const, 'thaw' as const) }),
      fc.record({ move: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 10 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const wallet = new WalletInHand()
        let holds = 0
        for (const step of steps) {
          let exact = true
          if (step.move === 'wait') wallet.until(wallet.now + step.ms)
          else if (step.move === 'grant') {
            const pending = step.confirmAt === undefined ? undefined : { confirmAt: step.confirmAt }
            grant(wallet, { ...step, earnedAt: wallet.now, pending }, step.lotsLoaded)
            exact = step.lotsLoaded
          } else if (step.move === 'hold') {
            holds++
            wallet.decide((draft) => holdPoints(draft, { ref: `${holds}`, points: 30 }))
          } else if (step.move === 'release') {
            const lapsed = { policy: 'grace', graceMs: 5 } as const
            wallet.decide((draft) => releaseHold(draft, { ref: `${holds}`, lapsed }))
          } else if (step.move === 'freeze') {
            const ref = `${wallet.wallet.version}`
            wallet.decide((draft) => freezePoints(draft, { ref, points: 20 }))
          } else {
            const ref = wallet.wallet.lock?.freezes.at(-1)?.ref ?? 'none'
            wallet.decide((draft) => thawPoints(draft, { ref, graceTo: null }))
          }
          const posted = wallet.postings.at(-1)
          const truth = earliest([...wallet.lots.values()])
          const known = wallet.wallet.nextDueAt
          // That it is never too late is what WalletInHand itself holds each posting to.
          if (exact && posted && step.move !== 'wait' && known !== null && truth === null) {
            expect(known).toBeLessThanOrEqual(wallet.now)
          }
          if (truth !== null) expect(known).toBeLessThanOrEqual(truth)
        }
        // Whoever loads the lots puts it right.
        wallet.decide((draft) => grantPoints(draft, { ...NOTHING, points: 0 }))
        expect(wallet.wallet.nextDueAt).toBe(earliest([...wallet.lots.values()]))
      }),
      { numRuns: 500 },
    )
  })
})

const NOTHING = {
  kind: 'base',
  source: 'purchase',
  ref: null,
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
}

function walletWithAt0(lots: readonly Partial<NewLot>[]): WalletInHand {
  const wallet = new WalletInHand({ now: 0 })
  // All of them before the first instant passes: what is due at 0 settles afterwards in both.
  wallet.do((draft) => {
    for (const lot of lots) grantPoints(draft, { ...NOTHING, points: 1, ...lot })
  })
  while (wallet.postings.length < lots.length) {
    wallet.take({ ...wallet.postings[0]!, entries: [], lots: [] })
  }
  return wallet
}

function earliest(lots: readonly Lot[]): number | null {
  const instants = lots.flatMap((lot) => {
    if (lot.pending > 0) return lot.confirmAt ?? []
    const ends: number[] = []
    if (lot.claimable > 0 && lot.claimBy !== null) ends.push(lot.claimBy)
    if (lot.claimable + lot.available > 0 && lot.expiresAt !== null) ends.push(lot.expiresAt)
    return ends
  })
  return instants.length === 0 ? null : Math.min(...instants)
}
