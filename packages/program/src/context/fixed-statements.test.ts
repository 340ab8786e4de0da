import { isRefusal } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { statementsOf, tablesOf } from '../../../../test/support/statements-of.js'
import {
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const PEOPLE = 100

/** Everything about a member that its page could show. */
const MEMBERS = `query ($first: Int!) { members(first: $first) { pageInfo { hasNextPage } nodes {
  id lastActiveAt qualifyingSpend birthday { day } consent { channel } identities { kind value }
  tier { id title threshold } tierProgress { next { id } missing until }
  wallet {
    version balance { available pending held expiringSoon { points at } }
    lots { nodes { id granted state } } all: lots(open: false) { nodes { granted } }
    transactions(first: 5) { nodes { points title balance { available } explanation { title } } }
    last: transactions(first: 1) { nodes { id } }
  }
  redemptions(first: 5) { nodes {
    id points status receipt refusal { code } transaction { id explanation { step } }
    offer { title price formulaPrice cost stock { total sold left leftToday } }
  } }
  newest: redemptions(first: 1) { nodes { id } }
  transfers(first: 5) { nodes { id points from to } } newestTransfer: transfers(first: 1) { nodes { id } }
} } }`

const OFFERS = `query ($first: Int!, $memberId: ID) { offers(first: $first, memberId: $memberId) {
  nodes { id title price formulaPrice cost stock { sold left leftToday } pricing { byHand } } } }`

describe.each(availableStores().filter((store) => store !== 'memory'))(
  'A4: what a page costs on %s',
  (store) => {
    it('is the same number of statements, however many members are on it', async () => {
      const test = await openFullProgramme(store)
      const read = (first: number) =>
        statementsOf(test, async () => {
          const { members } = await dataOf(test, MEMBERS, { variables: { first } })
          expect(members.nodes).toHaveLength(first)
          expect(members.pageInfo.hasNextPage).toBe(first < PEOPLE)
          members.nodes.forEach(assertWhole)
        })
      const forOne = await read(1)
      expect(tablesOf(forOne)).toEqual([
        'ledger_counter',
        // Of the transactions of the redemptions; the newest are shown without.
        'ledger_entry',
        // All open ones for what expires soon, and a page of these and of all.
        'ledger_lot',
        'ledger_lot',
        'ledger_lot',
        // Redemptions, and transfers.
        'ledger_record',
        'ledger_record',
        'ledger_transaction',
        'ledger_transaction',
        // Of the members, and later for the prices of what they redeemed.
        'ledger_wallet',
        'ledger_wallet',
        // The page, and who gave points to whom.
        'member',
        'member',
        'member_identity',
        'offer',
      ])
      for (const first of [10, 100]) {
        expect(tablesOf(await read(first))).toEqual(tablesOf(forOne))
      }
    })

    it('L7: is the same number of statements for balances at a past moment', async () => {
      const test = await openFullProgramme(store)
      test.time.now += 3_600_000
      const earned = await test.program.earnMany(
        Array.from({ length: PEOPLE }, (_, n) => ({
          source: 'purchase',
          memberId: `m${n}`,
          event: {
            orderId: `m${n}-later`,
            at: test.time.now,
            lines: [{ id: '1', quantity: 1, priceMinor: 10_00 }],
          },
        })),
      )
      expect(earned.filter(isRefusal)).toEqual([])
      const query = `query ($first: Int!, $at: DateTime!) { members(first: $first) { nodes { wallet {
        balance { available } balanceAt(at: $at) { available }
        before: balanceAt(at: "2026-01-05T03:59:59.999Z") { available }
      } } } }`
      const read = (first: number) =>
        statementsOf(test, async () => {
          const variables = { first, at: new Date(MONDAY_NOON).toISOString() }
          const { members } = await dataOf(test, query, { variables })
          expect(members.nodes).toHaveLength(first)
          for (const [n, { wallet }] of members.nodes.entries()) {
            const available = 30 * (n + 1) - 20
            expect(wallet.balanceAt).toEqual({ available })
            expect(wallet.before).toEqual({ available: 0 })
            expect(wallet.balance.available).toBeGreaterThan(available)
          }
        })
      const forOne = tablesOf(await read(1))
      expect(forOne).toEqual([
        // Where the moments lie, and what is due behind them.
        'ledger_transaction',
        'ledger_transaction',
        // As they are now, once more for both moments, and where the search begins.
        'ledger_wallet',
        'ledger_wallet',
        'ledger_wallet',
        'member',
      ])
      for (const first of [10, 100]) expect(tablesOf(await read(first))).toEqual(forOne)
    })

    it('is the same number of statements, however many offers are on it', async () => {
      const test = await openFullProgramme(store)
      const read = (first: number, memberId: string | null) =>
        statementsOf(test, async () => {
          const { offers } = await dataOf(test, OFFERS, {
            viewer: viewerOf.operator('finance'),
            variables: { first, memberId },
          })
          expect(offers.nodes).toHaveLength(first)
        })
      for (const [memberId, reads] of [
        [null, ['ledger_counter', 'offer']],
        // Who it is, and what it may see at which price.
        ['m1', ['ledger_counter', 'ledger_wallet', 'member', 'offer']],
      ] as const) {
        expect(tablesOf(await read(1, memberId))).toEqual(reads)
        for (const first of [10, 40]) {
          expect(tablesOf(await read(first, memberId))).toEqual(reads)
        }
      }
    })
  },
)

/** A hundred members who have bought, redeemed twice of 40 offers, and passed a point on in a ring. */
async function openFullProgramme(store: 'sqlite' | 'mysql'): Promise<TestProgram> {
  const firstPolicy = { transfers: { enabled: true } }
  const test = await openTestProgram(store, { firstPolicy })
  const { program } = test
  const ids = Array.from({ length: PEOPLE }, (_, n) => `m${n}`)
  const registered = await program.members.registerMany(
    ids.map((id) => ({
      id,
      birthday: { month: 1, day: 2 },
      consent: [{ channel: 'sms', granted: true }],
      identities: [{ kind: 'card', value: `card of ${id}` }],
    })),
  )
  expect(registered.filter(isRefusal)).toEqual([])
  const earned = await program.earnMany(
    ids.flatMap((memberId, n) =>
      [1, 2].map((order) => ({
        source: 'purchase',
        memberId,
        event: {
          orderId: `${memberId}-${order}`,
          at: MONDAY_NOON,
          lines: [{ id: '1', quantity: order, priceMinor: 10_00 * (n + 1) }],
        },
      })),
    ),
  )
  expect(earned.filter(isRefusal)).toEqual([])
  for (let n = 0; n < 40; n++) {
    const offer = await program.offers.create({
      id: `offer-${n}`,
      channel: 'shelf',
      title: { en: `Offer ${n}`, zh: `项目 ${n}` },
      cashValue: '10.00 CNY',
      cost: '3.00 CNY',
      price: { byHand: 10 },
      stock: { total: 1_000, perDay: 100 },
    })
    expect(isRefusal(offer)).toBe(false)
  }
  const redeemed = await Promise.all(
    ids.flatMap((memberId, n) =>
      [0, 1].map((which) =>
        program.redemptions.redeem({
          memberId,
          offerId: `offer-${(n + which) % 40}`,
          idempotencyKey: `${which}`,
        }),
      ),
    ),
  )
  expect(redeemed.filter(isRefusal)).toEqual([])
  const transferred = await Promise.all(
    ids.map((memberId, n) =>
      program.transfers.give({
        memberId,
        to: `m${(n + 1) % PEOPLE}`,
        points: 1,
        idempotencyKey: 'ring',
        mayKnow: true,
      }),
    ),
  )
  expect(transferred.filter(isRefusal)).toEqual([])
  return test
}

/** Nothing of the page was left out: what it shows is what was put in, for each member its own. */
function assertWhole(member: Data, n: number): void {
  expect(member.id).toBe(`m${n}`)
  expect(member.identities).toEqual([{ kind: 'card', value: `card of m${n}` }])
  expect(member.qualifyingSpend).toBe(`${30 * (n + 1)}.00 CNY`)
  expect(member.wallet.balance).toMatchObject({ available: 30 * (n + 1) - 20, held: 0 })
  expect(member.wallet.all.nodes.map(({ granted }: Data) => granted).toSorted()).toEqual(
    [1, 10 * (n + 1), 20 * (n + 1)].toSorted(),
  )
  expect(member.wallet.transactions.nodes).toHaveLength(5)
  expect(member.wallet.last.nodes).toHaveLength(1)
  const { nodes } = member.redemptions
  expect(nodes.map(({ offer }: Data) => offer.title).toSorted()).toEqual(
    [`Offer ${n % 40}`, `Offer ${(n + 1) % 40}`].toSorted(),
  )
  const ends = member.transfers.nodes.map(({ from, to }: Data) => `${from}>${to}`).toSorted()
  const [before, after] = [(n + PEOPLE - 1) % PEOPLE, (n + 1) % PEOPLE]
  expect(ends).toEqual([`m${before}>m${n}`, `m${n}>m${after}`].toSorted())
  expect(member.newest.nodes).toEqual([{ id: nodes[0].id }])
  for (const { offer, transaction, receipt, id } of nodes) {
    expect(offer.stock.left).toBe(1_000 - offer.stock.sold)
    expect(offer.stock.sold).toBeGreaterThanOrEqual(4)
    expect(offer.price).toBe(10)
    expect(transaction.id).toMatch(new RegExp(`^${n + 1}-\\d+$`))
    expect(receipt).toEqual({ id })
  }
}
