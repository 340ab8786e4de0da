import type { LedgerTransaction, Refusal, Step } from '@pointwell/ledger'
import type { EarnedRecord } from './earned-record.js'
import type { Calendar, PluginStore } from './plugin.js'
import type { Language } from './words.js'

export const OPERATOR_ROLES = ['viewer', 'support', 'rules', 'finance', 'admin'] as const
export type OperatorRole = (typeof OPERATOR_ROLES)[number]

/** Who is asking. `subject` is the member's id, the storefront's name, the operator's login or the
 * partner's id. `expiresAt`: when the token runs out, epoch milliseconds. */
export type Viewer =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'member' | 'storefront' | 'partner'
      readonly subject: string
      readonly expiresAt: number
    }
  | {
      readonly kind: 'operator'
      readonly subject: string
      readonly roles: readonly OperatorRole[]
      readonly expiresAt: number
    }

/**
 * Who may use a field; goes into `@Extensions({ access: [...] })` on every query, mutation and
 * subscription (a schema with one that has none does not start) and on any field that is narrower
 * than its parent. `member` means: the member the field is about; the resolver makes sure with
 * `context.actingFor`. `admin` may all that any operator may.
 */
export type Access = 'anyone' | 'member' | 'storefront' | 'partner' | OperatorRole

/** An earn event that went in. `details` is what the source's decision answered with. */
export interface Earned {
  readonly refused?: undefined
  readonly transaction: LedgerTransaction
  readonly replayed: boolean
  readonly memberId: string
  /** Points granted by this event after caps. */
  readonly points: number
  /** The once-key. */
  readonly once: string
  readonly details: unknown
}

/** What an event would earn. */
export interface Previewed {
  readonly refused?: undefined
  readonly memberId: string
  /** The once-key. */
  readonly once: string
  /** It went in before: all this is what came of it then. */
  readonly recorded: boolean
  /** After caps; the steps sum to it. */
  readonly points: number
  readonly explanation: readonly Step[]
  /** What it would put into the wallet; null: nothing. Instants are epoch milliseconds. */
  readonly lot: {
    readonly kind: string
    /** Whether the points would wait to be confirmed, and until when; null: by a call alone. */
    readonly pending: boolean
    readonly confirmAt: number | null
    /** How long a member would have to claim them; null: they need not be claimed. */
    readonly claimMs: number | null
    readonly claimBy: number | null
    readonly expiresAt: number | null
  } | null
  readonly details: unknown
}

export interface EarnRequest {
  readonly source: string
  readonly memberId: string
  /** As it came in; the programme validates it by the source's schema. */
  readonly event: unknown
  /** Where it is an operator's word, what the audit says of it (O5). */
  readonly act?: OperatorAct
}

/** An event that went in: by its once-key, and the member where it is the member's own act. */
export interface EarnedName {
  readonly source: string
  readonly memberId?: string
  readonly once: string
}

export interface EarnedPage {
  readonly source: string
  readonly memberId: string
  readonly before: string | null
  readonly limit: number
}

export interface ConfirmRequest extends EarnedName {
  /** When it was signed for, epoch milliseconds; default now. */
  readonly at?: number
}

export interface ReturnRequest extends EarnedName {
  /** Validated by the source's returns schema. */
  readonly taken: unknown
  /** Where a field of the plugin is for operators, what the audit says when one used it (O5). */
  readonly act?: OperatorAct
}

/** An act that is audited where an operator does it; by anybody else it leaves no entry. */
export interface OperatorAct {
  /** The mutation's own name. */
  readonly name: string
  readonly context: Pick<RequestContext, 'viewer' | 'address'>
  readonly reason: string | null
}

/** Points that should last longer (X5), counted from their last day. */
export interface ExtendRequest {
  readonly memberId: string
  /** Either the named lots, by `seq`, or all whose last day, `YYYY-MM-DD`, is this one or earlier. */
  readonly lots?: readonly number[] | null
  readonly expiringBy?: string | null
  /** Either so many days or so many months. */
  readonly days?: number | null
  readonly months?: number | null
  /** Why, 1 to 500 characters; kept with the transaction. */
  readonly reason: string
  /** The same key of the same member again is the same extension; 1 to 100 characters. */
  readonly idempotencyKey: string
  /** Who or what gives it: an operator's login, `coupon:…`. */
  readonly givenBy: string
}

export interface Extended {
  readonly refused?: undefined
  readonly memberId: string
  /** Points that last longer, in all and by lot; ends are the first instants after, epoch
   * milliseconds. */
  readonly points: number
  readonly lots: readonly {
    readonly lot: number
    readonly points: number
    readonly from: number | null
    readonly to: number
  }[]
  readonly transaction: LedgerTransaction
  readonly replayed: boolean
}

/** Shortens the way to the next tier (M4). */
export interface TierAcceleration {
  readonly memberId: string
  /** Spend counts times this: a decimal above 1, at most 10. */
  readonly factor: string
  /** From now through so many days, in the programme's zone: 1 lasts through tomorrow. */
  readonly days: number
  /** The plugin's id: whose the key is. */
  readonly source: string
  readonly idempotencyKey: string
}

/**
 * What the programme does for a plugin's resolvers (and for its own). A plugin that fails is the
 * refusal PLUGIN_FAILED. Of many, each has a result of its own, in order, posted side by side: what
 * befalls one hides nothing of the others, and is its refusal, TRY_AGAIN_LATER or OUTCOME_UNKNOWN.
 */
export interface ProgramFacade {
  earn(request: EarnRequest): Promise<Earned | Refusal>
  /** What `earn` would answer now, decided by the very same steps, without writing anything (L9). A
   * moment later it may be another: nothing is reserved. */
  preview(request: EarnRequest): Promise<Previewed | Refusal>
  earnMany(requests: readonly EarnRequest[]): Promise<(Earned | Refusal)[]>
  /** Confirms a pending event. */
  confirmEarned(request: ConfirmRequest): Promise<Earned | Refusal>
  confirmEarnedMany(requests: readonly ConfirmRequest[]): Promise<(Earned | Refusal)[]>
  /** Takes back a part of an event (L5). */
  returnEarned(request: ReturnRequest): Promise<Earned | Refusal>
  returnEarnedMany(requests: readonly ReturnRequest[]): Promise<(Earned | Refusal)[]>
  /** Takes back all of it. However often and whoever asks, it is cancelled once. */
  cancelEarned(request: EarnedName): Promise<Earned | Refusal>
  /** Lets points last longer: what a voucher does (X5). What tasks may renew is not touched by it. Refuses
   * MEMBER_NOT_FOUND, INVALID_INPUT, LOT_NOT_FOUND, NOTHING_TO_EXTEND, IDEMPOTENCY_MISMATCH. */
  extendPoints(request: ExtendRequest): Promise<Extended | Refusal>
  /** What is kept of an event, or null. */
  findEarned(request: EarnedName): Promise<EarnedRecord | null>
  /** What is kept of a member's events of a source, those with the highest once-keys first: the next
   * `limit` below `before` (null: from the top). Null: there is no such member. One statement. */
  findEarnedOf(page: EarnedPage): Promise<readonly EarnedRecord[] | null>
  /** What a source remembers of a member as it is now, as its schema makes it; null: there is no such
   * member. For telling how far somebody has come (E14): a decision is given it under the lock. Throws
   * `PluginFault` where the schema does not take what is stored. */
  remembered(name: { readonly source: string; readonly memberId: string }): Promise<unknown>
  /** All ids that a member goes by, the present one first, by any of them: more than one where members were
   * merged (M8). Empty: there is no such member. For fields that show what a plugin keeps of a member in
   * tables of its own. */
  idsOf(memberId: string): Promise<readonly string[]>
  /** Orders that the member makes in that time count by the factor for its tier. The same key again is
   * the same card. Refuses MEMBER_NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_MISMATCH. `until`: its end,
   * epoch milliseconds. */
  accelerateTier(request: TierAcceleration): Promise<{ readonly until: number } | Refusal>
  /** Current settings of a plugin, from the policy in force. */
  settings(pluginId: string): unknown
  /** Days of the programme's zone, by the policy in force. */
  calendar(): Calendar
  /** Where a plugin's own tables are. */
  store(pluginId: string): PluginStore
}

/** What every resolver gets as its GraphQL context. */
export interface RequestContext {
  readonly viewer: Viewer
  readonly language: Language
  /** The address the request came from, behind trusted proxies; null: not over the network. */
  readonly address: string | null
  /** Epoch milliseconds; injected. */
  now(): number
  readonly program: ProgramFacade
  /**
   * The member a field is about: the given id, or the viewer when a member leaves it out. Throws
   * FORBIDDEN when a member names somebody else, BAD_USER_INPUT when nobody is named.
   */
  actingFor(memberId: string | null | undefined): string
}
