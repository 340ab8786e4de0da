import { refuse } from '@pointwell/ledger'
import { checkReason, type Money } from '@pointwell/plugin'
import {
  type Connection,
  JsonScalar,
  MoneyScalar,
  PageArgs,
  PointsScalar,
  pageByTime,
  ReasonArg,
  type RefusalType,
  resultUnion,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  Field,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { ADJUSTERS, MEMBER_AND_STOREFRONT, OPERATORS } from '../context/access.js'
import { loginOf } from '../context/login-of.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { findVisible } from './find-visible.js'
import {
  QuoteType,
  quoteType,
  RedemptionConnection,
  RedemptionType,
  redemptionType,
} from './redemption.object.js'

const QuoteResult = resultUnion('QuoteResult', QuoteType, 'The promise, or why not.')
const RedeemResult = resultUnion('RedeemResult', RedemptionType, 'The redemption, or why not.')
const ConfirmPaymentResult = resultUnion(
  'ConfirmPaymentResult',
  RedemptionType,
  'The redemption as it is now, or why not.',
)
const ConfirmRefundResult = resultUnion(
  'ConfirmRefundResult',
  RedemptionType,
  'The redemption as it is now, or why not.',
)
const CancelRedemptionResult = resultUnion(
  'CancelRedemptionResult',
  RedemptionType,
  'The redemption as it is now, or why not.',
)

const ReviewResult = resultUnion(
  'ReviewRedemptionResult',
  RedemptionType,
  'The redemption as it is now, or why not.',
)

const REFUNDS = 'refunds'

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

  @Field(() => PointsScalar, {
    nullable: true,
    description:
      'How much of the price is paid in points, where the rest can be paid in money; default: as much as can be. Not with `quoteId`.',
  })
  points?: number | null

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the channel wants to know, by its own schema: an address reference …',
  })
  order?: unknown
}

@InputType({ description: 'The money part of a redemption, which the storefront took.' })
export class ConfirmPaymentInput {
  @Field(() => ID, { description: 'Which redemption.' })
  redemptionId!: string

  @Field(() => MoneyScalar, { description: 'How much was paid.' })
  amount!: Money

  @Field(() => String, {
    description: 'The storefront’s own name of the payment, up to 100 characters.',
  })
  reference!: string
}

@InputType({ description: 'The money part of a redemption, which the storefront gave back.' })
export class ConfirmRefundInput {
  @Field(() => ID, { description: 'Which redemption.' })
  redemptionId!: string

  @Field(() => String, {
    description: 'The storefront’s own name of the refund, up to 100 characters.',
  })
  reference!: string
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

  @Extensions({ access: ['storefront', 'finance'] })
  @Query(() => RedemptionConnection, {
    description:
      'What came to nothing after its part in money was paid, and whose money is not given back yet (`cash.refundDue`), the longest owed first. `confirmRefund` takes it out.',
  })
  refundsDue(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<RedemptionType>> {
    return pageByTime({
      list: REFUNDS,
      page,
      find: program.redemptions.findRefundsDue,
      placeOf: ({ place }) => place,
      nodeOf: ({ redemption }) => redemptionType(redemption),
    })
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
    @Arg('points', () => PointsScalar, {
      nullable: true,
      description:
        'How much of the price is to be paid in points, where the rest can be paid in money; default: as much as can be.',
    })
    points: number | null,
  ): Promise<QuoteType | RefusalType> {
    const request = { offerId, points, memberId: context.actingFor(memberId) }
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

  @Extensions({ access: ['storefront'] })
  @Mutation(() => ConfirmPaymentResult, {
    description:
      'Tells that the part in money was paid: the channel is asked, and the points are spent or come back. The same payment again is the same.',
  })
  confirmPayment(
    @Ctx() context: ProgramContext,
    @Arg('input', () => ConfirmPaymentInput, { description: 'The payment.' })
    { redemptionId: id, amount, reference }: ConfirmPaymentInput,
  ): Promise<RedemptionType | RefusalType> {
    const payment = { id, amount, reference }
    return orRefusal(context.program.redemptions.confirmPayment(payment), context, redemptionType)
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => ConfirmRefundResult, {
    description:
      'Tells that money was given back for what came to nothing (`cash.refundDue`). The same refund again is the same.',
  })
  confirmRefund(
    @Ctx() context: ProgramContext,
    @Arg('input', () => ConfirmRefundInput, { description: 'The refund.' })
    { redemptionId: id, reference }: ConfirmRefundInput,
  ): Promise<RedemptionType | RefusalType> {
    const refund = { id, reference }
    return orRefusal(context.program.redemptions.confirmRefund(refund), context, redemptionType)
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
    const answer = checkReason(reason) ?? context.program.redemptions.cancel(id, acting)
    return orRefusal(answer, context, redemptionType)
  }
  @Extensions({ access: ADJUSTERS })
  @Mutation(() => ReviewResult, {
    description:
      'Lets a redemption go on that a risk rule holds: the channel is asked, once it is paid for.',
  })
  approveRedemption(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which redemption.' }) id: string,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
  ): Promise<RedemptionType | RefusalType> {
    const decision = { id, reason, by: loginOf(context) }
    const approved = context.program.redemptions.approve(decision, actingOf(context, reason))
    return orRefusal(approved, context, redemptionType)
  }

  @Extensions({ access: ADJUSTERS })
  @Mutation(() => ReviewResult, {
    description:
      'Calls off a redemption that a risk rule holds: points and stock return, and money that was paid is to be given back.',
  })
  declineRedemption(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which redemption.' }) id: string,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
  ): Promise<RedemptionType | RefusalType> {
    const decision = { id, reason, by: loginOf(context) }
    const declined = context.program.redemptions.decline(decision, actingOf(context, reason))
    return orRefusal(declined, context, redemptionType)
  }
}
