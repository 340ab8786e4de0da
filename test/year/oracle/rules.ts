/* The part of the policy document that the year uses, every setting said, so that nothing here hangs on
 * a default of the product. */

export type Term =
  | { readonly term: 'never' }
  | { readonly term: 'days'; readonly days: number }
  | { readonly term: 'months'; readonly months: number }
  | { readonly term: 'end-of-next-year' }

export type Activity = 'high' | 'medium' | 'low'
type Words = { readonly en: string; readonly zh: string }

export interface Kind {
  readonly title: Words
  readonly expiry: Term
  readonly bySource: Readonly<Record<string, Term>>
  readonly byTier: Readonly<Record<string, Term>>
  readonly byActivity: Partial<Readonly<Record<Activity, Term>>>
  readonly renewable: boolean
}

export interface Level {
  readonly id: string
  readonly title: Words
  readonly threshold: string
  readonly earnMultiplier: string
  readonly birthdayMultiplier: string
  readonly priceFactor: string
  readonly expiry: Term | null
}

export interface Cap {
  readonly limit: number | null
  readonly byTier: Readonly<Record<string, number | null>>
}
export type Period = 'day' | 'week' | 'month' | 'year' | 'lifetime'

export interface Campaign {
  readonly id: string
  readonly title: Words
  readonly from: string
  readonly until: string
  readonly sources: readonly string[] | null
  readonly tiers: readonly string[] | null
  readonly regions: readonly string[] | null
  readonly multiplier: string
  readonly extraPoints: number
  readonly kind: string | null
  readonly expiry: Term | null
  readonly budget: number | null
  readonly department: string | null
}

export interface RenewalTask {
  readonly id: string
  readonly title: Words
  readonly when:
    | { readonly type: 'spend' | 'order'; readonly amount: string }
    | { readonly type: 'streak'; readonly days: number }
    | { readonly type: 'behaviour'; readonly behaviour: string }
  readonly extend:
    | { readonly term: 'days'; readonly days: number }
    | { readonly term: 'months'; readonly months: number }
}

export interface Behaviour {
  readonly title: Words
  readonly points: number
  readonly times: number
  readonly per: 'day' | 'week' | 'month' | 'year' | 'ever'
  readonly kind: string | null
  readonly expiry: Term | null
}

export interface TransferLimits {
  readonly pointsPerDay: number | null
  readonly pointsPerMonth: number | null
  readonly timesPerDay: number | null
  readonly timesPerMonth: number | null
}

export interface Rules {
  readonly programme: { readonly zone: string; readonly currency: string }
  readonly events: { readonly maxAgeDays: number; readonly maxFutureMinutes: number }
  readonly kinds: Readonly<Record<string, Kind>>
  readonly tiers: {
    readonly period:
      | { readonly type: 'calendar-year' }
      | { readonly type: 'rolling-months'; readonly months: number }
      | { readonly type: 'lifetime' }
    readonly graceDays: number
    readonly levels: readonly Level[]
  }
  readonly caps: {
    readonly pointsPerDay: Cap
    readonly ordersPerDay: Cap
    readonly pointsPerOrder: Cap
    readonly perSource: Readonly<Record<string, readonly (Cap & { readonly period: Period })[]>>
  }
  readonly campaigns: readonly Campaign[]
  readonly budgets: {
    readonly programme: { readonly period: 'month'; readonly points: number }
    readonly reservePercent: number
    readonly departments: Readonly<
      Record<string, { readonly period: 'month'; readonly points: number }>
    >
  }
  readonly adjustments: { readonly approvalAbove: number; readonly kind: string }
  readonly returns: { readonly policy: 'pending-only' | 'within-balance' | 'debt' }
  readonly reinstate:
    | { readonly policy: 'grace'; readonly days: number }
    | { readonly policy: 'forfeit' }
  readonly staff: { readonly rate: string }
  readonly membership: {
    readonly enabled: true
    readonly firstTermMonths: number
    readonly renewalMonths: number
    readonly earningWhileLapsed: 'refuse' | 'freeze'
    readonly ranOut:
      | { readonly policy: 'keep'; readonly graceDays: number }
      | { readonly policy: 'expire' }
  }
  readonly activity: {
    readonly windowDays: number
    readonly highFrom: number
    readonly mediumFrom: number
  }
  readonly expiry: {
    readonly oldLots:
      | { readonly policy: 'keep' }
      | {
          readonly policy: 'grace'
          readonly through: string
          readonly earnedBefore: string
          readonly kinds: readonly string[] | null
        }
  }
  readonly renewal: {
    readonly windowDays: number
    readonly timesPerLot: number
    readonly tasks: readonly RenewalTask[]
  }
  readonly reminders: { readonly daysBefore: readonly number[] }
  readonly transfers: {
    readonly enabled: boolean
    readonly least: number
    readonly most: number
    readonly giver: TransferLimits
    readonly receiver: TransferLimits
    readonly minMembershipDays: number
  }
  readonly pricing: { readonly closedLoopRatio: string; readonly step: number }
  readonly pointValue: {
    readonly changes: readonly { readonly from: string; readonly value: string }[]
    readonly transitionDays: number
  }
  readonly sources: {
    readonly purchase: {
      readonly kind: string
      readonly settings: {
        readonly spendPerPoint: string
        readonly categoryRates: Readonly<Record<string, string>>
        readonly regionRates: Readonly<Record<string, string>>
        readonly staffRate: string
        readonly birthday: boolean
        readonly rounding: 'floor' | 'half-up'
        readonly confirmAfterDays: number
        readonly claimDays: number | null
      }
    }
    readonly 'check-in': {
      readonly kind: string
      readonly settings: {
        readonly points: number
        readonly streaks: Readonly<Record<string, number>>
        readonly restartAfterLongest: boolean
        readonly makeUp: {
          readonly enabled: boolean
          readonly maxDaysBack: number
          readonly cardsPerMonth: number
          readonly earnsPoints: boolean
        }
      }
    }
    readonly behaviour: {
      readonly kind: string
      readonly settings: {
        readonly behaviours: Readonly<Record<string, Behaviour>>
        readonly daysLate: number
      }
    }
    readonly referral: {
      readonly kind: string
      readonly settings: {
        readonly points: number
        readonly friendPoints: number
        readonly newForDays: number
        readonly limits: readonly { readonly per: 'month'; readonly times: number }[]
      }
    }
    readonly review: {
      readonly kind: string
      readonly settings: {
        readonly points: number
        readonly pointsWithPhotos: number
        readonly photos: number
        readonly minCharacters: number
      }
    }
  }
  readonly channels: { readonly coupon: { readonly settings: { readonly validityDays: number } } }
}

/** An offer of the year. */
export interface YearOffer {
  readonly id: string
  /** Set by hand; null: by the formula. */
  readonly byHand: number | null
  readonly cashMinor: number
  readonly perMonth: number | null
  readonly stock: number | null
}
