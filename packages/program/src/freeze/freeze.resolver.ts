import {
  DateTimeScalar,
  PointsScalar,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { ADJUSTERS, APPROVERS } from '../context/access.js'
import { loginOf } from '../context/login-of.js'
import type { ProgramContext } from '../context/program-context.js'
import { memberActInput } from '../input/act-input.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { FreezeEndedType, FreezeType, freezeEndedType, madeFreezeType } from './freeze.object.js'

const FreezePointsResult = resultUnion(
  'FreezePointsResult',
  FreezeType,
  'What is frozen, or why not.',
)
const EndFreezeResult = resultUnion(
  'EndFreezeResult',
  FreezeEndedType,
  'What was frozen until now, or why not.',
)

@InputType({ description: 'Points to be locked.' })
export class FreezePointsInput extends memberActInput({ whose: 'Whose points.', same: 'freeze' }) {
  @Field(() => PointsScalar, {
    nullable: true,
    description: 'How many; default: all that are available.',
  })
  points?: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'They are freed by themselves then; default: only when an operator frees them.',
  })
  until?: number | null
}

@Resolver()
export class FreezeResolver {
  @Extensions({ access: ADJUSTERS })
  @Mutation(() => FreezePointsResult, {
    description:
      'Locks available points of a member. While they are frozen they neither expire nor can they be used.',
  })
  freezePoints(
    @Ctx() context: ProgramContext,
    @Arg('input', () => FreezePointsInput, { description: 'What, whose and why.' })
    { points, until, ...input }: FreezePointsInput,
  ): Promise<FreezeType | RefusalType> {
    const by = loginOf(context)
    const request = { ...input, points: points ?? null, until: until ?? null, by }
    const frozen = context.program.freezes.freeze(request, actingOf(context, input.reason))
    return orRefusal(frozen, context, madeFreezeType)
  }

  @Extensions({ access: ADJUSTERS })
  @Mutation(() => EndFreezeResult, {
    description:
      'Frees what a freeze still holds. What ran out meanwhile goes by the policy (`reinstate`).',
  })
  thawPoints(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which freeze.' }) id: string,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
  ): Promise<FreezeEndedType | RefusalType> {
    const request = { id, reason, by: loginOf(context) }
    const thawed = context.program.freezes.thaw(request, actingOf(context, reason))
    return orRefusal(thawed, context, freezeEndedType)
  }

  @Extensions({ access: APPROVERS })
  @Mutation(() => EndFreezeResult, {
    description: 'Takes what a freeze still holds from the member, for good.',
  })
  voidFrozenPoints(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which freeze.' }) id: string,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
  ): Promise<FreezeEndedType | RefusalType> {
    const request = { id, reason, by: loginOf(context) }
    const voided = context.program.freezes.void(request, actingOf(context, reason))
    return orRefusal(voided, context, freezeEndedType)
  }
}
