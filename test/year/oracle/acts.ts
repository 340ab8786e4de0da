import type { Profile } from './member.js'
import type { Order } from './order-points.js'
import type { Rules } from './rules.js'

/** What members, storefronts and operators do in a year, each at a moment. */
export type Act =
  | { readonly do: 'register'; readonly profile: Profile }
  | { readonly do: 'order'; readonly member: string; readonly order: Order }
  | { readonly do: 'confirm'; readonly orderId: string }
  | {
      readonly do: 'return'
      readonly orderId: string
      readonly returnId: string
      readonly line: string
      readonly quantity: number
    }
  | { readonly do: 'cancel'; readonly orderId: string }
  | { readonly do: 'check-in'; readonly member: string }
  | { readonly do: 'make-up'; readonly member: string; readonly day: number }
  | {
      readonly do: 'behave'
      readonly member: string
      readonly behaviour: string
      readonly ref: string
      readonly at: number
    }
  | {
      readonly do: 'review'
      readonly member: string
      readonly orderId: string
      readonly line: string
      readonly characters: number
      readonly photos: number
    }
  | {
      readonly do: 'remove-review'
      readonly member: string
      readonly orderId: string
      readonly line: string
    }
  | { readonly do: 'accept'; readonly member: string; readonly referrer: string }
  | { readonly do: 'claim'; readonly member: string; readonly key: string }
  | {
      readonly do: 'redeem'
      readonly member: string
      readonly offer: string
      readonly key: string
      readonly byQuote: boolean
    }
  | { readonly do: 'give-back'; readonly member: string; readonly key: string }
  | {
      readonly do: 'transfer'
      readonly member: string
      readonly to: string
      readonly points: number
      readonly key: string
    }
  | {
      readonly do: 'adjust'
      readonly member: string
      readonly points: number
      readonly key: string
    }
  | {
      readonly do: 'decide'
      readonly member: string
      readonly key: string
      readonly approve: boolean
    }
  | {
      readonly do: 'freeze'
      readonly member: string
      readonly points: number | null
      readonly until: number | null
      readonly key: string
    }
  | {
      readonly do: 'end-freeze'
      readonly member: string
      readonly key: string
      readonly take: boolean
    }
  | {
      readonly do: 'membership'
      readonly member: string
      /** Undefined: a term longer. */
      readonly until?: number | null
      readonly key: string
    }
  | {
      readonly do: 'tier'
      readonly member: string
      readonly given: { readonly tier: string; readonly until: number } | null
      readonly key: string
    }
  | {
      readonly do: 'accelerate'
      readonly member: string
      readonly factor: string
      readonly days: number
      readonly key: string
    }
  | {
      readonly do: 'extend'
      readonly member: string
      readonly through: string
      readonly days: number | null
      readonly months: number | null
      readonly key: string
    }
  | { readonly do: 'policy'; readonly rules: Rules }

/** What comes of it: points, or the code of a refusal. */
export type Answer = { readonly points: number } | { readonly refused: string }
