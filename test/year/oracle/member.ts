import type { Buyer, Order } from './order-points.js'
import type { Campaign, Rules } from './rules.js'
import { Standing } from './tier.js'
import { type OracleLot, OracleWallet, type Part } from './wallet.js'

export interface Profile {
  readonly id: string
  readonly joinedAt: number
  readonly birthday: { readonly month: number; readonly day: number } | null
  readonly region: string | null
  readonly staff: boolean
}

/** A part of a grant: what was earned anyway, or what a campaign added. */
export interface GrantPart {
  readonly campaign: Campaign | null
  readonly lot: OracleLot | null
  readonly granted: number
  readonly extra: number
  standing: number
  readonly budgets: readonly string[]
}

/** Something that earned. */
export interface Grant {
  readonly source: string
  readonly member: OracleMember
  readonly at: number
  readonly isOrder: boolean
  readonly granted: number
  standing: number
  readonly parts: readonly GrantPart[]
  readonly counters: readonly string[]
  readonly forgiven: Map<OracleLot, number>
  cancelled: boolean
  /** What a moderator's removal answered. */
  removedPoints?: number
}

export interface OracleOrder {
  readonly order: Order
  readonly grant: Grant
  readonly rules: Rules
  /** With the member's campaigns and tier of then. */
  readonly buyer: Buyer
  readonly factor: number
  readonly returned: Map<string, number>
  /** Cents that still count for the tier, before accelerators. */
  cents: number
  confirmAt: number | null
  confirmedAt: number | null
  /** What a call that confirmed it, and one that cancelled it, answered. */
  confirmedPoints?: number
  cancelledPoints?: number
}

export interface Redemption {
  readonly offer: string
  readonly at: number
  readonly points: number
  readonly parts: readonly Part[]
  readonly limitKey: string | null
  readonly couponEnds: number
  status: 'fulfilled' | 'cancelled'
}

/** All that the specification has of a member. */
export class OracleMember {
  readonly wallet: OracleWallet
  readonly standing = new Standing()
  readonly orders: OracleOrder[] = []
  readonly days = new Map<number, number>()
  readonly madeUp = new Set<number>()
  readonly cards = new Map<number, number>()
  readonly acts = new Map<string, number>()
  readonly counters = new Map<string, number>()
  readonly active = new Set<number>()
  readonly reviews = new Map<string, Grant>()
  readonly renewed = new Map<number, number>()
  readonly bought = new Map<string, number>()
  readonly redemptions = new Map<string, Redemption>()
  readonly waitingAdjustments = new Map<string, number>()
  readonly reminders = new Map<string, number>()
  referrer: { readonly member: OracleMember; readonly at: number } | null = null
  qualified: OracleOrder | null = null
  lost = false
  welcome: Grant | null = null
  /** What this member got for bringing others, by the friend's id. */
  readonly rewards = new Map<string, Grant>()
  readonly rewardsIn = new Map<number, number>()
  /** What it did, for whoever looks for a difference. */
  readonly told: string[] = []

  constructor(
    readonly profile: Profile,
    totals: Map<string, number>,
  ) {
    this.wallet = new OracleWallet(totals)
  }

  count(counter: string, by: number): void {
    this.counters.set(counter, Math.max(0, (this.counters.get(counter) ?? 0) + by))
  }

  counted(counter: string): number {
    return this.counters.get(counter) ?? 0
  }
}
