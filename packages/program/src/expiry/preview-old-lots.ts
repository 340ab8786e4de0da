import { setImmediate } from 'node:timers/promises'
import type { Ledger, Lot, Wallet } from '@pointwell/ledger'
import { tierAt } from '../member/member-facts.js'
import type { Members } from '../member/open-members.js'
import { readMemoAt } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { graceOf, mayChange } from './grace.js'
import { newEnd } from './new-end.js'

/** Members of one step: few enough that a server goes on answering others beside it. */
const MEMBERS_AT_ONCE = 100

export interface LotCount {
  readonly lots: number
  readonly members: number
  /** Over all members it may be more than a number holds. */
  readonly points: bigint
}

/** Lots of a kind that have the same last day, and the same one afterwards; `YYYY-MM-DD`, null: none. */
export interface OldLotsGroup extends LotCount {
  readonly kind: string
  readonly lastDayNow: string | null
  readonly lastDay: string | null
}

export interface OldLotsPreview {
  /** By last day (never: the last), kind and last day now. */
  readonly groups: readonly OldLotsGroup[]
  readonly changed: LotCount
  readonly unchanged: LotCount
  /** Members that were looked at. */
  readonly members: number
}

/**
 * What a policy that begins at `from`, epoch milliseconds, would make of the lots that are open (X4),
 * decided lot by lot as the job decides it; nothing is written. Whatever runs out before the policy
 * begins is left out. It reads each open lot once, a few members at a time, and the memo of whoever has
 * a lot that never ends; members are looked at one after the other, not as of one moment. `doneUntil`:
 * the last member that the same grace was carried out for.
 */
export async function previewOldLots(
  { policy, from, doneUntil }: { policy: PolicyInForce; from: number; doneUntil: number },
  { ledger, members }: { ledger: Ledger; members: Pick<Members, 'page'> },
): Promise<OldLotsPreview> {
  const counts = openCounts()
  let after = 0
  let looked = 0
  for (;;) {
    const page = await members.page(after, MEMBERS_AT_ONCE)
    const wallets = page.map(({ wallet }) => wallet)
    for (const [wallet, ends] of await endsOf(wallets, { policy, from, doneUntil }, ledger)) {
      counts.add(wallet, ends)
    }
    looked += page.length
    after = wallets.at(-1) ?? after
    if (page.length < MEMBERS_AT_ONCE) break
    await setImmediate()
  }
  return { ...counts.sum(policy), members: looked }
}

/** A lot with points that count, and the end that it would have. */
interface Ends {
  readonly lot: Lot
  readonly points: number
  readonly to: number | null
}

async function endsOf(
  wallets: readonly number[],
  { policy, from, doneUntil }: { policy: PolicyInForce; from: number; doneUntil: number },
  ledger: Ledger,
): Promise<ReadonlyMap<number, readonly Ends[]>> {
  if (wallets.length === 0) return new Map()
  const grace = graceOf(policy)
  const open = await ledger.store.findLots(wallets, { open: true })
  const changes = ({ wallet, lot }: { wallet: number; lot: Lot }) =>
    grace !== null && wallet > doneUntil && mayChange(grace, lot)
  const askTier = open.filter((it) => it.lot.expiresAt === null && changes(it))
  const memos = await memosOf(
    [...new Set(askTier.map(({ wallet }) => wallet))],
    { policy, from },
    ledger,
  )
  const ends = new Map<number, Ends[]>()
  for (const it of open) {
    const { wallet, lot } = it
    const points = pointsLeft(lot, from)
    if (points === 0 || (lot.expiresAt !== null && lot.expiresAt <= from)) continue
    const tier = (at: number) => tierAt(memos.get(wallet)!, { policy, at }).id
    const end = changes(it) ? newEnd(lot, { policy, tierAt: tier }) : null
    const to = end !== null && end > from ? end : lot.expiresAt
    const known = ends.get(wallet) ?? []
    ends.set(wallet, known)
    known.push({ lot, points, to })
  }
  return ends
}

async function memosOf(
  wallets: readonly number[],
  { policy, from }: { policy: PolicyInForce; from: number },
  { store }: Ledger,
) {
  const found: readonly Wallet[] = wallets.length > 0 ? await store.findWallets(wallets) : []
  return new Map(
    found.map(({ id, memo }) => [id, readMemoAt(memo, { now: from, calendar: policy.calendar })]),
  )
}

/** Points of a lot that are still there at a moment: what nobody claimed in time is not. */
function pointsLeft(lot: Lot, at: number): number {
  const { available, pending, claimable, held, frozen, confirmAt, claimMs, claimBy } = lot
  const isVoidBy = (by: number | null) => by !== null && by <= at
  const pendingBy = confirmAt !== null && claimMs !== null ? confirmAt + claimMs : null
  return (
    available +
    held +
    frozen +
    (isVoidBy(pendingBy) ? 0 : pending) +
    (isVoidBy(claimBy) ? 0 : claimable)
  )
}

class Count implements LotCount {
  lots = 0
  members = 0
  points = 0n
  #last: number | undefined

  /** A member's lots come one after the other. */
  add(wallet: number, points: number) {
    this.lots += 1
    this.points += BigInt(points)
    if (this.#last !== wallet) this.members += 1
    this.#last = wallet
  }
}

interface Group {
  readonly kind: string
  readonly now: number | null
  readonly to: number | null
  readonly count: Count
}

function openCounts() {
  const groups = new Map<string, Group>()
  const changed = new Count()
  const unchanged = new Count()
  return {
    add(wallet: number, ends: readonly Ends[]) {
      for (const { lot, points, to } of ends) {
        const { kind, expiresAt: now } = lot
        const key = JSON.stringify([kind, now, to])
        const group = groups.get(key) ?? { kind, now, to, count: new Count() }
        groups.set(key, group)
        group.count.add(wallet, points)
        ;(now === to ? unchanged : changed).add(wallet, points)
      }
    },
    sum({ calendar }: PolicyInForce): Omit<OldLotsPreview, 'members'> {
      const lastDay = (end: number | null) => (end === null ? null : calendar.dateOf(end - 1))
      const inOrder = [...groups.values()].sort(
        (a, b) =>
          (a.to ?? Infinity) - (b.to ?? Infinity) ||
          (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : (a.now ?? Infinity) - (b.now ?? Infinity)),
      )
      return {
        groups: inOrder.map(({ kind, now, to, count: { lots, members, points } }) => ({
          kind,
          lastDayNow: lastDay(now),
          lastDay: lastDay(to),
          lots,
          members,
          points,
        })),
        changed,
        unchanged,
      }
    },
  }
}
