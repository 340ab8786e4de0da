import { createHash } from 'node:crypto'
import {
  type JsonObject,
  type LedgerRecord,
  MAX_KEY_LENGTH,
  type RecordId,
} from '@pointwell/ledger'
import type { EarnedRecord, EarnSource, MemberFacts, OtherMember } from '@pointwell/plugin'
import type { KeptPart } from '../campaign/kept-parts.js'
import type { Counted } from '../caps/apply-caps.js'
import type { KeptDeed } from '../deeds/record-deed.js'
import type { RiskHold } from '../risk/risk-hold.js'

/**
 * What is kept of an event that went in: all that a later return needs to decide the very same
 * again with fewer goods (L5), whatever the policy and the member have become since.
 */
export interface EarnBody {
  readonly memberId: string
  /** The once-key, without the member. */
  readonly once: string
  readonly event: unknown
  /** When it happened, and when it was decided; epoch milliseconds. */
  readonly at: number
  readonly decidedAt: number
  readonly policyVersion: number
  readonly facts: MemberFacts
  /** It was in a case of over-linked identities, and earned nothing (E12); absent: it was not. */
  readonly overLinked?: boolean
  /** Core or not (E7), where the grant said so; absent: as the source is. */
  readonly core?: boolean
  /** The source's memory as it was before. */
  readonly memory: unknown
  /** What the source asked to see, where a return may have to see it again. */
  readonly seen?: {
    readonly acts: readonly (EarnedRecord | null)[]
    readonly others: readonly (OtherMember | null)[]
  }
  /** The lots it put into the wallet, by `seq`. */
  readonly lots: readonly number[]
  /** What of the grant was whose, where it was told apart: a campaign added to it, or budgets pay for it. */
  readonly parts?: readonly KeptPart[]
  /** The transaction that granted, by its version. */
  readonly version: number
  /** The wallet of that transaction, where it was merged into another since. */
  readonly origin?: number
  readonly granted: number
  /** What still stands after returns; whole points, and minor units of qualifying spend. */
  readonly standing: number
  readonly qualifyingMinor: number
  /** By which the spend counts for the tier (M4); absent: as it is. */
  readonly factor?: string
  /** The month the qualifying spend belongs to, `YYYY-MM`. */
  readonly month: string
  /** What it counts as for segments and badges, as far as it stands; absent: it was never counted. */
  readonly deed?: KeptDeed | null
  readonly counted: readonly Counted[]
  /** The boost of which it used up one, by name; absent: none. */
  readonly boosted?: string
  /** Null: was usable at once. */
  readonly pending: { readonly confirmAt: number | null } | null
  /** That a risk rule held it, and until when (K2); absent: none did. */
  readonly held?: Pick<RiskHold, 'rule' | 'reason' | 'until'>
  readonly confirmedAt: number | null
  readonly cancelledAt: number | null
  readonly returns: readonly { readonly key: string; readonly taken: unknown }[]
  /** Points that returns did not ask for, because they had run out (L5). */
  readonly forgiven: number
  /** The same by lot, for a grant with parts. */
  readonly forgivenByLot?: readonly number[]
}

/** Names what is kept of an event. An act of a member is the member's own; an order is one order,
 * whoever sends it. */
export interface EarnRef {
  readonly source: Pick<EarnSource, 'id' | 'scope'>
  readonly memberId: string
  readonly once: string
}

/** The name of an event among all of its source: the once-key, of the member's own where it is. */
export function earnRef({ source, memberId, once }: EarnRef): string {
  return source.scope === 'member' ? nameWithin(memberId, once) : once
}

/** A name of two parts that is no other two parts' name, whatever characters are in them. */
export function nameWithin(outer: string, inner: string): string {
  return `${outer.replaceAll('%', '%25').replaceAll('/', '%2F')}/${inner}`
}

export function earnRecordId(source: { readonly id: string }, ref: string): RecordId {
  return { kind: `earn:${source.id}`, ref }
}

/** An idempotency key of the programme: `earn:purchase:1001`. */
export function earnKey(act: string, source: { readonly id: string }, ref: string): string {
  const prefix = `${act}:${source.id}:`
  return prefix + bounded(ref, MAX_KEY_LENGTH - prefix.length)
}

/**
 * The text itself, or where it is too long its start and the hash of all of it. No two texts share
 * what comes out: what was cut is exactly `most` long, and what was not is shorter.
 */
function bounded(text: string, most: number): string {
  if (text.length < most) return text
  const hash = createHash('sha256').update(text).digest('base64url')
  const start = text.slice(0, most - hash.length - 1)
  // Never half of a pair: no store takes that for text.
  return `${start.replace(/\p{Cs}$/u, '#')}#${hash}`
}

/** What figures of an event are counted by, from its grant to its last return. `core` only where the
 * grant said so: otherwise it is what the source is. `campaign` and `department` only where there were
 * any: one that is among several is in the lots and in the explanation. */
export function earnLabels(
  source: { readonly id: string },
  { facts, core, parts = [] }: Pick<EarnBody, 'facts' | 'core' | 'parts'>,
): Readonly<Record<string, string>> {
  const campaigns = parts.flatMap(({ campaign }) => campaign ?? [])
  const departments = parts.flatMap(({ department }) => department ?? [])
  return {
    source: source.id,
    tier: facts.tier.id,
    ...(core !== undefined && { core: String(core) }),
    ...(campaigns.length > 0 && { campaign: joined(campaigns) }),
    ...(departments.length > 0 && { department: joined(departments) }),
  }
}

/** Names of one or a few; more would make as many figures as there are members. */
function joined(names: readonly string[]): string {
  const distinct = [...new Set(names)].sort()
  return distinct.length > 3 ? 'several' : distinct.join('+')
}

export function readEarnBody(record: LedgerRecord): EarnBody {
  return record.body as unknown as EarnBody
}

export function writeEarnBody(body: EarnBody): JsonObject {
  return body as unknown as JsonObject
}

/** From when on what was spent counts, epoch milliseconds: when it was confirmed by a call or by itself,
 * whichever was first. */
export function spendCountsFrom({
  at,
  pending,
  confirmedAt,
}: Pick<EarnBody, 'at' | 'pending' | 'confirmedAt'>): number {
  return pending ? Math.min(pending.confirmAt ?? Infinity, confirmedAt ?? Infinity) : at
}

/** Whether an event's points still wait to be confirmed at `now`. */
function isPending(body: EarnBody, now: number): boolean {
  if (!body.pending || body.confirmedAt !== null || body.cancelledAt !== null) return false
  return body.pending.confirmAt === null || body.pending.confirmAt > now
}

/** What others may know of it. */
export function earnedRecord(body: EarnBody, now: number): EarnedRecord {
  return {
    memberId: body.memberId,
    once: body.once,
    event: body.event,
    status:
      body.cancelledAt !== null ? 'cancelled' : isPending(body, now) ? 'pending' : 'confirmed',
    granted: body.granted,
    standing: body.standing,
    returns: body.returns.map(({ taken }) => taken),
  }
}

/** What a transaction about an event answers with, now and at every replay. */
export interface EarnResult {
  readonly once: string
  /** Points granted (or confirmed); negative: taken back. */
  readonly points: number
  readonly details: unknown
  /** Of an event that waits: when it confirms by itself; null: only by a call. */
  readonly confirmAt?: number | null
}

export function earnResult(
  { once }: Pick<EarnBody, 'once'>,
  points: number,
  details: unknown = null,
): EarnResult {
  return { once, points, details }
}
