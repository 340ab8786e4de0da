import { refuse } from '@pointwell/ledger'
import {
  DateTimeScalar,
  DecimalScalar,
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
  ObjectType,
  Resolver,
} from 'type-graphql'
import type { Acting } from '../audit/acting.js'
import { actingOf } from '../audit/acting.js'
import { ADJUSTERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { memberActInput } from '../input/act-input.js'
import { MemberType, memberType } from '../member/member.object.js'
import { orRefusal } from '../refusal/or-refusal.js'

@ObjectType('MemberTierChanged', {
  description: 'The member as it is now.',
  simpleResolvers: true,
})
export class MemberTierChangedType {
  @Field(() => MemberType, { description: 'The member.' })
  member!: MemberType
}

const SetMemberTierResult = resultUnion(
  'SetMemberTierResult',
  MemberTierChangedType,
  'The member, or why not.',
)
const GrantTierAcceleratorResult = resultUnion(
  'GrantTierAcceleratorResult',
  MemberTierChangedType,
  'The member, or why not.',
)

@InputType({ description: 'A tier that a member has until a date, whatever it spends.' })
export class SetMemberTierInput extends memberActInput({ whose: 'Whose tier.', same: 'act' }) {
  @Field(() => ID, {
    nullable: true,
    description: 'The tier that the member has at least; null: what was given ends now.',
  })
  tier?: string | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant after it; needed with a tier.',
  })
  until?: number | null
}

@InputType({ description: 'For a time, what a member spends counts by a factor for its tier.' })
export class GrantTierAcceleratorInput extends memberActInput({
  whose: 'Whose spend.',
  same: 'gift',
}) {
  @Field(() => DecimalScalar, { description: 'Above 1, at most 10: `1.5`.' })
  factor!: string

  @Field(() => Int, {
    description: 'From now through so many days: 1 lasts through tomorrow. At most 3,660.',
  })
  days!: number
}

@Resolver()
export class TierResolver {
  @Extensions({ access: ADJUSTERS })
  @Mutation(() => SetMemberTierResult, {
    description:
      'Gives a member a tier until a date: it has that, or what it has earned if higher.',
  })
  setMemberTier(
    @Ctx() context: ProgramContext,
    @Arg('input', () => SetMemberTierInput, { description: 'Which tier, to whom and why.' })
    { tier, until, memberId, reason, idempotencyKey }: SetMemberTierInput,
  ): Promise<MemberTierChangedType | RefusalType> {
    const isGiven = tier !== null && tier !== undefined
    const set =
      isGiven && !until
        ? refuse('INVALID_INPUT', { field: 'until', detail: 'Expected a date with a tier.' })
        : context.program.tiers.set({
            memberId,
            given: isGiven ? { tier, until: until! } : null,
            idempotencyKey,
            acting: operatorAt(context, reason),
          })
    return orRefusal(set, context, changed)
  }

  @Extensions({ access: ADJUSTERS })
  @Mutation(() => GrantTierAcceleratorResult, {
    description:
      'Shortens the way to the next tier: orders made in that time count by the factor. Of several at once the strongest counts.',
  })
  grantTierAccelerator(
    @Ctx() context: ProgramContext,
    @Arg('input', () => GrantTierAcceleratorInput, { description: 'What, to whom and why.' })
    { reason, ...input }: GrantTierAcceleratorInput,
  ): Promise<MemberTierChangedType | RefusalType> {
    const acting = operatorAt(context, reason)
    return orRefusal(context.program.tiers.grantAccelerator({ ...input, acting }), context, changed)
  }
}

function changed(member: Parameters<typeof memberType>[0]): MemberTierChangedType {
  return Object.assign(new MemberTierChangedType(), { member: memberType(member) })
}

/** Only operators get here. */
function operatorAt(context: ProgramContext, reason: string): Acting {
  const acting = actingOf(context, reason)
  if (!acting) throw new Error('an act of an operator by somebody else')
  return acting
}
