import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import type { Acting } from '../audit/acting.js'
import { countWaitingDeeds } from '../deeds/deeds.js'
import { tierAt } from '../member/member-facts.js'
import { type ProgrammeMemo, readMemoAt } from '../memo/programme-memo.js'

const RUNS: Record<StoreName, number> = { memory: 60, sqlite: 8, mysql: 6 }
const HOUR_MS = 3_600_000

/** No expiry and one rate for all tiers: else two members and one would not earn the same before. */
const title = { en: 'x', zh: 'x' }
const POLICY = {
  kinds: { task: { title, expiry: { term: 'never' } } },
  sources: { purchase: { kind: 'task', settings: { confirmAfterMs: 30 * HOUR_MS } } },
  tiers: {
    levels: [
      { id: 'regular', title, threshold: '0', earnMultiplier: '1' },
      { id: 'silver', title, threshold: '300', earnMultiplier: '1' },
      { id: 'gold', title, threshold: '900', earnMultiplier: '1' },
    ],
  },
  returns: { policy: 'debt' },
}
/** Points that run out, and tiers that earn more: an operator gave all of them the same one for a while. */
const FLEETING = {
  ...POLICY,
  kinds: { task: { title, expiry: { term: 'days', days: 6 } } },
  tiers: {
    levels: [
      { id: 'regular', title, threshold: '0', earnMultiplier: '1' },
      { id: 'silver', title, threshold: '300', earnMultiplier: '1.2' },
      { id: 'gold', title, threshold: '900', earnMultiplier: '1.5' },
    ],
  },
}
/** Longer than all that is done before a merge. */
const GIVEN_HOURS = 14 * 20 + 1
const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '1.00 CNY',
  price: { byHand: 25 },
}

const wait = (most: number) =>
  fc.record({ act: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: most }) })
const who = fc.constantFrom<'ann' | 'bob'>('ann', 'bob')
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('order' as const),
      who,
      yuan: fc.integer({ min: 1, max: 90 }),
      quantity: fc.integer({ min: 1, max: 3 }),
      confirmed: fc.boolean(),
    }),
  },
  fc.record({ act: fc.constantFrom('confirm', 'cancel', 'resend'), nth: fc.nat(20), who }),
  fc.record({
    act: fc.constant('return' as const),
    nth: fc.nat(20),
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
  { weight: 2, arbitrary: fc.record({ act: fc.constant('redeem' as const), who }) },
  fc.record({ act: fc.constant('give back' as const), nth: fc.nat(10) }),
  wait(20),
)
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

interface Order {
  readonly event: { orderId: string; at: number; lines: object[]; confirmed: boolean }
}

/** A life of two members, and beside it, the oracle: the very same done by one in a programme of its own. */
class Lives {
  private readonly orders: Order[] = []
  private readonly redemptions: { id: string; twin: string }[] = []
  private count = 0

  constructor(
    readonly two: TestProgram,
    readonly one: TestProgram,
    /** Lot by lot. */
    private readonly exactly = false,
  ) {}

  async happen(it: Act): Promise<void> {
    const { two, one } = this
    this.count++
    two.time.now += 1
    one.time.now = two.time.now
    switch (it.act) {
      case 'wait':
        two.time.now += it.hours * HOUR_MS
        one.time.now = two.time.now
        return
      case 'order': {
        const lines = [{ id: 'a', quantity: it.quantity, priceMinor: it.yuan * 100 }]
        const orderId = `o${this.count}`
        const order = { event: { orderId, at: two.time.now, lines, confirmed: it.confirmed } }
        this.orders.push(order)
        return this.same(
          (test, id) => test.program.earn({ source: 'purchase', memberId: id, event: order.event }),
          it.who,
        )
      }
      case 'resend': {
        const order = this.orders[it.nth % (this.orders.length || 1)]
        if (!order) return
        const owner = this.owner.get(order.event.orderId)!
        // Before the merge it is another member's order to whoever did not make it.
        const memberId = this.merged ? it.who : owner
        const again = await two.program.earn({ source: 'purchase', memberId, event: order.event })
        expect(again, 'the same again').toMatchObject({ replayed: true })
        return
      }
      case 'confirm':
      case 'cancel': {
        const once = this.orders[it.nth % (this.orders.length || 1)]?.event.orderId
        if (!once) return
        const name = { source: 'purchase', once }
        return this.same(({ program }) =>
          it.act === 'confirm' ? program.confirmEarned(name) : program.cancelEarned(name),
        )
      }
      case 'return': {
        const once = this.orders[it.nth % (this.orders.length || 1)]?.event.orderId
        if (!once) return
        const taken = { returnId: `r${this.count}`, lines: [{ line: 'a', quantity: it.quantity }] }
        return this.same(({ program }) => program.returnEarned({ source: 'purchase', once, taken }))
      }
      case 'redeem': {
        const id = this.merged ? it.who : it.who
        const both = [await this.available(two, id), await this.available(one, 'one')]
        if (both.some((points) => points < 25)) return
        const named = { offerId: 'tea', idempotencyKey: `k${this.count}` }
        const here = await two.program.redemptions.redeem({ ...named, memberId: id })
        const there = await one.program.redemptions.redeem({ ...named, memberId: 'one' })
        if (isRefusal(here) || isRefusal(there)) throw new Error('a redemption was refused')
        this.redemptions.push({ id: here.id, twin: there.id })
        return
      }
      case 'give back': {
        const redemption = this.redemptions[it.nth % (this.redemptions.length || 1)]
        if (!redemption) return
        const here = await two.program.redemptions.cancel(redemption.id)
        const there = await one.program.redemptions.cancel(redemption.twin)
        expect(isRefusal(here)).toBe(isRefusal(there))
        return
      }
    }
  }

  merged = false
  private readonly owner = new Map<string, 'ann' | 'bob'>()

  async merge(from: 'ann' | 'bob'): Promise<void> {
    const into = from === 'ann' ? 'bob' : 'ann'
    const { two } = this
    const before = await this.totals(two)
    const merge = await two.program.merges.merge({
      from,
      into,
      reason: 'one person',
      idempotencyKey: 'm',
      by: 'rosa',
    })
    expect(merge).toMatchObject({ from: { id: from }, into: { id: into } })
    expect((merge as { finishedAt: number | null }).finishedAt).not.toBeNull()
    expect(await this.totals(two), 'no account has more or less').toEqual(before)
    this.merged = true
  }

  /** Both find the same: what there is, what is owed, and what it counts for. */
  async compare(): Promise<void> {
    const { two, one } = this
    const wallets = this.merged ? [await this.wallet(two, 'ann')] : []
    const twin = await this.wallet(one, 'one')
    for (const wallet of wallets) {
      expect(wallet.balance).toEqual(twin.balance)
      // By now: what has confirmed by itself may be counted already in one, and in the other not yet.
      const now = one.time.now
      const { calendar } = one.program.policies.at(now)
      const [of, ofTwin] = [wallet, twin].map(({ memo }) => {
        const known = readMemoAt(memo, { now, calendar })
        const kept = { today: calendar.dateOf(now), months: 12 }
        return { ...known, deeds: countWaitingDeeds(known.deeds, now, kept) }
      }) as [ProgrammeMemo, ProgrammeMemo]
      const [tier, ofTwinTier] = [of, ofTwin].map(
        (it) => tierAt(it, { policy: one.program.policies.at(now), at: now }).id,
      )
      expect(tier).toBe(ofTwinTier)
      if (this.exactly) expect(await this.lots(two, wallet)).toEqual(await this.lots(one, twin))
      for (const part of ['spend', 'waiting', 'spentByDay', 'activeDays', 'deeds'] as const) {
        expect(of[part], part).toEqual(ofTwin[part])
      }
    }
    for (const id of this.merged ? ['ann', 'bob'] : []) {
      expect((await two.program.members.find(id))!.wallet).toBe(wallets[0]!.id)
    }
  }

  private async same(
    ask: (test: TestProgram, memberId: string) => Promise<unknown>,
    whose: 'ann' | 'bob' = 'ann',
  ): Promise<void> {
    const last = this.orders.at(-1)?.event.orderId
    if (last && !this.owner.has(last)) this.owner.set(last, whose)
    const here = (await ask(this.two, whose)) as { points?: number; code?: string }
    const there = (await ask(this.one, 'one')) as { points?: number; code?: string }
    expect({ points: here.points, code: here.code }).toEqual({
      points: there.points,
      code: there.code,
    })
  }

  private async wallet({ program, ledger }: TestProgram, id: string) {
    const { wallet } = (await program.members.find(id))!
    await ledger.settle([wallet])
    return (await ledger.store.findWallets([wallet]))[0]!
  }

  /** By what they are, not by their numbers. */
  private async lots({ ledger }: TestProgram, { id }: { id: number }) {
    const found = await ledger.store.findLots([id], { open: false })
    return found.map(({ lot: { seq: _, ...lot } }) => JSON.stringify(lot)).sort()
  }

  private async available(test: TestProgram, id: string): Promise<number> {
    return (await this.wallet(test, id)).balance.available
  }

  /** Of system accounts, with what is due done. */
  private async totals(test: TestProgram) {
    for (const id of ['ann', 'bob']) await this.wallet(test, id)
    const totals = await test.ledger.store.findTotalsAt(Number.MAX_SAFE_INTEGER)
    const of = (account: string) => Number(totals.get(account) ?? 0)
    return {
      issued: of('issued:purchase'),
      voided: of('voided:returned'),
      back: of('clawed-back'),
      redeemed: of('redeemed:shelf'),
      onTheWay: of('merged'),
      // What is owed may be paid by what the other has; together they are what they were.
      worth: of('available') + of('debt'),
      pending: of('pending'),
    }
  }
}

describe.each(availableStores())('M8: two members who are one, on %s', (store) => {
  it('everything after a merge is as for one member who had done all', async () => {
    const property = fc.asyncProperty(
      fc.array(act, { minLength: 3, maxLength: 14 }),
      who,
      fc.array(act, { minLength: 2, maxLength: 12 }),
      async (before, from, after) => {
        const options = { firstPolicy: POLICY, time: { now: MONDAY_NOON } }
        const two = await openTestProgram(store, options)
        const one = await openTestProgram('memory', { ...options, time: { now: MONDAY_NOON } })
        await two.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
        await one.program.members.register({ id: 'one' })
        for (const { program } of [two, one]) await program.offers.create(tea)
        const lives = new Lives(two, one)
        for (const it of before) await lives.happen(it)
        await lives.merge(from)
        await lives.compare()
        for (const it of after) {
          await lives.happen(it)
          await lives.compare()
        }
        for (const { ledger } of [two, one]) {
          expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true })
        }
        await two.program.close()
      },
    )
    await fc.assert(property, { numRuns: RUNS[store] })
  })

  it('X1, M3: also where points run out, and tiers earn more', async () => {
    // Which of the points were spent before hangs on who spent them: that is not the same for one.
    const apart = act.filter((it) => it.act !== 'redeem' && it.act !== 'give back')
    const after = fc.oneof({ weight: 4, arbitrary: act }, { weight: 1, arbitrary: wait(24 * 12) })
    const property = fc.asyncProperty(
      fc.array(apart, { minLength: 3, maxLength: 14 }),
      who,
      fc.array(after, { minLength: 4, maxLength: 14 }),
      async (before, from, later) => {
        const options = { firstPolicy: FLEETING, time: { now: MONDAY_NOON } }
        const two = await openTestProgram(store, options)
        const one = await openTestProgram('memory', { ...options, time: { now: MONDAY_NOON } })
        await two.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
        await one.program.members.register({ id: 'one' })
        const given = { tier: 'gold', until: MONDAY_NOON + GIVEN_HOURS * HOUR_MS }
        const acting: Acting = {
          by: 'rosa',
          roles: ['admin'],
          address: null,
          reason: 'the same for all',
        }
        for (const [{ program }, ids] of [
          [two, ['ann', 'bob']],
          [one, ['one']],
        ] as const) {
          await program.offers.create(tea)
          for (const memberId of ids) {
            const set = { memberId, given, idempotencyKey: 'g', acting }
            expect(isRefusal(await program.tiers.set(set))).toBe(false)
          }
        }
        const lives = new Lives(two, one, true)
        for (const it of before) await lives.happen(it)
        await lives.merge(from)
        await lives.compare()
        for (const it of later) {
          await lives.happen(it)
          await lives.compare()
        }
        for (const { ledger } of [two, one]) {
          expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true })
        }
        await two.program.close()
      },
    )
    await fc.assert(property, { numRuns: RUNS[store] })
  })
})
