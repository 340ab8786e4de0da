import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Move, moveCommand } from '../../../../test/support/move-command.js'
import { MAX_POINTS } from '../draft/check-amount.js'
import { closeDraft } from '../draft/draft.js'
import { mergeWallets } from '../draft/merge-wallets.js'
import type { Reinstate } from '../draft/put-back.js'
import { type Ledger, openLedger } from '../ledger/open-ledger.js'
import type { Posted } from '../posting/posting.js'
import { openMemoryStore } from '../store/open-memory-store.js'
import { LEDGER_REFUSALS, type LedgerRefusalCode } from './ledger-refusals.js'
import { isRefusal, type Refusal, type RefusalFigures } from './refusal.js'

const DAY = 86_400_000
const NOW = 100 * DAY
const GRACE: Reinstate = { policy: 'grace', graceMs: DAY }
const WALLET = 7
const UNKNOWN = 8

function grant(points: number, terms: object = {}): Move {
  const lot = { kind: 'base', source: 'purchase', ref: null, earnedAt: NOW, claimMs: null }
  return { move: 'grant', ...lot, expiresAt: null, points, ...terms }
}
const hold = (points: number, ref = 'r'): Move => ({ move: 'hold', ref, points })
const refund = (ref = 'r'): Move => ({
  move: 'refund',
  ref,
  account: 'redeemed:coupon',
  lapsed: GRACE,
})
const capture = (ref = 'r'): Move => ({ move: 'capture', ref, account: 'redeemed:coupon' })

interface Case {
  readonly code: LedgerRefusalCode
  readonly when: string
  /** What the wallet went through before, each a command of its own. */
  readonly before?: readonly Move[]
  readonly asks: Move
  readonly wallet?: number
  /** It was merged into another wallet by then. */
  readonly merged?: boolean
  /** Default: a fresh one. `used` is that of the first command in `before`. */
  readonly key?: 'used'
  readonly figures: RefusalFigures
}

/** One row for each code; then, for each two that can apply at once, a row of which is the answer. */
const CASES: readonly Case[] = [
  {
    code: 'WALLET_NOT_FOUND',
    when: 'nobody opened the wallet',
    wallet: UNKNOWN,
    asks: grant(1),
    figures: { field: 'wallet' },
  },
  {
    code: 'IDEMPOTENCY_MISMATCH',
    when: 'the key was used for other content',
    before: [grant(10)],
    key: 'used',
    asks: grant(11),
    figures: { field: 'moves.0.points' },
  },
  {
    code: 'WALLET_MERGED',
    when: 'its points went to another wallet since the member was looked up',
    merged: true,
    asks: grant(1),
    figures: {},
  },
  {
    code: 'WALLET_ENDED',
    when: 'the wallet was ended for good',
    before: [grant(10), { move: 'end', reason: 'erased' }],
    asks: grant(1),
    figures: { field: 'wallet' },
  },
  {
    code: 'AMOUNT_NOT_POSITIVE',
    when: 'the points are below zero',
    asks: grant(-1),
    figures: { field: 'points' },
  },
  {
    code: 'AMOUNT_TOO_LARGE',
    when: 'the points are more than a number holds exactly',
    asks: grant(2 ** 53),
    figures: { field: 'points', limit: MAX_POINTS },
  },
  {
    code: 'LOT_NOT_FOUND',
    when: 'the wallet never had the lot',
    before: [grant(10, { claimMs: DAY })],
    asks: { move: 'claim', lots: [1, 2] },
    figures: { field: 'lots.1' },
  },
  {
    code: 'LOT_NOT_PENDING',
    when: 'the lot is confirmed already',
    before: [grant(10)],
    asks: { move: 'confirm', lots: [1] },
    figures: {},
  },
  {
    code: 'CLAIM_TOO_LATE',
    when: 'the deadline of the lot has passed',
    before: [grant(10, { claimMs: DAY, earnedAt: NOW - 2 * DAY })],
    asks: { move: 'claim', lots: [1] },
    figures: { when: NOW - DAY },
  },
  {
    code: 'LOT_NOT_CLAIMABLE',
    when: 'there is nothing to claim',
    before: [grant(10)],
    asks: { move: 'claim' },
    figures: {},
  },
  {
    code: 'HOLD_NOT_FOUND',
    when: 'there is no such hold',
    before: [grant(10)],
    asks: capture(),
    figures: { field: 'ref' },
  },
  {
    code: 'FREEZE_NOT_FOUND',
    when: 'there is no such freeze',
    before: [grant(10)],
    asks: { move: 'thaw', ref: 'r', graceTo: null },
    figures: { field: 'ref' },
  },
  {
    code: 'INSUFFICIENT_POINTS',
    when: 'fewer are available',
    before: [grant(10)],
    asks: hold(11),
    figures: { available: 10, needed: 11 },
  },
  {
    code: 'BALANCE_TOO_LARGE',
    when: 'the wallet could not hold so many',
    before: [grant(MAX_POINTS)],
    asks: grant(1),
    figures: { available: 0, needed: 1 },
  },
]

interface Order extends Omit<Case, 'when' | 'figures'> {
  readonly before: readonly Move[]
  /** Applies as well, and is not the answer. */
  readonly notYet: LedgerRefusalCode
}

const ORDER: readonly Order[] = [
  {
    code: 'WALLET_NOT_FOUND',
    notYet: 'IDEMPOTENCY_MISMATCH',
    before: [grant(10)],
    key: 'used',
    wallet: UNKNOWN,
    asks: grant(11),
  },
  {
    code: 'WALLET_NOT_FOUND',
    notYet: 'AMOUNT_NOT_POSITIVE',
    before: [],
    wallet: UNKNOWN,
    asks: grant(-1),
  },
  {
    code: 'IDEMPOTENCY_MISMATCH',
    notYet: 'AMOUNT_NOT_POSITIVE',
    before: [grant(10)],
    key: 'used',
    asks: grant(-1),
  },
  {
    code: 'IDEMPOTENCY_MISMATCH',
    notYet: 'INSUFFICIENT_POINTS',
    before: [grant(10)],
    key: 'used',
    asks: hold(99),
  },
  { code: 'AMOUNT_NOT_POSITIVE', notYet: 'INSUFFICIENT_POINTS', before: [], asks: hold(0.5) },
  { code: 'AMOUNT_TOO_LARGE', notYet: 'INSUFFICIENT_POINTS', before: [], asks: hold(2 ** 53) },
  {
    code: 'AMOUNT_NOT_POSITIVE',
    notYet: 'BALANCE_TOO_LARGE',
    before: [grant(MAX_POINTS)],
    asks: grant(1.5),
  },
  {
    code: 'AMOUNT_TOO_LARGE',
    notYet: 'BALANCE_TOO_LARGE',
    before: [grant(1)],
    asks: grant(2 ** 53),
  },
  {
    code: 'LOT_NOT_FOUND',
    notYet: 'LOT_NOT_PENDING',
    before: [grant(10)],
    asks: { move: 'confirm', lots: [1, 2] },
  },
  {
    code: 'LOT_NOT_FOUND',
    notYet: 'CLAIM_TOO_LATE',
    before: [grant(10, { claimMs: DAY, earnedAt: NOW - 2 * DAY })],
    asks: { move: 'claim', lots: [1, 2] },
  },
  {
    code: 'LOT_NOT_FOUND',
    notYet: 'LOT_NOT_CLAIMABLE',
    before: [grant(10)],
    asks: { move: 'claim', lots: [1, 2] },
  },
  {
    code: 'CLAIM_TOO_LATE',
    notYet: 'LOT_NOT_CLAIMABLE',
    before: [grant(10), grant(10, { claimMs: DAY, earnedAt: NOW - 2 * DAY })],
    asks: { move: 'claim', lots: [1, 2] },
  },
  {
    code: 'HOLD_NOT_FOUND',
    notYet: 'BALANCE_TOO_LARGE',
    before: [grant(MAX_POINTS), hold(5), capture(), grant(5), hold(5, 'other')],
    asks: refund('other'),
  },
]

async function walletAfter(moves: readonly Move[]): Promise<Ledger> {
  const ledger = openLedger({ store: openMemoryStore(), clock: () => NOW })
  await ledger.openWallets([WALLET])
  for (const [place, move] of moves.entries()) {
    const answer = await ledger.post(
      moveCommand({ wallet: WALLET, key: `before-${place}`, moves: [move] }),
    )
    if (isRefusal(answer)) throw new Error(`${move.move} was refused: ${answer.code}`)
  }
  return ledger
}

async function ask(
  ledger: Ledger,
  { wallet = WALLET, key, asks, merged }: Omit<Case, 'when' | 'figures'>,
) {
  const name = key === 'used' ? 'before-0' : 'fresh'
  const command = moveCommand({ wallet, key: name, moves: [asks] })
  return ledger.post(merged ? { ...command, formerly: [] } : command)
}

/** All of it goes to another wallet. */
async function mergeAway(ledger: Ledger): Promise<void> {
  await ledger.openWallets([UNKNOWN])
  await ledger.merge({
    from: WALLET,
    into: UNKNOWN,
    key: 'merge',
    content: {},
    decide(views) {
      const merged = mergeWallets(views, { graceTo: null })
      if (isRefusal(merged)) return merged
      const terms = { type: 'merge', reason: 'test' } as const
      return { out: closeDraft(merged.out, terms), in: closeDraft(merged.in, terms) }
    },
  })
}

const everything = async (ledger: Ledger) => ({
  wallets: await ledger.store.findWallets([WALLET]),
  lots: await ledger.store.findLots([WALLET], { open: false }),
  transactions: await ledger.store.findTransactions(WALLET, { after: 0, limit: 100 }),
  holds: await ledger.store.findRecordsOf(WALLET, 'hold', { beforeRef: null, limit: 100 }),
})

describe('LEDGER_REFUSALS', () => {
  it('has one case for each code, in its order', () => {
    expect(CASES.map(({ code }) => code)).toEqual([...LEDGER_REFUSALS])
  })

  it.each(CASES)('$code: when $when', async (row) => {
    const ledger = await walletAfter(row.before ?? [])
    // Time moves points before anybody is asked; that is no doing of the refusal.
    await ledger.settle([WALLET])
    if (row.merged) await mergeAway(ledger)
    const before = await everything(ledger)

    const answer = (await ask(ledger, row)) as Refusal
    expect(answer).toMatchObject({ refused: true, code: row.code })
    const { detail, ...figures } = answer.figures
    expect(figures).toEqual(row.figures)

    expect(await everything(ledger), 'L4: a refusal writes nothing').toEqual(before)
    if (row.key || row.merged || row.code === 'WALLET_ENDED') return
    const again = (await ask(ledger, { ...row, wallet: WALLET, asks: grant(0) })) as Posted
    expect(again.replayed, 'L4: a refusal does not use up its key').toBe(false)
  })

  it.each(ORDER)('$code comes before $notYet', async (row) => {
    const places = [row.code, row.notYet].map((code) => LEDGER_REFUSALS.indexOf(code))
    expect(places[0]).toBeLessThan(places[1]!)
    const ledger = await walletAfter(row.before)
    expect(await ask(ledger, row)).toMatchObject({ refused: true, code: row.code })
  })

  it('is closed: the sources refuse with each of these codes and with no other', () => {
    const root = fileURLToPath(new URL('..', import.meta.url))
    const codes = new Set<string>()
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      const source = readFileSync(join(root, file), 'utf8')
      const calls = [...source.matchAll(/\brefuse\(/g)].length
      const named = [...source.matchAll(/\brefuse\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!)
      expect(named.length, `every refuse( in ${file} names its code`).toBe(calls)
      for (const code of named) codes.add(code)
    }
    expect([...codes].sort()).toEqual([...LEDGER_REFUSALS].sort())
  })
})
