import type { Refusal, Step } from '@pointwell/ledger'
import type { EntitySchema, MigrationInterface } from 'typeorm'
import type { ZodType, z } from 'zod'
import type { Term } from '../schema/term.js'
import type { Asked } from './asked.js'
import type { EarnedRecord } from './earned-record.js'
import type { MemberChanges } from './member-changes.js'
import type { PluginFile } from './plugin-file.js'
import type { PluginJob } from './plugin-job.js'
import type { RecentFigures } from './recent-figures.js'
import type { Task } from './task.js'
import type { Words } from './words.js'

/** Version of the contract this package implements; a plugin names the range it fits. */
export const CONTRACT_VERSION = '1.0.0'

export type PluginKind = 'earn-source' | 'redemption-channel' | 'risk-rule' | 'notifier'

/** What a class is, for lists of resolvers, entities and migrations. */
// biome-ignore lint/complexity/noBannedTypes: type-graphql and TypeORM take classes as Function
export type Class = Function

/** What every kind of plugin declares (G2). */
export interface PluginBase<Settings extends ZodType> {
  /** Lower-case words joined by hyphens, unique in a server: `check-in`. */
  readonly id: string
  /** The plugin's own version, semver. */
  readonly version: string
  /** Range of the contract it fits: `^1.0.0`. */
  readonly contract: string
  readonly title: Words
  /** A part of the policy: every field has a default, so that `settings.parse({})` works. */
  readonly settings: Settings
  /** Refusal codes of its own, SCREAMING_SNAKE_CASE, with what a member reads. */
  readonly refusals?: Readonly<Record<string, Words>>
  /** Words for the steps of its explanations and for the reasons of its transactions. */
  readonly words?: Readonly<Record<string, Words>>
  /** type-graphql resolver classes: its own typed fields. */
  readonly resolvers?: readonly Class[]
  /** Tables of its own, never the ledger's; names start with the plugin's id (`coupon_…`). */
  readonly entities?: readonly (Class | EntitySchema)[]
  readonly migrations?: readonly (new () => MigrationInterface)[]
  /** What it does when a member is erased or merged (M8). Absent: it keeps nothing of members but memories
   * and events. */
  readonly members?: MemberChanges
  /** Files of lines that operators bring into its tables and take out of them (O3). Absent: none. */
  readonly files?: readonly PluginFile[]
  /** What it does by itself, now and then. Absent: nothing. */
  readonly jobs?: readonly PluginJob[]
}

/** A tier as a decision sees it. Multipliers are decimal strings: `1.2`. */
export interface TierFacts {
  readonly id: string
  readonly earnMultiplier: string
  readonly birthdayMultiplier: string
}

/** How active a member is (M5); from which number of active days on, the policy says. */
export const ACTIVITY_CLASSES = ['high', 'medium', 'low'] as const
export type ActivityClass = (typeof ACTIVITY_CLASSES)[number]

export interface CampaignFacts {
  readonly id: string
  /** Decimal string; `1` when the campaign only adds. */
  readonly multiplier: string
  readonly extraPoints: number
}

/** What a decision may know of the member: kept with the transaction, so that a later recount sees
 * the very same. */
export interface MemberFacts {
  /** The shop's own id of the member. */
  readonly id: string
  /** Ids of members who were merged into this one (M8), and which an event may name; absent: none. */
  readonly formerIds?: readonly string[]
  /** Epoch milliseconds. */
  readonly joinedAt: number
  readonly region: string | null
  readonly staff: boolean
  readonly birthday: { readonly month: number; readonly day: number } | null
  readonly tier: TierFacts
  readonly segments: readonly string[]
  /** How active the member was before the event; absent in what was kept of decisions before there
   * were classes. */
  readonly activity?: ActivityClass
  /** Badges that the member has (M7). */
  readonly badges?: readonly string[]
  /** Campaigns open at the time of the event that this member and source fall under; the last may be a card
   * of the member's that raises what it earns (`boost:…`, R9). */
  readonly campaigns: readonly CampaignFacts[]
}

/** Days and months of the programme's own time zone. Instants are epoch milliseconds, local dates
 * are `YYYY-MM-DD`. Implemented by `openCalendar(zone)`. */
export interface Calendar {
  readonly zone: string
  dateOf(at: number): string
  /** The first instant of a day. */
  startOf(date: string): number
  /** The first instant after a day. */
  endOf(date: string): number
  addDays(date: string, days: number): string
  addMonths(date: string, months: number): string
  /** Last day of the month that lies `months` after the month of `date`. */
  endOfMonth(date: string, months: number): string
  daysBetween(from: string, to: string): number
  /** The day of the week by ISO 8601: 1 is Monday, 7 is Sunday. */
  weekday(date: string): number
}

export interface DecisionContext<Settings> {
  readonly settings: Settings
  readonly member: MemberFacts
  readonly calendar: Calendar
  /** Epoch milliseconds. The only clock a decision may read. */
  readonly now: number
  /** ISO 4217 code of the programme. */
  readonly currency: string
}

// ── Earn sources ────────────────────────────────────────────────────────────────────────────

/** What a source wants granted. */
export interface Grant<Memory = unknown> {
  readonly refused?: undefined
  /** Whole points, 0 to 2^53−1. 0 is kept too: the event happened and earned nothing. */
  readonly points: number
  /** How the points came about; sums to `points` step by step (L9). */
  readonly because: readonly Step[]
  /** The points kind (policy `kinds`); default: the source's kind in the policy. */
  readonly kind?: string
  /** How long the points last, where the source itself has a say in it: goes before what the policy
   * has for the kind and the source, and after what it has for the member's tier. */
  readonly expiry?: Term
  /** Core or non-core behaviour (E7), where not all events of a source are alike; default: the
   * source's. */
  readonly core?: boolean
  /** What of `points` campaigns added, all together at most `points`: `campaignPoints` tells. */
  readonly campaigns?: readonly CampaignPoints[]
  /** What in the source earned, where an operator may have caps for it (E8) or a task that renews points
   * (X5): one of `behaviours`. */
  readonly behaviour?: string
  /** When it happened, epoch milliseconds: terms, caps and days go by it. */
  readonly at: number
  /** Not usable before it is confirmed, by a call or at an instant (null: only by a call). Absent:
   * usable at once. `claimMs`: once confirmed the member has so long to claim it. */
  readonly pending?: { readonly confirmAt: number | null }
  readonly claimMs?: number | null
  /** What counts for the tier: minor units of the programme's currency, when confirmed. */
  readonly qualifyingMinor?: number
  /** What the event was about, for badges that ask (M7): categories of what was bought, a behaviour's
   * name. At most 200 texts of 1 to 64 characters; a return takes back those that are gone. */
  readonly tags?: readonly string[]
  /** How many in a row it makes, for badges that ask (M7) and for tasks that renew points which run out
   * soon (X5); what was spent these see by `qualifyingMinor`. */
  readonly streak?: number
  /** The member's memory after this grant; absent: unchanged. */
  readonly memory?: Memory
  /** What the source's own GraphQL fields want to answer with; JSON. */
  readonly details?: unknown
}

/** What a campaign added to a grant (E11). */
export interface CampaignPoints {
  /** One of the member's open campaigns. */
  readonly id: string
  /** Whole points, more than 0. */
  readonly points: number
  /** What of them does not go down with the goods of the event: 0 for a mere multiplier. */
  readonly extra: number
}

/** What the goods of an event earn by themselves, for the programme's cap on points an item (E8). */
export interface ItemPoints {
  /** Points of each item before the event's rounding: whole, or an exact decimal with at most six
   * places, rounded up where it has more. Two with the same id are one item. */
  readonly items: readonly { readonly id: string; readonly points: number | string }[]
  /** Whole points that belong to no item: a campaign's extra. */
  readonly besides: number
  /** How the source makes the sum of its items whole. */
  readonly rounding: 'floor' | 'half-up' | 'ceil'
}

export type EarnDecision<Memory = unknown> = Grant<Memory> | Refusal

export interface EarnContext<Settings, Event, Memory> extends DecisionContext<Settings> {
  readonly event: Event
  /** Small state of a member, the source's own; `memory.parse({})` at first. */
  readonly memory: Memory
  /** What is kept of the events that `asks` named, in that order; null where there is none, or where it
   * is another member's than the one it was asked of. As it is under the lock of this member's wallet:
   * of the member's own nothing changes until the decision is written. */
  readonly acts: readonly (EarnedRecord | null)[]
  /** The members that `asks` named, in that order, null where there is no such member; then its `line`. Read shortly
   * before the decision and not under their locks: they may have moved on. */
  readonly others: readonly (OtherMember<Memory> | null)[]
}

/** What a decision may know of another member than the event's own. */
export interface OtherMember<Memory = unknown> {
  readonly facts: MemberFacts
  /** What this source remembers of that member. */
  readonly memory: Memory
  /** Linked identities; personal data, so nothing for a memory, a step or an answer. */
  readonly identities: readonly { readonly kind: string; readonly value: string }[]
}

/** What a source may know when it tells its tasks. */
export interface TaskContext<Settings, Memory> extends DecisionContext<Settings> {
  /** What it remembers of the member. */
  readonly memory: Memory
}

/** Two members who are found to be one person, as a source remembers them (M8). */
export interface JoinContext<Memory> {
  /** The one that ends, and the one that goes on: the shop's own ids, and all that either went by before. */
  readonly from: { readonly ids: readonly string[]; readonly memory: Memory }
  readonly into: { readonly ids: readonly string[]; readonly memory: Memory }
  readonly calendar: Calendar
  /** Epoch milliseconds. */
  readonly now: number
}

/** An event of another source (or of this one) that a source follows, as it is by now. */
export interface FollowedAct extends EarnedRecord {
  readonly source: string
  /** When it happened, epoch milliseconds. */
  readonly at: number
  /** Qualifying spend that stands after returns; minor units. */
  readonly qualifyingMinor: number
}

/** What a source is told of an act that it follows, and what it may know of the member whose it is. */
export interface ReactContext<Settings, Memory> extends DecisionContext<Settings> {
  /** `confirmed`: it is no longer pending, by a call, by its time, or from the beginning. `returned`: a
   * part of it came back. Each may be told more than once, and late: `act` says what is true by now. */
  readonly happened: 'confirmed' | 'returned' | 'cancelled'
  readonly act: FollowedAct
  /** What this source remembers of that member. */
  readonly memory: Memory
}

/** What a source does about it: an event of its own, for whomever, or the end of one. Both go the ordinary
 * way, where the same event is taken in once. */
export type Reaction =
  | { readonly earn: { readonly memberId: string; readonly event: unknown } }
  | { readonly cancel: { readonly memberId: string; readonly once: string } }

/**
 * A source that follows what becomes of events. Told after they are written, of each member in order; as
 * an answer it is too late to refuse anything. What an event of its own is refused for, is over with; where
 * a plugin fails or the server cannot take it in, all of it is tried again later.
 */
export interface Reacts<Settings, Memory> {
  /** Ids of the sources whose events it follows; its own, too, if it says so. */
  readonly to: readonly string[]
  /** At most 1,000, done one after the other. Pure. */
  with(context: ReactContext<Settings, Memory>): readonly Reaction[]
}

/** A source whose events can be taken back in parts (L5). */
export interface Returns<Event, Return> {
  readonly schema: ZodType<Return>
  /** Names one return of one event, so that it counts once. */
  key(taken: Return): string
  /** The event as it would have been without what was taken back so far and now, or a refusal
   * (more goods than were bought …). Pure. Not asked when all of it is cancelled: nothing is left. */
  without(event: Event, taken: readonly Return[]): Event | Refusal
}

export interface EarnSource<
  Settings extends ZodType = ZodType,
  Event extends ZodType = ZodType,
  Memory extends ZodType = ZodType,
  Return = unknown,
> extends PluginBase<Settings> {
  readonly kind: 'earn-source'
  /** Core or non-core behaviour (E7). */
  readonly core: boolean
  readonly event: Event
  /**
   * What the source remembers of a member, with a default for every field. What is stored is read by
   * this schema before each decision, also what an earlier version of the source wrote: so it takes
   * every shape it ever wrote, and makes the present one of it (`z.preprocess`, or a union with a
   * `transform`). Where it does not, the member earns nothing there: the request is refused with
   * PLUGIN_FAILED, and the operator told of the plugin and the field.
   */
  readonly memory: Memory
  /**
   * What it remembers of two members who are found to be one person (M8), as far as that can be told: as if
   * one had done all. Pure, and never throws for what its schema made. Absent: the memory of `into` where
   * there is one, else that of `from`.
   */
  join?(context: JoinContext<z.output<Memory>>): z.output<Memory>
  /** Whose key `once` is: `member` (a second check-in today is a replay for this member) or
   * `programme` (an order's id is one order, whoever sends it). */
  readonly scope: 'member' | 'programme'
  /** Names the act: the same name twice is the same act. */
  once(context: {
    readonly event: z.output<Event>
    readonly calendar: Calendar
    /** When the server received it, epoch milliseconds. */
    readonly now: number
  }): string
  /**
   * What else the decision has to see: other events that went in, other members. Absent: nothing. Asked
   * before the decision, and pure. Of a source with `returns` what was seen is kept with the event, so that
   * a recount sees the same (L5).
   */
  asks?(context: {
    readonly event: z.output<Event>
    readonly calendar: Calendar
    /** When the server received it, epoch milliseconds. */
    readonly now: number
  }): Asked
  /** The member whom one leads to in a `line`, as far as this source remembers (who brought it …). Pure. */
  leadsTo?(memory: z.output<Memory>): string | null
  /** Pure: same input, same decision; never throws for an event its schema accepted. */
  decide(
    context: EarnContext<z.output<Settings>, z.output<Event>, z.output<Memory>>,
  ): EarnDecision<z.output<Memory>>
  /** What each item earned of what `decide` grants; only asked where the policy has a cap on points an
   * item (E8). Pure. Without goods no item's points may be more than with them, or returns would end in
   * different places. Absent: its events have no items. */
  items?(context: EarnContext<z.output<Settings>, z.output<Event>, z.output<Memory>>): ItemPoints
  /** Names of the behaviours that its grants may speak of (`Grant.behaviour`), under these settings. */
  behaviours?(settings: z.output<Settings>): readonly string[]
  readonly returns?: Returns<z.output<Event>, Return>
  /** Absent: it follows nobody. */
  readonly reacts?: Reacts<z.output<Settings>, z.output<Memory>>
  /** What a member can earn by here now, for the task centre (E14), in the order in which it is to be seen; at
   * most 100. Pure. Absent: it is not among the tasks. */
  tasks?(context: TaskContext<z.output<Settings>, z.output<Memory>>): readonly Task[]
}

// ── Redemption channels ─────────────────────────────────────────────────────────────────────

export interface OfferFacts<Details = unknown> {
  readonly id: string
  readonly title: Words
  readonly details: Details
  readonly cashValueMinor: number
  readonly currency: string
}

export interface RedemptionFacts<Order = unknown> {
  /** The redemption's id: the key of `fulfil` and `cancel`. Unguessable, 1 to 64 characters. */
  readonly id: string
  readonly memberId: string
  readonly points: number
  /** What was paid in money besides (R4), minor units; absent: nothing. */
  readonly cash?: { readonly amountMinor: number; readonly currency: string }
  readonly order: Order
  /** Epoch milliseconds of the hold. */
  readonly at: number
}

export interface ChannelContext<Settings, Details, Order> {
  readonly settings: Settings
  readonly offer: OfferFacts<Details>
  readonly redemption: RedemptionFacts<Order>
  readonly calendar: Calendar
  readonly now: number
  /** The channel's own tables. Reads and writes go through here; one `write` is one transaction. */
  readonly store: PluginStore
  /** Aborted when the call has run out of time. */
  readonly signal: AbortSignal
}

/** Points that a member wins by a redemption (R12). Issued by the channel, past caps and budgets of earning:
 * how much a channel may give away is the channel's own to keep to. */
export interface Award {
  /** Whole points, 1 to 2^53−1. */
  readonly points: number
  /** The points kind (policy `kinds`); default, and where the policy no longer has it: what adjustments
   * give. */
  readonly kind?: string
  /** How they came about; sums to `points` (L9). */
  readonly because: readonly Step[]
}

/** `receipt` is JSON a member may see (a code, a tracking number). `award` is posted together with the points
 * that are spent, once; what gave one cannot be cancelled any more. */
export type Fulfilment =
  | { readonly outcome: 'fulfilled'; readonly receipt: unknown; readonly award?: Award }
  | { readonly outcome: 'refused'; readonly code: string; readonly detail?: string }
  | { readonly outcome: 'unknown'; readonly detail?: string }

export type Cancellation =
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'refused'; readonly code: string; readonly detail?: string }
  | { readonly outcome: 'unknown'; readonly detail?: string }

export interface RedemptionChannel<
  Settings extends ZodType = ZodType,
  Details extends ZodType = ZodType,
  Order extends ZodType = ZodType,
> extends PluginBase<Settings> {
  readonly kind: 'redemption-channel'
  /** Exchange ratio's default is 50 for closed loop, 100 for open loop (R2). */
  readonly loop: 'closed' | 'open'
  /** What an offer of this channel says besides title, price and stock. */
  readonly offer: Details
  /** What a member says when redeeming (an address …). */
  readonly order: Order
  /** Pure: may this member redeem this now? Refusals here cost nobody anything. */
  check?(
    context: DecisionContext<z.output<Settings>> & {
      readonly offer: OfferFacts<z.output<Details>>
      readonly order: z.output<Order>
    },
  ): Refusal | null
  /** Gives what was bought. Runs outside any ledger transaction; called again with the same
   * redemption id until known, and must give it once. */
  fulfil(
    context: ChannelContext<z.output<Settings>, z.output<Details>, z.output<Order>>,
  ): Promise<Fulfilment>
  /** Takes it back; absent: this channel cannot. Keyed like `fulfil`. */
  cancel?(
    context: ChannelContext<z.output<Settings>, z.output<Details>, z.output<Order>> & {
      readonly receipt: unknown
    },
  ): Promise<Cancellation>
}

// ── Risk rules and notifiers ────────────────────────────────────────────────────────────────

/** `reason`: a stable word, one of the rule's `words`, which say it to the member. */
export type RiskAnswer =
  | { readonly answer: 'allow' }
  | { readonly answer: 'hold' | 'verify' | 'refuse'; readonly reason: string }

/** What a risk rule is asked about. */
export interface RiskAct {
  readonly kind: 'earn' | 'redeem'
  /** Id of the source or channel; `checkout` for points that pay for an order. */
  readonly plugin: string
  /** Whole points that it would grant, after caps and budgets, or would cost. */
  readonly points: number
  /**
   * Of an earn the event, as the source's schema made it. Of a redemption `{ offer, order, cash }`: the offer's
   * facts, what the member says (null where only a price is asked for), and what is paid in money besides
   * (`{ amountMinor, currency }`, or null). At checkout `{ orderId, orderAmount }`.
   */
  readonly event: unknown
}

/**
 * Asked about every earn and every redemption, before anything is written, and for a preview or a price (K1).
 * Of all rules the strictest answer counts: refuse, verify, hold, allow; of equally strict ones the first
 * installed. One that is at fault fails the request that it was asked in (`PLUGIN_FAILED`).
 */
export interface RiskRule<Settings extends ZodType = ZodType> extends PluginBase<Settings> {
  readonly kind: 'risk-rule'
  /** Pure. */
  assess(
    context: DecisionContext<z.output<Settings>> & {
      readonly act: RiskAct
      /** The member's last days, of all sources and channels. */
      readonly recent: RecentFigures
    },
  ): RiskAnswer
}

export interface Notifier<Settings extends ZodType = ZodType> extends PluginBase<Settings> {
  readonly kind: 'notifier'
  /** Delivers one message. Keyed by the message's id: called again, after a while, until it answers
   * `delivered` or `dead`; whoever gets it must see it once. Runs outside any transaction. */
  deliver(context: DeliveryContext<z.output<Settings>>): Promise<{
    readonly outcome: 'delivered' | 'again' | 'dead'
    /** For operators: why not, at most 500 characters are kept. */
    readonly detail?: string
  }>
}

/** What a member is told (O1). */
export interface NotifierMessage {
  /** Names the message for ever, unguessable to others: the key of `deliver`. 1 to 64 characters. */
  readonly id: string
  readonly memberId: string
  /** What it is about, a stable word: `expiring` … */
  readonly kind: string
  readonly title: Words
  readonly body: Words
  /** What its sentences say, for words of one's own. */
  readonly figures: Readonly<Record<string, unknown>>
  /** When it was written, epoch milliseconds. */
  readonly at: number
}

export interface DeliveryContext<Settings> {
  readonly settings: Settings
  readonly message: NotifierMessage
  /** Epoch milliseconds. */
  readonly now: number
  /** The notifier's own tables: where each member wants to be told. */
  readonly store: PluginStore
  /** Aborted when the call has run out of time. */
  readonly signal: AbortSignal
}

export type Plugin = EarnSource | RedemptionChannel | RiskRule | Notifier

/**
 * The server's own database, through TypeORM, for the tables that a plugin brought (`entities`,
 * `migrations`). Nothing but its author keeps a plugin to those: the manager reaches every table, and
 * what is written to the ledger's past the ledger breaks its chain, which `verify` then says. It is the
 * same store whoever asks for it.
 */
export interface PluginStore {
  /** Reads outside any transaction. */
  read<T>(work: (manager: import('typeorm').EntityManager) => Promise<T>): Promise<T>
  /** One transaction; `work` may run more than once (deadlock), so it has no other effects. */
  write<T>(work: (manager: import('typeorm').EntityManager) => Promise<T>): Promise<T>
  /** Whether a fault of `write` says that a row with this key is there already, on any database. */
  isDuplicateKey(fault: unknown): boolean
}
