import type { Words } from '@pointwell/plugin'
import type { PartnerSource } from '../offer/partner-offer.js'

/**
 * How far a redemption has come with the partner. `asking`: what it costs is set aside and the
 * partner's API is being asked, or is to be asked again. `refused`: it said no. `never`: it did not
 * come to be asked, and never will. `cancelling`: it is asked to take it back. `void`: it did.
 */
export type RightStatus = 'asking' | 'given' | 'refused' | 'never' | 'cancelling' | 'void'

/** What one redemption comes to with a partner. Instants are epoch milliseconds. */
export interface Right {
  readonly redemptionId: string
  readonly partnerId: string
  readonly memberId: string
  readonly offerId: string
  readonly title: Words
  readonly source: PartnerSource
  /** What the partner is owed for it, minor units of its currency. */
  readonly costMinor: number
  readonly returnable: boolean
  /** What the partner's API knows it by. */
  readonly product: string | null
  readonly privilege: string | null
  readonly status: RightStatus
  readonly code: string | null
  /** A privilege: from when on. */
  readonly startsAt: number | null
  /** The first instant at which it is over, where there is one. */
  readonly endsAt: number | null
  readonly orderedAt: number
  readonly givenAt: number | null
  readonly voidedAt: number | null
  /** Why it was refused or never asked for: a refusal's code. */
  readonly refusal: string | null
  /** How often the API was asked to give it. */
  readonly attempts: number
  /** Until then somebody is asking the API, and nobody else does. */
  readonly askedUntil: number
  /** Goes up by one with each change: who saw another version changes nothing. */
  readonly version: number
}

/** What a change comes to: the right as it is to be, or as it was when nothing has to be written. */
export interface Decided {
  readonly right: Right
  readonly isNew: boolean
}

export function changed(right: Right, change: Partial<Right>): Decided {
  return { right: { ...right, ...change, version: right.version + 1 }, isNew: true }
}

export function unchanged(right: Right): Decided {
  return { right, isNew: false }
}
