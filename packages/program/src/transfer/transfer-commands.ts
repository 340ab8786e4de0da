import {
  type Command,
  closeDraft,
  isRefusal,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  receivePoints,
  recordKey,
  refuse,
  returnPoints,
  sendPoints,
  setMemo,
  type WalletView,
} from '@pointwell/ledger'
import { endOldLots } from '../expiry/end-old-lots.js'
import { memberRequest } from '../input/idempotency-key.js'
import { type MemberProfile, tierAt } from '../member/member-facts.js'
import { checkMembership } from '../membership/check-membership.js'
import { actedAt, type ProgrammeMemo, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { reinstate } from '../redemption/reinstate.js'
import { checkTransferLimits, countTransfer } from './transfer-limits.js'
import {
  type Declined,
  readTransfer,
  type Transfer,
  transferRecord,
  transferRecordId,
} from './transfer-record.js'

/** For so long nobody takes up a transfer that a request is driving. */
const LEASE_MS = 15_000

export interface TransferSubject {
  /** The id it will have, if this is the first time that it is asked for. */
  readonly id: string
  readonly giver: MemberProfile
  /** The wallet it goes to; null: nobody who could take it, which is said last of all, so that nobody
   * finds out who is a member without being able to give. */
  readonly to: number | null
  /** Wallets that were merged into that one, and as which it may have been asked for before. */
  readonly toFormerly?: readonly number[]
  readonly points: number
  readonly idempotencyKey: string
}

/**
 * Takes points from who gives them (L10): the first of three steps. Refuses TRANSFERS_OFF,
 * MEMBERSHIP_LAPSED, AMOUNT_NOT_POSITIVE, TRANSFER_TOO_SMALL, TRANSFER_TOO_LARGE, TRANSFER_NOT_ALLOWED, TRANSFER_LIMIT,
 * INSUFFICIENT_POINTS, RECEIVER_UNAVAILABLE: in this order.
 */
export function giveCommand(
  { id, giver, to, toFormerly = [], points, idempotencyKey }: TransferSubject,
  policies: PolicyReads,
): Command {
  const asked = (whom: number | null) =>
    memberRequest('transfer', giver, idempotencyKey, { to: whom, points })
  const { wallet, key } = asked(to)
  return {
    ...asked(to),
    formerly: [
      ...asked(to).formerly,
      ...toFormerly.flatMap((whom) => [
        { wallet, as: { key, content: { to: whom, points } } },
        ...asked(whom).formerly,
      ]),
    ],
    needs: { lots: true, records: [transferRecordId(id, 'out')] },
    decide(view) {
      const policy = policies.at(view.now)
      const memo = readMemo(view.wallet.memo)
      const day = dayOf(policy, view.now)
      const refused =
        checkGiver(giver, { view, memo, points, policy }) ??
        checkTransferLimits('given', {
          points,
          limits: policy.document.transfers.giver,
          counters: memo.transfers,
          ...day,
        })
      if (refused) return refused
      const draft = openDraft(view)
      const parts = sendPoints(draft, { points, kinds: policy.document.transfers.kinds })
      if (isRefusal(parts)) return parts
      if (to === null) return refuse('RECEIVER_UNAVAILABLE', { field: 'to' })
      const transfers = countTransfer('given', { points, by: 1, counters: memo.transfers, ...day })
      setMemo(
        draft,
        written(
          { ...memo, transfers, ...actedAt(memo, { at: view.now, calendar: policy.calendar }) },
          policy,
          view.now,
        ),
      )
      const transfer: Transfer = {
        id,
        from: giver.wallet,
        to,
        points,
        parts,
        status: 'sent',
        createdAt: view.now,
        settledAt: null,
        declined: null,
      }
      putRecord(draft, transferRecord(transfer, { end: 'out', dueAt: view.now + LEASE_MS }))
      return closeDraft(draft, {
        type: 'transfer',
        reason: 'transfer:given',
        policyVersion: policy.version,
        labels: { tier: tierAt(memo, { policy, at: view.now }).id },
        result: { transfer: id },
      })
    },
  }
}

/**
 * The receiver takes it, or cannot: whichever is written first is how it is, because both have this one
 * key. That is what makes it safe to try from anywhere, as often as need be. Never refuses.
 */
export function receiveCommand(transfer: Transfer, policies: PolicyReads): Command {
  const { id, to, parts, points, createdAt } = transfer
  return {
    wallet: to,
    key: `transfer:${id}:receive`,
    content: {},
    needs: { records: [transferRecordId(id, 'in')] },
    decide(view) {
      const { now } = view
      const policy = policies.at(now)
      const memo = readMemo(view.wallet.memo)
      const declined = declines(memo, { points, policy, now })
      if (declined) return decline(view, transfer, { declined, policy })
      const draft = openDraft(view)
      const taken = receivePoints(draft, { parts, ref: id })
      if (isRefusal(taken)) return decline(view, transfer, { declined: 'full', policy })
      const day = dayOf(policy, now)
      const transfers = countTransfer('received', {
        points,
        by: 1,
        counters: memo.transfers,
        ...day,
      })
      setMemo(draft, written({ ...memo, transfers }, policy, now))
      const received: Transfer = { ...transfer, status: 'received', settledAt: now }
      putRecord(draft, transferRecord(received, { end: 'in' }))
      return closeDraft(draft, {
        type: 'transfer',
        reason: 'transfer:received',
        policyVersion: policy.version,
        effectiveAt: createdAt,
        labels: { tier: tierAt(memo, { policy, at: now }).id },
        result: { transfer: id, declined: null },
      })
    },
  }
}

/** The giver's books learn how it ended; what was declined goes back to the very lots (L2). */
export function settleCommand(
  { id, from }: Pick<Transfer, 'id' | 'from'>,
  { declined, policies }: { declined: Declined | null; policies: PolicyReads },
): Command {
  const record = transferRecordId(id, 'out')
  return {
    wallet: from,
    key: `transfer:${id}:settle`,
    content: { declined },
    needs: {
      records: [record],
      lots: (records) => {
        const found = records.get(recordKey(record))
        return found ? readTransfer(found).parts.map(({ lot }) => lot) : []
      },
    },
    decide(view) {
      const { now } = view
      const found = view.records.get(recordKey(record))
      if (!found) throw new Error(`the transfer ${id} was sent and is not there`)
      const transfer = readTransfer(found)
      const policy = policies.at(now)
      const draft = openDraft(view)
      const status = declined ? 'returned' : 'received'
      putRecord(
        draft,
        transferRecord({ ...transfer, status, settledAt: now, declined }, { end: 'out' }),
      )
      const terms = { policyVersion: policy.version, result: { transfer: id } }
      if (!declined) {
        return closeDraft(draft, { ...terms, type: 'note', reason: 'transfer:arrived' })
      }
      const { parts, points, createdAt } = transfer
      // Lots that had nothing left when old ones were given their last day get it now.
      endOldLots(draft, { lots: parts.map(({ lot }) => lot), policy, takenAt: createdAt })
      returnPoints(draft, { parts, lapsed: reinstate(policy, now) })
      const memo = readMemo(view.wallet.memo)
      const day = dayOf(policy, createdAt)
      const transfers = countTransfer('given', { points, by: -1, counters: memo.transfers, ...day })
      setMemo(draft, written({ ...memo, transfers }, policy, now))
      return closeDraft(draft, {
        ...terms,
        type: 'transfer',
        reason: 'transfer:returned',
        labels: { tier: tierAt(memo, { policy, at: now }).id },
      })
    },
  }
}

function checkGiver(
  giver: MemberProfile,
  {
    view: { wallet, now },
    memo,
    points,
    policy,
  }: { view: WalletView; memo: ProgrammeMemo; points: number; policy: PolicyInForce },
): Refusal | null {
  const { enabled, least, most, tiers, minMembershipDays } = policy.document.transfers
  if (!enabled) return refuse('TRANSFERS_OFF')
  const lapsed = checkMembership(wallet, now)
  if (lapsed) return lapsed
  if (!(points > 0 && Number.isSafeInteger(points))) {
    return refuse('AMOUNT_NOT_POSITIVE', { field: 'points' })
  }
  if (points < least) return refuse('TRANSFER_TOO_SMALL', { field: 'points', limit: least })
  if (most !== null && points > most) {
    return refuse('TRANSFER_TOO_LARGE', { field: 'points', limit: most })
  }
  if (tiers && !tiers.includes(tierAt(memo, { policy, at: now }).id)) {
    return refuse('TRANSFER_NOT_ALLOWED')
  }
  const { calendar } = policy
  const joined = calendar.dateOf(giver.joinedAt)
  const from = calendar.startOf(calendar.addDays(joined, minMembershipDays))
  return minMembershipDays > 0 && now < from ? refuse('TRANSFER_NOT_ALLOWED', { when: from }) : null
}

/** Why a member cannot take so many points now, as far as its state says; null: it can. */
export function declines(
  memo: ProgrammeMemo,
  { points, policy, now }: { points: number; policy: PolicyInForce; now: number },
): Declined | null {
  const limits = policy.document.transfers.receiver
  const counted = { points, limits, counters: memo.transfers, ...dayOf(policy, now) }
  return checkTransferLimits('received', counted) ? 'limit' : null
}

function decline(
  view: WalletView,
  { id }: Transfer,
  { declined, policy }: { declined: Declined; policy: PolicyInForce },
): Posting {
  return closeDraft(openDraft(view), {
    type: 'note',
    reason: 'transfer:declined',
    policyVersion: policy.version,
    result: { transfer: id, declined },
  })
}

function dayOf({ calendar }: PolicyInForce, at: number) {
  return { date: calendar.dateOf(at), calendar }
}

function written(memo: ProgrammeMemo, { calendar, document }: PolicyInForce, now: number) {
  return writeMemo(memo, { now, calendar, maxAgeDays: document.events.maxAgeDays })
}
