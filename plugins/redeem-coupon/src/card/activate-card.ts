import { isRefusal, type ProgramFacade, type Refusal, refuse } from '@pointwell/plugin'
import type { Coupon } from '../coupon/coupon.js'
import { COUPON_PLUGIN_ID } from '../plugin-id.js'
import { changeCoupon } from '../store/change-coupon.js'
import { decideActivated, decideClaim, decideUnclaim } from './decide-activation.js'
import { type CardEffect, doCard } from './do-card.js'

/** With these the programme has certainly done nothing. */
const NOTHING_DONE = ['NOTHING_TO_EXTEND', 'MEMBER_NOT_FOUND', 'INVALID_INPUT']

interface Activated {
  readonly refused?: undefined
  readonly coupon: Coupon
}

/**
 * Activates a card: claims it, has the programme do what it does under the redemption's id, marks it used.
 * However often, whoever calls and wherever a call died: it is done once, and a repeat goes on where the last
 * one stopped. `find`: the card, if it is this member's. Refuses COUPON_NOT_FOUND, what `decideClaim`
 * refuses, and what the programme does, which leaves the card as it was.
 */
export async function activateCard(
  program: ProgramFacade,
  {
    find,
    memberId,
    key,
    now,
  }: {
    readonly find: () => Promise<Coupon | undefined>
    readonly memberId: string
    readonly key: string | null
    readonly now: number
  },
): Promise<Activated | Refusal> {
  const store = program.store(COUPON_PLUGIN_ID)
  const begin = async () => {
    let isFirst = false
    const claimed = await changeCoupon(store, {
      find,
      decide(coupon) {
        isFirst = coupon.status === 'issued'
        return decideClaim(coupon, { key, now })
      },
    })
    return { claimed, isFirst }
  }
  for (;;) {
    const { claimed, isFirst } = await begin()
    if (!claimed) return refuse('COUPON_NOT_FOUND', { field: 'code' })
    if (isRefusal(claimed)) return claimed
    const { activation, status } = claimed
    if (status === 'used' || !activation) return { coupon: claimed }
    const effect = await doCard(program, claimed, { memberId, at: activation.at })
    if (!isRefusal(effect)) return { coupon: await markUsed(claimed, effect) }
    if (!NOTHING_DONE.includes(effect.code)) return effect
    const own = claimed.version
    const left = await changeCoupon(store, {
      find,
      decide: (coupon) => decideUnclaim(coupon, { own, isFirst, now }),
    })
    // Begun long ago and never done: it begins anew, as of today.
    const isFree = left && !isRefusal(left) && left.status === 'issued'
    if (isFirst || !isFree) return effect
  }

  async function markUsed(claimed: Coupon, effect: CardEffect): Promise<Coupon> {
    const { at = now, key: named = key } = claimed.activation ?? {}
    const marked = await changeCoupon(store, {
      find,
      decide: (coupon) => decideActivated(coupon, { at, key: named, ...effect }),
    })
    // A member erased meanwhile has no card that could be found; what it did is done.
    return marked && !isRefusal(marked) ? marked : claimed
  }
}
