import {
  addToCounter,
  type Command,
  captureHold,
  closeDraft,
  type Draft,
  holdId,
  holdLots,
  isRefusal,
  type JsonObject,
  openDraft,
  type Posting,
  type PostingTerms,
  putRecord,
  type Refusal,
  recordKey,
  refundHold,
  refuse,
  releaseHold,
  setMemo,
  transactionId,
  type WalletView,
} from '@pointwell/ledger'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { endOldLots } from '../expiry/end-old-lots.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { leaseMs } from './redeem-command.js'
import {
  type Redemption,
  type RedemptionStatus,
  readRedemption,
  redemptionId,
  redemptionLabels,
  writeRedemption,
} from './redemption-record.js'
import { reinstate } from './reinstate.js'

/** Somebody else took the redemption further already. Never leaves this folder. */
export const MOVED_ON = 'MOVED_ON'

const ASKING: readonly RedemptionStatus[] = ['held', 'unknown']

interface Tools {
  readonly policies: PolicyReads
}

/** A job takes up a redemption nobody is asking the channel about. The attempt is a part of the
 * key: of two servers that try, one finds that its posting was there already. */
export function takeUpCommand(redemption: Redemption, tools: Tools): Command {
  const attempt = redemption.attempts + 1
  return command(redemption, `try:${attempt}`, tools, {
    from: [...ASKING, 'cancelling'],
    change: ({ redemption: { dueAt }, now, policy }) => {
      if (dueAt === null || dueAt > now) return refuse(MOVED_ON)
      return { attempts: attempt, dueAt: now + waitMs(policy, attempt) }
    },
    terms: { type: 'note', reason: 'redemption:ask' },
  })
}

/** The channel could not say. */
export function unknownCommand(redemption: Redemption, tools: Tools): Command {
  return command(redemption, 'unknown', tools, {
    from: ['held'],
    change: ({ now, policy }) => ({ status: 'unknown', dueAt: now + waitMs(policy, 1) }),
    terms: { type: 'note', reason: 'redemption:unknown' },
  })
}

/** The channel gave it: the points are spent. */
export function captureCommand(redemption: Redemption, receipt: unknown, tools: Tools): Command {
  return command(redemption, 'capture', tools, {
    from: ASKING,
    change: ({ draft, now }) => {
      const account = accountOf(redemption)
      const captured = captureHold(draft, { ref: redemption.id, account })
      if (isRefusal(captured)) return captured
      return { status: 'fulfilled', receipt, settledAt: now, dueAt: null }
    },
    terms: { type: 'capture', reason: `offer:${redemption.offer.id}` },
  })
}

/** The channel said no: points, stock and limit go back. */
export function releaseCommand(redemption: Redemption, code: string, tools: Tools): Command {
  return command(redemption, 'release', tools, {
    from: ASKING,
    change: ({ draft, now, policy }) => {
      const lapsed = reinstate(policy, now)
      const released = releaseHold(draft, { ref: redemption.id, lapsed })
      if (isRefusal(released)) return released
      giveBack(draft, redemption, policy)
      return { status: 'released', refusal: { code }, settledAt: now, dueAt: null }
    },
    terms: { type: 'release', reason: `offer:${redemption.offer.id}` },
  })
}

/** Somebody wants to give it back: the channel is asked from here on. */
export function cancellingCommand(
  redemption: Redemption,
  { acting = null, ...tools }: Tools & { readonly acting?: Acting | null },
): Command {
  const cancellations = redemption.cancellations + 1
  return command(redemption, `cancelling:${cancellations}`, tools, {
    from: ['fulfilled'],
    change: ({ now, policy }) => ({
      status: 'cancelling',
      cancellations,
      dueAt: now + leaseMs(policy.document.redemption.timeoutSeconds),
    }),
    terms: {
      type: 'note',
      reason: 'redemption:cancelling',
      result: markAct(acting, 'cancelRedemption', { redemption: redemption.id }),
    },
  })
}

/** The channel took it back: points, stock and limit go back, to the very lots (L2). */
export function refundCommand(redemption: Redemption, tools: Tools): Command {
  return command(redemption, 'refund', tools, {
    from: ['cancelling'],
    change: ({ draft, now, policy }) => {
      const account = accountOf(redemption)
      const lapsed = reinstate(policy, now)
      // Lots that had nothing left when old ones were given their last day get it now.
      endOldLots(draft, { lots: holdLots(draft.view.records, redemption.id), policy })
      const refunded = refundHold(draft, { ref: redemption.id, account, lapsed })
      if (isRefusal(refunded)) return refunded
      giveBack(draft, redemption, policy)
      return { status: 'cancelled', refusal: null, settledAt: now, dueAt: null }
    },
    terms: {
      type: 'refund',
      reason: `offer:${redemption.offer.id}`,
      corrects: transactionId({
        wallet: redemption.origin ?? redemption.wallet,
        version: redemption.version,
      }),
    },
  })
}

/** The channel does not take it back: it stays as it was. */
export function keepCommand(redemption: Redemption, code: string, tools: Tools): Command {
  return command(redemption, `keep:${redemption.cancellations}`, tools, {
    from: ['cancelling'],
    change: () => ({ status: 'fulfilled', refusal: { code }, dueAt: null }),
    terms: { type: 'note', reason: 'redemption:kept' },
  })
}

interface Move {
  /** The statuses it can be made in; in any other it is MOVED_ON. */
  readonly from: readonly RedemptionStatus[]
  readonly change: (at: {
    readonly draft: Draft
    readonly now: number
    readonly policy: PolicyInForce
    readonly redemption: Redemption
  }) => Partial<Redemption> | Refusal
  readonly terms: PostingTerms
}

function command(redemption: Redemption, step: string, { policies }: Tools, move: Move): Command {
  const { id, wallet, stock } = redemption
  return {
    wallet,
    key: `redemption:${id}:${step}`,
    content: {},
    needs: {
      records: [redemptionId(id), holdId(id)],
      lots: (records) => holdLots(records, id),
      counters: stock,
    },
    decide: (view) => decide(view, id, policies.at(view.now), move),
  }
}

function decide(
  view: WalletView,
  id: string,
  policy: PolicyInForce,
  { from, change, terms }: Move,
): Posting | Refusal {
  const record = view.records.get(recordKey(redemptionId(id)))
  if (record?.wallet !== view.wallet.id) return refuse('REDEMPTION_NOT_FOUND')
  const redemption = readRedemption(record)
  if (!from.includes(redemption.status)) return refuse(MOVED_ON)
  const draft = openDraft(view)
  const changed = change({ draft, now: view.now, policy, redemption })
  if (isRefusal(changed)) return changed
  putRecord(draft, writeRedemption({ ...redemption, ...changed }))
  return closeDraft(draft, {
    ...terms,
    policyVersion: policy.version,
    labels: redemptionLabels(redemption),
    result: { ...(terms.result as JsonObject | undefined), redemptionId: id },
  })
}

/** Stock that comes back is sold again (R8), and the member may redeem again. */
function giveBack(draft: Draft, { stock, limit }: Redemption, policy: PolicyInForce): void {
  for (const counter of stock) addToCounter(draft, counter, -1)
  const memo = readMemo(draft.view.wallet.memo)
  const used = limit === null ? 0 : (memo.offers[limit] ?? 0)
  if (limit === null || used === 0) return
  const { [limit]: _, ...others } = memo.offers
  const offers = used === 1 ? others : { ...others, [limit]: used - 1 }
  const { calendar, document } = policy
  const terms = { now: draft.view.now, calendar, maxAgeDays: document.events.maxAgeDays }
  setMemo(draft, writeMemo({ ...memo, offers }, terms))
}

function accountOf({ channel }: Redemption): string {
  return `redeemed:${channel}`
}

/** How long until the next attempt: longer each time, and never shorter than the channel may take. */
function waitMs({ document }: PolicyInForce, attempt: number): number {
  const { retryFirstSeconds, retryFactor, retryLongestSeconds, timeoutSeconds } =
    document.redemption
  const seconds = retryFirstSeconds * retryFactor ** Math.min(attempt - 1, 40)
  return Math.max(Math.min(seconds, retryLongestSeconds) * 1_000, leaseMs(timeoutSeconds))
}
