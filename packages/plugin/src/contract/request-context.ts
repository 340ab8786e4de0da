import type { JsonObject, LedgerTransaction, Refusal, Step } from '@pointwell/ledger'
import type { EntityManager } from 'typeorm'
import type { EarnedRecord } from './earned-record.js'
import type { Award, Calendar, OfferFacts, PluginStore } from './plugin.js'
import type { RedemptionStatus } from './redemption-status.js'
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

/** What a plugin's own field redeems for a member (R6): `playGame` … */
export interface RedeemRequest {
  readonly memberId: string
  /** Exactly one of the two. A quote is redeemed once: its id is the key. */
  readonly offerId?: string | null
  readonly quoteId?: string | null
  /** Needed without a quote: the same key again is the same redemption. 1 to 100 characters. */
  readonly idempotencyKey?: string | null
  /** What the channel wants to know of the member; validated by its `order` schema. */
  readonly order?: unknown
  /** How much of the price is paid in points where a part of it can be paid in money (R4); default: as much
   * as can be. A quote has its own. */
  readonly points?: number | null
}

/** A redemption as it is by now. */
export interface Redeemed {
  readonly refused?: undefined
  readonly id: string
  /** The shop's own id that it was redeemed under. */
  readonly memberId: string
  readonly channel: string
  readonly offerId: string
  readonly status: RedemptionStatus
  /** Points that it costs, or cost. */
  readonly points: number
  readonly order: unknown
  /** What the channel gave; null: nothing yet. */
  readonly receipt: unknown
  /** Why the channel said no; null: it did not. */
  readonly refusal: { readonly code: string } | null
  /** Epoch milliseconds of the hold. */
  readonly at: number
}

/** Points that a channel owes a member later than its redemption: a share of a pool that was settled (R12). */
export interface AwardRequest extends Award {
  readonly memberId: string
  /** The plugin's id: whose the key is, and what figures and terms call the source. */
  readonly plugin: string
  /** The same key of the same member again is the same award; 1 to 100 characters. */
  readonly idempotencyKey: string
}

export interface Awarded {
  readonly refused?: undefined
  readonly memberId: string
  readonly points: number
  readonly transaction: LedgerTransaction
  readonly replayed: boolean
}

/** What an operator's act changed in tables of a plugin's own, for the audit (O5). It outlives members who
 * are erased, so it says nothing of who a member is: a redemption's id tells that to whoever may ask. */
export interface RecordedAct {
  /** `shipment`, `partner` …, and which. */
  readonly target: { readonly kind: string; readonly id: string }
  /** Whose it is, by any of the shop's own ids, where it is a member's. With the member the reason is
   * forgotten (M8), for an operator may have written there who it was; of one that is no more none is kept. */
  readonly member?: string | null
  /** What differs, as it was and as it is; null: there was nothing, or there is nothing now. */
  readonly before: JsonObject | null
  readonly after: JsonObject | null
  /** Names the act, where anything does: of two entries with the same key the first stays. */
  readonly key: string | null
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

/** Raises what a member earns for a time (R9). */
export interface EarningBoost {
  readonly memberId: string
  /** What is earned counts times this, as by one more campaign: a decimal above 1, at most 10. */
  readonly factor: string
  /** From now through so many days, in the programme's zone: 1 lasts through tomorrow. */
  readonly days: number
  /** For no more than so many acts that earn something, 1 to 1,000; null: for all in that time. */
  readonly orders?: number | null
  /** Ids of the sources for whose events it counts; null: orders (sources of the scope `programme`). */
  readonly sources?: readonly string[] | null
  /** The plugin's id: whose the key is. */
  readonly source: string
  /** 1 to 100 characters. */
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
  /** What the member does in that time earns by the factor: decisions see it as one more campaign. Of several
   * at once the strongest counts; an event goes by when it happened. The same key again is the same card.
   * Refuses MEMBER_NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_MISMATCH. `until`: its end, epoch milliseconds. */
  boostEarning(request: EarningBoost): Promise<{ readonly until: number } | Refusal>
  /** Redeems for a member by a field of the channel's own. Answers with the redemption as it is by then:
   * fulfilled, released (`refusal` says why), or not known yet. Refuses what `redeem` of the API refuses. */
  redeem(request: RedeemRequest): Promise<Redeemed | Refusal>
  /** A redemption by its id; null: there is none. */
  findRedemption(id: string): Promise<Redeemed | null>
  /** Has the channel asked at once, not at its next time, about a redemption that it could not say of, or that
   * it is to take back: for a channel that knows by now. Answers with it as it is by then; null: there is none.
   * What fails is told of, and tried again at its time. */
  askAgain(redemptionId: string): Promise<Redeemed | null>
  /** A channel calls off what it gave itself, as when a round is voided: the channel is asked (`cancel`) as ever,
   * and says yes; then all that was taken goes back, each point to its lot (L2). Answers with the redemption as it
   * is by then: `cancelled`, or `cancelling` where that is not known yet. However often it is asked, once. Refuses
   * REDEMPTION_NOT_FOUND, REDEMPTION_NOT_FULFILLED, REDEMPTION_NOT_CANCELLABLE, and what `cancel` refuses. */
  cancelRedemption(redemptionId: string): Promise<Redeemed | Refusal>
  /** An offer of a channel as it is now, open or not; null: the channel has none of this id. */
  findOffer(channelId: string, offerId: string): Promise<OfferFacts | null>
  /** Gives points that a channel owes. Refuses MEMBER_NOT_FOUND, INVALID_INPUT (`points`, `because`,
   * `idempotencyKey`), BALANCE_TOO_LARGE, IDEMPOTENCY_MISMATCH. */
  award(request: AwardRequest): Promise<Awarded | Refusal>
  /** Writes down what an operator did to tables of a plugin's own, in the very transaction of it: both are
   * kept, or neither. Does nothing where the act is nobody's who is audited. */
  recordAct(manager: EntityManager, act: OperatorAct, entry: RecordedAct): Promise<void>
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
