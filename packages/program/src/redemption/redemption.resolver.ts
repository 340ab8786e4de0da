import { refuse } from '@pointwell/ledger'
import { JsonScalar, type RefusalType, resultUnion, toRefusalType } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, InputType, Mutation, Query, Resolver } from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { checkGivenReason, ReasonArg } from '../audit/reason-arg.js'
import { MEMBER_AND_STOREFRONT, OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { QuoteType, quoteType, RedemptionType, redemptionType } from './redemption.object.js'
import type { Redemption } from './redemption-record.js'

const QuoteResult = resultUnion('QuoteResult', QuoteType, 'The promise, or why not.')
const RedeemResult = resultUnion('RedeemResult', RedemptionType, 'The redemption, or why not.')
const CancelRedemptionResult = resultUnion(
  'CancelRedemptionResult',
  RedemptionType,
  'The redemption as it is now, or why not.',
)

@InputType({ description: 'What a member wants to have for points.' })
export class RedeemInput {
  @Field(() => ID, { nullable: true, description: 'The member; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, { nullable: true, description: 'An offer at its price now; or `quoteId`.' })
  offerId?: string | null

  @Field(() => ID, { nullable: true, description: 'A quote, at the price it promised; once.' })
  quoteId?: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'Needed with `offerId`: the same key again is the same redemption. Up to 100 characters.',
  })
  idempotencyKey?: string | null

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the channel wants to know, by its own schema: an address reference …',
  })
  order?: unknown
}

@Resolver()
export class RedemptionResolver {
  @Extensions({ access: [...MEMBER_AND_STOREFRONT, ...OPERATORS] })
  @Query(() => RedemptionType, {
    nullable: true,
    description: 'One redemption; null: there is none, or it is another member’s.',
  })
  async redemption(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
  ): Promise<RedemptionType | null> {
    const redemption = await findVisible(context, id)
    return redemption ? redemptionType(redemption) : null
  }

  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Mutation(() => QuoteResult, {
    description: 'Promises a price for some minutes (policy `quotes`).',
  })
  quote(
    @Ctx() context: ProgramContext,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) offerId: string,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'For whom; a member may leave it out.',
    })
    memberId: string | null,
  ): Promise<QuoteType | RefusalType> {
    const request = { offerId, memberId: context.actingFor(memberId) }
    return orRefusal(context.program.redemptions.quote(request), context, quoteType)
  }

  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Mutation(() => RedeemResult, {
    description:
      'Has something for points: holds them, asks the channel, spends or releases them. Repeated with the same key it answers with the same redemption as it is by then.',
  })
  redeem(
    @Ctx() context: ProgramContext,
    @Arg('input', () => RedeemInput, { description: 'What, and for whom.' }) input: RedeemInput,
  ): Promise<RedemptionType | RefusalType> {
    const request = { ...input, memberId: context.actingFor(input.memberId) }
    return orRefusal(context.program.redemptions.redeem(request), context, redemptionType)
  }

  @Extensions({ access: [...MEMBER_AND_STOREFRONT, 'support'] })
  @Mutation(() => CancelRedemptionResult, {
    description: 'Gives something back where its channel allows: points and stock return.',
  })
  async cancelRedemption(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which redemption.' }) id: string,
    @ReasonArg() reason: string | null,
  ): Promise<RedemptionType | RefusalType> {
    if (!(await findVisible(context, id))) {
      return toRefusalType(refuse('REDEMPTION_NOT_FOUND', { field: 'id' }), context.language)
    }
    const acting = actingOf(context, reason)
    const answer = checkGivenReason(reason) ?? context.program.redemptions.cancel(id, acting)
    return orRefusal(answer, context, redemptionType)
  }
}

/** A member sees its own only, and cannot tell another's from one that is not there. */
async function findVisible(
  { viewer, program, findWalletOf }: ProgramContext,
  id: string,
): Promise<Redemption | undefined> {
  const redemption = await program.redemptions.find(id)
  if (viewer.kind !== 'member' || viewer.subject === redemption?.memberId) return redemption
  // A member that was merged goes by its former id, too.
  const isOwn = (await findWalletOf(viewer.subject)) === redemption?.wallet
  return isOwn ? redemption : undefined
}
