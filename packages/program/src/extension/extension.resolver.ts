import { refuse } from '@pointwell/ledger'
import { findLotId } from '@pointwell/ledger/graphql'
import {
  LocalDateScalar,
  type RefusalType,
  resultUnion,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, InputType, Int, Mutation, Resolver } from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { ADJUSTERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { memberActInput } from '../input/act-input.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { PointsExtendedType, pointsExtendedType } from './extension.object.js'

const ExtendPointsResult = resultUnion(
  'ExtendPointsResult',
  PointsExtendedType,
  'What lasts longer, or why not.',
)

@InputType({ description: 'Points of a member that should last longer.' })
export class ExtendPointsInput extends memberActInput({
  whose: 'Whose points.',
  same: 'extension',
}) {
  @Field(() => [ID], {
    nullable: true,
    description: 'Which lots, 500 at most; either these or `expiringBy`.',
  })
  lots?: string[] | null

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'All lots whose last day is this one or an earlier one.',
  })
  expiringBy?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'By so many days, 1 to 3,660; either these or `months`.',
  })
  days?: number | null

  @Field(() => Int, { nullable: true, description: 'By so many months, 1 to 120.' })
  months?: number | null
}

@Resolver()
export class ExtensionResolver {
  @Extensions({ access: ADJUSTERS })
  @Mutation(() => ExtendPointsResult, {
    description:
      'Lets points last longer, counted from their last day. What has run out stays so, and what never runs out stays as it is.',
  })
  async extendPoints(
    @Ctx() context: ProgramContext,
    @Arg('input', () => ExtendPointsInput, { description: 'Which, how long and why.' })
    { lots: ids, ...input }: ExtendPointsInput,
  ): Promise<PointsExtendedType | RefusalType> {
    const member = await context.program.members.find(input.memberId)
    const lots = ids?.map(findLotId) ?? null
    const foreign = lots?.findIndex((lot) => lot?.wallet !== member?.wallet) ?? -1
    if (member && foreign >= 0) {
      const refusal = refuse('LOT_NOT_FOUND', { field: `lots.${foreign}` })
      return toRefusalType(refusal, context.language)
    }
    const seqs = lots?.flatMap((lot) => (lot ? [lot.seq] : [])) ?? null
    const acting = actingOf(context, input.reason)
    if (!acting) throw new Error('an act of an operator by somebody else')
    const request = { ...input, lots: seqs, givenBy: acting.by }
    return orRefusal(context.program.extendPoints(request, acting), context, pointsExtendedType)
  }
}
