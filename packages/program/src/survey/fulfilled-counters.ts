import type { Calendar } from '@pointwell/plugin'
import type { Redemption } from '../redemption/redemption-record.js'
import type { SurveySpan } from './survey-rows.js'

/*
 * How many redemptions were fulfilled on a day, of an offer and of a channel: counters of the ledger, moved
 * in the posting that spends the points. Figures cannot tell: they count a cancellation like another
 * redemption, and know no offers. An offer's redemptions lock its stock anyway, so one counter of it more
 * makes nobody wait; a channel has one a lane.
 */

const LANES = 4

/** What a redemption adds one to when it is fulfilled on this day; again for each experiment that it is of. */
export function fulfilledCounters(
  {
    wallet,
    offer,
    channel,
    variants = {},
  }: Pick<Redemption, 'wallet' | 'offer' | 'channel' | 'variants'>,
  day: string,
): readonly string[] {
  const counters = [ofOffer(offer.id, day), ofChannel(channel, day, Math.abs(wallet) % LANES)]
  const tried = Object.entries(variants).flatMap(([experiment, variant]) =>
    counters.map((counter) => ofVariant({ experiment, variant }, counter)),
  )
  return [...counters, ...tried]
}

/** The same counters, of a variant alone. */
export function ofVariant(
  { experiment, variant }: { readonly experiment: string; readonly variant: string },
  counter: string,
): string {
  return `in:${experiment}:${variant}:${counter}`
}

/** All counters of a span, which add up to what was fulfilled. */
export function countersOfSpan(
  { of, from, to }: SurveySpan,
  { calendar, channels }: { calendar: Calendar; channels: readonly string[] },
): readonly string[] {
  const days: string[] = []
  for (let day = from; day <= to; day = calendar.addDays(day, 1)) days.push(day)
  if (of && 'offerId' in of) return days.map((day) => ofOffer(of.offerId, day))
  return (of ? [of.channel] : channels).flatMap((channel) =>
    days.flatMap((day) =>
      Array.from({ length: LANES }, (_, lane) => ofChannel(channel, day, lane)),
    ),
  )
}

function ofOffer(id: string, day: string): string {
  return `fulfilled:${id}:${day}`
}

function ofChannel(channel: string, day: string, lane: number): string {
  return `fulfilled-by:${channel}:${day}:${lane}`
}
