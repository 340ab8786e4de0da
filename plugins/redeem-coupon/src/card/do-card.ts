import { isRefusal, type ProgramFacade, type Refusal } from '@pointwell/plugin'
import type { Coupon } from '../coupon/coupon.js'
import { LAST_UNTIL } from '../offer/coupon-offer.js'
import { COUPON_PLUGIN_ID } from '../plugin-id.js'
import type { Activation } from './card.js'

export type CardEffect = Pick<Activation, 'until' | 'points'> & { readonly refused?: undefined }

/** Has the programme do what a card does, once: the redemption's id is the key, and everything asked for is
 * the same each time. `at`: when its activation was begun. */
export async function doCard(
  program: ProgramFacade,
  coupon: Coupon,
  { memberId, at }: { readonly memberId: string; readonly at: number },
): Promise<CardEffect | Refusal> {
  const { card, redemptionId, title } = coupon
  if (!card) throw new Error('This coupon is no card.')
  const key = { memberId, source: COUPON_PLUGIN_ID, idempotencyKey: redemptionId }
  switch (card.type) {
    case 'rate-up': {
      const { factor, days, orders, sources } = card
      return untilOf(await program.boostEarning({ ...key, factor, days, orders, sources }))
    }
    case 'tier-accelerator': {
      const { factor, days } = card
      return untilOf(await program.accelerateTier({ ...key, factor, days }))
    }
    case 'expiry-extension': {
      const calendar = program.calendar()
      const { days, months, withinDays } = card
      const extended = await program.extendPoints({
        memberId,
        expiringBy:
          withinDays === null ? LAST_UNTIL : calendar.addDays(calendar.dateOf(at), withinDays),
        days,
        months,
        reason: title.en,
        idempotencyKey: redemptionId,
        givenBy: `${COUPON_PLUGIN_ID}:${redemptionId}`,
      })
      return isRefusal(extended) ? extended : { until: null, points: extended.points }
    }
  }
}

function untilOf(answer: { readonly until: number } | Refusal): CardEffect | Refusal {
  return isRefusal(answer) ? answer : { until: answer.until, points: null }
}
