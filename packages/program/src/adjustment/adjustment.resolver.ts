import {
  badUserInput,
  PointsScalar,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { ADJUSTERS, APPROVERS, OPERATORS } from '../context/access.js'
import { loginOf } from '../context/login-of.js'
import type { ProgramContext } from '../context/program-context.js'
import { memberActInput } from '../input/act-input.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { AdjustmentType, adjustmentType } from './adjustment.object.js'

const MOST = 100

const AdjustPointsResult = resultUnion(
  'AdjustPointsResult',
  AdjustmentType,
  'The adjustment, done or waiting, or why not.',
)
const DecideAdjustmentResult = resultUnion(
  'DecideAdjustmentResult',
  AdjustmentType,
  'The adjustment as it is now, or why not.',
)

@InputType({ description: 'Points to be given to a member or taken from it.' })
export class AdjustPointsInput extends memberActInput({
  whose: 'Whose points.',
  same: 'adjustment',
}) {
  @Field(() => PointsScalar, { description: 'How many, not 0; below zero: they are taken.' })
  points!: number

  @Field(() => String, {
    nullable: true,
    description: 'The points kind of what is given; default: the policy’s (`adjustments.kind`).',
  })
  kind?: string | null
}

@Resolver()
export class AdjustmentResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => AdjustmentType, { nullable: true, description: 'One adjustment; null: none.' })
  async adjustment(
    @Ctx() { program }: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
  ): Promise<AdjustmentType | null> {
    const found = await program.adjustments.find(id)
    return found ? adjustmentType(found) : null
  }

  @Extensions({ access: OPERATORS })
  @Query(() => [AdjustmentType], {
    description: 'Adjustments that wait for a second operator, the longest waiting first.',
  })
  async adjustmentsWaiting(
    @Ctx() { program }: ProgramContext,
    @Arg('first', () => Int, { defaultValue: 50, description: `At most so many; up to ${MOST}.` })
    first: number,
  ): Promise<AdjustmentType[]> {
    if (first < 1 || first > MOST) {
      throw badUserInput(`Ask for 1 to ${MOST}.`, { field: 'first' })
    }
    return (await program.adjustments.findWaiting(first)).map(adjustmentType)
  }

  @Extensions({ access: ADJUSTERS })
  @Mutation(() => AdjustPointsResult, {
    description:
      'Gives points to a member or takes available ones. Of more points than the policy says (`adjustments.approvalAbove`) it waits until another operator approves.',
  })
  adjustPoints(
    @Ctx() context: ProgramContext,
    @Arg('input', () => AdjustPointsInput, { description: 'What, to whom and why.' })
    { kind, ...input }: AdjustPointsInput,
  ): Promise<AdjustmentType | RefusalType> {
    const request = { ...input, kind: kind ?? null, by: loginOf(context) }
    const acting = actingOf(context, input.reason)
    return orRefusal(context.program.adjustments.request(request, acting), context, adjustmentType)
  }

  @Extensions({ access: APPROVERS })
  @Mutation(() => DecideAdjustmentResult, {
    description: 'The second operator’s yes: the points move now.',
  })
  approveAdjustment(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
  ): Promise<AdjustmentType | RefusalType> {
    const decision = { id, by: loginOf(context) }
    const approved = context.program.adjustments.approve(decision, actingOf(context))
    return orRefusal(approved, context, adjustmentType)
  }

  @Extensions({ access: ADJUSTERS })
  @Mutation(() => DecideAdjustmentResult, {
    description: 'A no, also of who asked for it: no points move.',
  })
  declineAdjustment(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
  ): Promise<AdjustmentType | RefusalType> {
    const decision = { id, reason, by: loginOf(context) }
    const declined = context.program.adjustments.decline(decision, actingOf(context, reason))
    return orRefusal(declined, context, adjustmentType)
  }
}
