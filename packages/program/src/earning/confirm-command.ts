import {
  type Command,
  closeDraft,
  confirmLots,
  findLot,
  isRefusal,
  type Json,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  recordKey,
  refuse,
  setMemo,
  type WalletView,
} from '@pointwell/ledger'
import type { EarnSource } from '@pointwell/plugin'
import { confirmDeed } from '../deeds/deeds.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { renewLots } from '../renewal/renew-lots.js'
import { addSpentOn } from '../renewal/renewal-memory.js'
import { keptDays, takeStock } from '../standing/take-stock.js'
import { confirmSpend } from '../tier/qualifying-spend.js'
import { orderName } from './earn-command.js'
import {
  earnKey,
  earnLabels,
  earnRecordId,
  earnResult,
  readEarnBody,
  spendCountsFrom,
  writeEarnBody,
} from './earn-record.js'
import { checkEventTime } from './event-time.js'

/** An event that went in before, and the wallet it went into. */
export interface KnownEvent {
  readonly source: EarnSource
  readonly wallet: number
  readonly memberId: string
  /** Its name among all of its source: `earnRef`. */
  readonly ref: string
}

/**
 * Confirms an event: its pending points become usable (or claimable), its spend counts for the
 * tier. `at`: when it was signed for, epoch milliseconds, default now; a claim's deadline counts
 * from now all the same, so that a late report takes nothing from a member. One that has confirmed
 * by itself stays as it is. Refuses ORDER_NOT_FOUND, ORDER_CANCELLED, EVENT_IN_FUTURE.
 */
export function confirmCommand(
  known: KnownEvent,
  { policies, at }: { policies: PolicyReads; at?: number },
): Command {
  const id = earnRecordId(known.source, known.ref)
  return {
    wallet: known.wallet,
    key: earnKey('confirm', known.source, known.ref),
    content: {},
    needs: { records: [id], lots: (records) => lotsOf(records.get(recordKey(id))) },
    decide: (view) => decide(view, { ...known, policies, at: at ?? view.now }),
  }
}

function decide(
  view: WalletView,
  { source, ref, policies, at }: KnownEvent & { policies: PolicyReads; at: number },
): Posting | Refusal {
  const { now } = view
  const id = earnRecordId(source, ref)
  const record = view.records.get(recordKey(id))
  if (record?.wallet !== view.wallet.id) return refuse('ORDER_NOT_FOUND')
  const body = readEarnBody(record)
  if (body.cancelledAt !== null) return refuse('ORDER_CANCELLED', { when: body.cancelledAt })
  const policy = policies.at(now)
  const early = at > now ? checkEventTime(at, { now, policy }) : null
  if (early) return early

  const draft = openDraft(view)
  const pending = body.lots.filter((seq) => (findLot(draft, seq)?.pending ?? 0) > 0)
  const points = pending.length === 0 ? 0 : confirmLots(draft, { lots: pending })
  if (isRefusal(points)) return points
  const memo = readMemo(view.wallet.memo)
  const order = orderName(source, ref)
  const thisYear = Number(policy.calendar.dateOf(now).slice(0, 4))
  const still = memo.waiting[order]
  const minor = still ? (still.spentMinor ?? still.minor) : 0
  const confirmedAt = spendCountsFrom({ ...body, confirmedAt: Math.max(at, body.at) })
  const date = policy.calendar.dateOf(confirmedAt)
  const deeds = confirmDeed(memo.deeds, order, keptDays(policy, now))
  const confirmed = {
    ...memo,
    ...confirmSpend(memo, { order, thisYear }),
    deeds,
    spentByDay: addSpentOn(memo.spentByDay, { date, minor }),
  }
  const { renewed, steps } = renewLots(draft, {
    acts: still ? [{ at: confirmedAt, source: source.id, spentMinor: minor }] : [],
    known: confirmed,
    policy,
    except: body.lots,
  })
  const stock = takeStock({ ...confirmed, renewed }, { policy, now })
  setMemo(
    draft,
    writeMemo(stock.memo, {
      now,
      calendar: policy.calendar,
      maxAgeDays: policy.document.events.maxAgeDays,
    }),
  )
  putRecord(draft, {
    ...id,
    body: writeEarnBody({ ...body, confirmedAt: body.confirmedAt ?? Math.max(at, body.at) }),
    dueAt: null,
  })
  return closeDraft(draft, {
    type: points > 0 ? 'confirm' : 'note',
    reason: `${source.id}:confirm`,
    explanation: [...stock.steps, ...steps],
    policyVersion: policy.version,
    effectiveAt: Math.max(at, body.at),
    labels: earnLabels(source, body),
    result: earnResult(body, points) as unknown as Json,
  })
}

function lotsOf(record: { body: object } | undefined): readonly number[] {
  return record ? (record.body as { lots: readonly number[] }).lots : []
}
