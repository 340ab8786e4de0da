import { isRefusal, type Refusal, type RequestContext, refuse, text } from '@pointwell/plugin'
import { type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Mutation, Resolver } from 'type-graphql'
import { activateCard } from '../card/activate-card.js'
import { COUPON_PLUGIN_ID } from '../plugin-id.js'
import { findGiven } from '../store/find-given.js'
import { ActivateCardInput, ActivateCardResult, CardActivatedType } from './activate-card.js'
import { couponType } from './coupon.object.js'

const MAX_KEY = 100

@Resolver()
export class CardResolver {
  @Extensions({ access: ['member', 'storefront'] })
  @Mutation(() => ActivateCardResult, {
    description:
      'Activates a card of a member, once: orders earn more, points last longer, or the way to the next tier is shorter. Its redemption can no longer be cancelled.',
  })
  async activateCard(
    @Ctx() context: RequestContext,
    @Arg('input', () => ActivateCardInput, { description: 'The card and whose it is.' })
    input: ActivateCardInput,
  ): Promise<CardActivatedType | RefusalType> {
    const answer = await activate(context, input)
    if (isRefusal(answer)) return toRefusalType(answer, context.language)
    const { language } = context
    const { until = null, points = null } = answer.coupon.activation ?? {}
    const coupon = couponType(answer.coupon, { language, now: context.now() })
    return Object.assign(new CardActivatedType(), { coupon, until, points })
  }
}

async function activate(
  { program, ...context }: RequestContext,
  { memberId, code, idempotencyKey: key = null }: ActivateCardInput,
): ReturnType<typeof activateCard> {
  const owner = context.actingFor(memberId)
  const wrong = checkKey(key)
  if (wrong) return wrong
  const ids = await program.idsOf(owner)
  const [current] = ids
  if (current === undefined) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
  return activateCard(program, {
    // Whose card it is, is nobody else's to know.
    async find() {
      const coupon = await findGiven(program.store(COUPON_PLUGIN_ID), code)
      return coupon && ids.includes(coupon.memberId) ? coupon : undefined
    },
    memberId: current,
    key,
    now: context.now(),
  })
}

function checkKey(key: string | null): Refusal | null {
  if (key === null || text({ max: MAX_KEY }).safeParse(key).success) return null
  const detail = `Expected 1 to ${MAX_KEY} characters.`
  return refuse('INVALID_INPUT', { field: 'idempotencyKey', detail })
}
