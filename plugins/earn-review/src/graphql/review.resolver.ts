import { type EarnedName, refuse } from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  connectionOf,
  encodeCursor,
  PageArgs,
  type PluginContext,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { ReviewWithdrawal } from '../event/review-event.js'
import { reviewKey } from '../event/review-key.js'
import { ORDERS } from '../order/lines-of.js'
import { countCharacters } from './count-characters.js'
import { ModerateReviewInput, SubmitReviewInput } from './review.input.js'
import { ReviewType, reviewType } from './review.object.js'
import {
  ModerateReviewResult,
  ReviewModerated,
  ReviewSubmitted,
  reviewResult,
  SubmitReviewResult,
} from './review-results.js'

const source = 'review'
const LIST = 'reviews'
const ReviewConnection = connectionOf(ReviewType, 'Review')

@Resolver()
export class ReviewResolver {
  @Query(() => ReviewConnection, {
    nullable: true,
    description:
      'Reviews of a member that earned points, by order and line from the highest on. Null: there is no such member.',
  })
  @Extensions({ access: ['member', 'storefront', 'support', 'rules'] })
  async reviews(
    @Ctx() context: PluginContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
  ): Promise<Connection<ReviewType> | null> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['string'], after)
    const items = await context.program.findEarnedOf({
      source,
      memberId: context.actingFor(memberId),
      before: place && String(place[0]),
      limit: first + 1,
    })
    return (
      items &&
      connectionFrom({
        items,
        first,
        after,
        cursorOf: ({ once }) => encodeCursor(LIST, [once]),
        nodeOf: reviewType,
      })
    )
  }

  @Mutation(() => SubmitReviewResult, {
    description:
      'Gives points for a review of a bought line, once a line. The same review again changes nothing.',
  })
  @Extensions({ access: ['member', 'storefront'] })
  async submitReview(
    @Ctx() context: PluginContext,
    @Arg('input', () => SubmitReviewInput, { description: 'The review.' })
    input: SubmitReviewInput,
  ): Promise<typeof SubmitReviewResult> {
    const { memberId, orderId, lineId, reviewId, text, photos, at } = input
    const isTold = context.viewer.kind === 'storefront' && at !== null && at !== undefined
    const answer = await context.program.earn({
      source,
      memberId: context.actingFor(memberId),
      event: {
        orderId,
        lineId,
        reviewId,
        characters: countCharacters(text),
        photos,
        at: isTold ? at : context.now(),
      },
    })
    return reviewResult(ReviewSubmitted, answer, context)
  }

  @Mutation(() => ModerateReviewResult, {
    description:
      'Takes the points of a review back that a moderator removed; once, whoever says so however often.',
  })
  @Extensions({ access: ['storefront', 'support', 'rules'] })
  async moderateReview(
    @Ctx() context: PluginContext,
    @Arg('input', () => ModerateReviewInput, { description: 'The removal.' })
    { orderId, lineId, reason }: ModerateReviewInput,
  ): Promise<typeof ModerateReviewResult> {
    const name = await findReview(context, { orderId, lineId })
    if (!name) {
      const unknown = refuse('REVIEW_NOT_FOUND', { field: 'orderId' })
      return reviewResult(ReviewModerated, unknown, context)
    }
    const taken = await removalOf(context, name, reason)
    const act = { name: 'moderateReview', context, reason: taken.reason }
    const answer = await context.program.returnEarned({ ...name, taken, act })
    return reviewResult(ReviewModerated, answer, context)
  }
}

/** Whose review it is, is known by the order. */
async function findReview(
  { program }: PluginContext,
  line: { orderId: string; lineId: string },
): Promise<EarnedName | null> {
  const order = await program.findEarned({ source: ORDERS, once: line.orderId })
  return order && { source, memberId: order.memberId, once: reviewKey(line) }
}

/** The first word about a removal stands: who says it again, in other words, is answered the same. */
async function removalOf(
  { program, viewer }: PluginContext,
  name: EarnedName,
  reason: string,
): Promise<ReviewWithdrawal> {
  const [said] = ((await program.findEarned(name))?.returns ?? []) as readonly ReviewWithdrawal[]
  if (said) return said
  const by = viewer.kind === 'anonymous' ? viewer.kind : viewer.subject
  return { why: 'removed', reason, by }
}
