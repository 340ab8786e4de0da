import {
  type BroughtLot,
  type Command,
  closeDraft,
  isRefusal,
  type JsonObject,
  lockOf,
  openBalance,
  openDraft,
  putRecord,
  type RecordId,
  refuse,
  setMemo,
  setUsableUntil,
  transactionId,
  type WalletView,
} from '@pointwell/ledger'
import { thawGraceTo } from '../membership/membership-commands.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { fingerprints } from './fingerprints.js'
import { memoOf } from './member-memo.js'
import { leftOf, namedByLot, type OpeningBalance, type OpeningMember } from './opening-input.js'

/** A line, and until when what happened was counted where it comes from; null: nobody says. */
export interface BroughtMember {
  readonly line: OpeningMember
  readonly countedUntil: number | null
}

/**
 * What the programme shall know of a member that was one elsewhere: when it was last active, what its tier
 * and its limits go by, how long its membership lasts. Refuses MEMBER_EXISTS where the programme knows
 * something of its own already, MEMBERSHIP_OFF, IDEMPOTENCY_MISMATCH (`field`).
 */
export function openingMemberCommand(
  wallet: number,
  { line: member, countedUntil }: BroughtMember,
  policies: PolicyReads,
): Command {
  const { lastActiveAt, membershipUntil, tierFloors, accelerators } = member
  const { qualifyingSpend, waitingSpend, memory } = member
  return {
    wallet,
    key: `opening:member:${wallet}`,
    content: fingerprints({
      countedUntil: countedUntil ?? undefined,
      lastActiveAt,
      membershipUntil,
      tierFloors,
      accelerators,
      qualifyingSpend,
      waitingSpend,
      memory,
    }),
    needs: { lots: true },
    decide(view) {
      const policy = policies.at(view.now)
      const memo = memoOf(member, countedUntil)
      const draft = openDraft(view)
      if (Object.keys(memo).length > 0) {
        if (Object.keys(view.wallet.memo).length > 0) {
          return refuse('MEMBER_EXISTS', { detail: 'The member has been active here already.' })
        }
        setMemo(draft, memo)
      }
      if (membershipUntil !== undefined) {
        const off = !policy.document.membership.enabled && membershipUntil !== null
        if (off) return refuse('MEMBERSHIP_OFF', { field: 'membershipUntil' })
        const graceTo = thawGraceTo(policy, view.now)
        setUsableUntil(draft, { usableUntil: membershipUntil, graceTo })
      }
      return closeDraft(draft, {
        type: draft.entries.size > 0 ? 'thaw' : 'note',
        reason: 'opening',
        policyVersion: policy.version,
      })
    },
  }
}

/** Whether the command for a member would change anything in its wallet. */
export function hasOpening(
  { lock }: Parameters<typeof lockOf>[0],
  { line, countedUntil }: BroughtMember,
): boolean {
  const { membershipUntil } = line
  if (Object.keys(memoOf(line, countedUntil)).length > 0) return true
  return membershipUntil !== undefined && membershipUntil !== lockOf({ lock }).usableUntil
}

/**
 * A balance that was kept elsewhere, as one transaction against the account `opening`; once a wallet. What
 * was on hold is available. Refuses BALANCE_TOO_LARGE, IDEMPOTENCY_MISMATCH (`field`).
 */
export function openingBalanceCommand(
  wallet: number,
  balance: OpeningBalance,
  policies: PolicyReads,
): Command {
  const { lots, debt, freezes, closed } = balance
  return {
    wallet,
    key: `opening:balance:${wallet}`,
    content: fingerprints({ lots, debt, freezes, closed }),
    needs: { lots: true, records: [openingId(wallet)] },
    decide(view) {
      const draft = openDraft(view)
      const opened = openBalance(draft, {
        lots: broughtLots(balance, view.now),
        debt,
        freezes: freezes.map(({ lots: taken, until, graceTo, withheld }, place) => ({
          until,
          graceTo,
          ...(withheld && { withheld }),
          ref: freezeId(view, place),
          taken: taken.map(([number, points]) => ({ lot: number - 1, points })),
        })),
      })
      if (isRefusal(opened)) return opened
      setMemo(draft, withRenewed(view.wallet.memo, balance, opened))
      // Their numbers follow upon each other.
      const body = { firstLot: opened[0] ?? 0, lots: opened.length }
      putRecord(draft, { ...openingId(wallet), body, dueAt: null })
      return closeDraft(draft, {
        type: 'opening',
        reason: 'opening',
        explanation: [
          { step: 'opening', points: pointsIn(balance) - debt, figures: { lots: lots.length } },
        ],
        policyVersion: policies.at(view.now).version,
      })
    },
  }
}

/** Where what lots of a file are called here is kept, by the wallet. */
export function openingId(wallet: number): RecordId {
  return { kind: 'opening', ref: String(wallet) }
}

function broughtLots({ lots, freezes }: OpeningBalance, now: number): BroughtLot[] {
  const named = namedByLot(freezes)
  return lots.map((lot, place) => {
    const frozen = named.get(place) ?? 0
    const { kind, source, ref, confirmAt, claimMs, claimBy, expiresAt, pending, claimable } = lot
    return {
      kind,
      source,
      ref,
      granted: lot.granted ?? leftOf(lot),
      earnedAt: lot.earnedAt ?? now,
      confirmAt,
      claimMs,
      claimBy,
      expiresAt,
      pending,
      claimable,
      lapsed: lot.lapsed,
      voided: lot.voided,
      usable: lot.available + lot.held + lot.frozen - frozen,
      frozen,
    }
  })
}

/** Freezes are named for the transaction that made them; of several the others have names that no
 * transaction comes to. */
function freezeId({ wallet: { id, version } }: WalletView, place: number): string {
  return transactionId({
    wallet: id,
    version: place === 0 ? version + 1 : 900_000_000_000_000 + place,
  })
}

/** What tasks did for a lot is known by its number here. */
function withRenewed(
  memo: JsonObject,
  { lots }: OpeningBalance,
  seqs: readonly number[],
): JsonObject {
  const brought = lots.flatMap(({ renewed, expiresAt }, place) =>
    renewed > 0 && expiresAt !== null
      ? [[String(seqs[place]), { times: renewed, until: expiresAt }] as const]
      : [],
  )
  if (brought.length === 0) return memo
  const known = memo.renewed as JsonObject | undefined
  return { ...memo, renewed: { ...known, ...Object.fromEntries(brought) } }
}

/** Points of a balance in whatever state; what is owed is not taken off. */
function pointsIn({ lots }: Pick<OpeningBalance, 'lots'>): number {
  return lots.reduce((sum, lot) => sum + leftOf(lot), 0)
}
