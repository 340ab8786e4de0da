import { exact } from '@pointwell/economy'
import {
  type Draft,
  extendLots,
  isRefusal,
  type JsonObject,
  type Lot,
  openLots,
  type Step,
} from '@pointwell/ledger'
import { type Calendar, minorDigits } from '@pointwell/plugin'
import { extendedEnd } from '../expiry/extended-end.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { WaitingSpend } from '../tier/qualifying-spend.js'
import { type RenewalMemory, withSettled } from './renewal-memory.js'
import type { RenewalTask } from './renewal-section.js'

/** Something a member did, as far as renewals go by it. */
export interface RenewalAct {
  /** When, epoch milliseconds; of an order: when it was confirmed. */
  readonly at: number
  readonly source: string
  /** Confirmed spend of one order, minor units. */
  readonly spentMinor?: number
  readonly streak?: number
  readonly behaviour?: string
}

/** What is known of the member once the acts are counted. */
type Known = RenewalMemory & { readonly waiting: Readonly<Record<string, WaitingSpend>> }

interface Renewal {
  readonly renewed: RenewalMemory['renewed']
  /** One a task, of no points: which lots last longer by it, and until when (L9). */
  readonly steps: readonly Step[]
}

/** A task that an act does, for whatever lot it is the time. */
interface Done {
  readonly task: RenewalTask
  readonly act: RenewalAct
}

/**
 * Lots in their last days last longer by what the member did (X5): each by the task that extends it
 * farthest, as often as the policy says. Lots that this very posting opens, and those of `except` (the
 * act's own), are not renewed by it. Asks for the open lots only where a task was done and something
 * may run out soon.
 */
export function renewLots(
  draft: Draft,
  {
    acts,
    known,
    policy,
    except = [],
  }: {
    acts: readonly RenewalAct[]
    known: Known
    policy: PolicyInForce
    except?: readonly number[]
  },
): Renewal {
  const { document, calendar } = policy
  const { now, wallet } = draft.view
  const spent = withSettled(known.spentByDay, known.waiting, { now, calendar })
  const done = acts.flatMap((act) =>
    document.renewal.tasks
      .filter((task) => isDoneBy(task, { act, spent, policy }))
      .map((task): Done => ({ task, act })),
  )
  if (done.length === 0 || !mayEndSoon(draft, done, policy)) {
    return { renewed: known.renewed, steps: [] }
  }
  const chosen = openLots(draft)
    .filter(({ seq }) => seq <= wallet.lastLot && !except.includes(seq))
    .flatMap((lot) => {
      const times = known.renewed[lot.seq]?.times ?? 0
      if (times >= document.renewal.timesPerLot) return []
      const best = farthest(lot, { done, spent, policy, now })
      return best ? [{ ...best, lot: lot.seq, times: times + 1 }] : []
    })
  const extended = extendLots(draft, { ends: chosen })
  if (isRefusal(extended)) throw new Error('a lot of the wallet is not in it')
  const byLot = new Map(extended.map((it) => [it.lot, it]))
  const renewed = { ...known.renewed }
  const lotsOf = new Map<RenewalTask, JsonObject[]>()
  for (const { task, lot, times } of chosen) {
    const change = byLot.get(lot)
    if (!change) continue
    renewed[lot] = { times, until: change.to }
    const shown = lotsOf.get(task) ?? []
    shown.push(shownExtension(wallet.id, { ...change, calendar }))
    lotsOf.set(task, shown)
  }
  const steps = [...lotsOf].map(([{ id, title }, lots]) => ({
    step: 'renewal',
    points: 0,
    figures: { task: id, title: { ...title }, lots },
  }))
  return { renewed, steps }
}

/** A lot that lasts longer, as an explanation shows it: by its last days. */
export function shownExtension(
  wallet: number,
  {
    lot,
    points,
    from,
    to,
    calendar,
  }: { lot: number; points: number; from: number | null; to: number; calendar: Calendar },
): JsonObject {
  return {
    lot: `${wallet}-${lot}`,
    points,
    from: from === null ? null : calendar.dateOf(from - 1),
    through: calendar.dateOf(to - 1),
  }
}

/** Whether a lot's kind is one that a task renews. */
export function isRenewable(task: RenewalTask, kind: string, { kinds }: PolicyDocument): boolean {
  if (task.kinds) return task.kinds.includes(kind)
  return Object.hasOwn(kinds, kind) && kinds[kind]!.renewable
}

/** The first of a lot's last days, on which acts renew it; `YYYY-MM-DD`. */
export function windowOpens(
  expiresAt: number,
  { document, calendar }: Pick<PolicyInForce, 'document' | 'calendar'>,
): string {
  return calendar.addDays(calendar.dateOf(expiresAt - 1), 1 - document.renewal.windowDays)
}

function isDoneBy(
  { when, sources }: RenewalTask,
  { act, spent, policy }: { act: RenewalAct; spent: Spent; policy: PolicyInForce },
): boolean {
  if (sources && !sources.includes(act.source)) return false
  const { spentMinor = 0 } = act
  switch (when.type) {
    case 'spend':
      return spentMinor > 0 && sumFrom('', spent) >= minorOf(when.amount, policy)
    case 'order':
      return spentMinor >= minorOf(when.amount, policy)
    case 'streak':
      return (act.streak ?? 0) >= when.days
    case 'behaviour':
      return act.behaviour === when.behaviour
    case 'act':
      return true
  }
}

type Spent = RenewalMemory['spentByDay']

function sumFrom(day: string, spent: Spent): number {
  return Object.entries(spent).reduce((sum, [on, minor]) => sum + (on >= day ? minor : 0), 0)
}

function minorOf(amount: string, { document }: PolicyInForce): number {
  return exact(amount)
    .times(10 ** minorDigits(document.programme.currency))
    .toNumber()
}

/** Whether anything can run out within the window of an act. Points on hold or frozen do not count as
 * due, yet their lots end too. */
function mayEndSoon({ view }: Draft, done: readonly Done[], { document, calendar }: PolicyInForce) {
  const { nextDueAt, balance } = view.wallet
  if (balance.held + balance.frozen > 0) return true
  const last = Math.max(...done.map(({ act }) => act.at))
  const horizon = calendar.endOf(
    calendar.addDays(calendar.dateOf(last), document.renewal.windowDays - 1),
  )
  return nextDueAt !== null && nextDueAt <= horizon
}

function farthest(
  lot: Lot,
  {
    done,
    spent,
    policy,
    now,
  }: { done: readonly Done[]; spent: Spent; policy: PolicyInForce; now: number },
): { task: RenewalTask; expiresAt: number } | undefined {
  const { expiresAt } = lot
  if (expiresAt === null || expiresAt <= now) return undefined
  let best: { task: RenewalTask; expiresAt: number } | undefined
  for (const { task, act } of done) {
    if (!isRenewable(task, lot.kind, policy.document)) continue
    if (!isInTime({ ...lot, expiresAt }, { task, act, spent, policy })) continue
    const end = extendedEnd(expiresAt, { by: task.extend, calendar: policy.calendar })
    if (!best || end > best.expiresAt) best = { task, expiresAt: end }
  }
  return best
}

/** Whether the act, and all that the task asks for, lies in the lot's own window. */
function isInTime(
  { expiresAt, earnedAt }: { readonly expiresAt: number; readonly earnedAt: number },
  { task: { when }, act, spent, policy }: Done & { spent: Spent; policy: PolicyInForce },
): boolean {
  const { calendar } = policy
  const date = calendar.dateOf(act.at)
  const opens = windowOpens(expiresAt, policy)
  if (date < opens || act.at >= expiresAt || act.at < earnedAt) return false
  if (when.type === 'streak') return calendar.daysBetween(opens, date) + 1 >= when.days
  if (when.type !== 'spend') return true
  // What a short-lived lot was itself earned by is not what renews it.
  const dayAfter = calendar.addDays(calendar.dateOf(earnedAt), 1)
  const from = [opens, dayAfter].toSorted().at(-1)!
  return sumFrom(from, spent) >= minorOf(when.amount, policy)
}
