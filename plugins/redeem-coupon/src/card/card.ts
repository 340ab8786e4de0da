/** What a card does once it is activated; written down when it is issued. Days are of the programme's zone. */
export type Card =
  | {
      readonly type: 'rate-up'
      /** A decimal above 1. */
      readonly factor: string
      readonly days: number
      /** Null: all in that time. */
      readonly orders: number | null
      /** Ids of sources; null: orders. */
      readonly sources: readonly string[] | null
    }
  | {
      readonly type: 'expiry-extension'
      /** One of the two is there. */
      readonly days: number | null
      readonly months: number | null
      /** Null: all points that end. */
      readonly withinDays: number | null
    }
  | { readonly type: 'tier-accelerator'; readonly factor: string; readonly days: number }

/** A card's activation, from when somebody began with it. */
export interface Activation {
  /** When it was begun, epoch milliseconds: its days are counted from there however often it is repeated. */
  readonly at: number
  /** What the caller named it by; null: nothing. */
  readonly key: string | null
  /** Until when it counts, epoch milliseconds; null: it did what it does at once, or is not done yet. */
  readonly until: number | null
  /** Points that last longer; null: it does something else, or is not done yet. */
  readonly points: number | null
}
