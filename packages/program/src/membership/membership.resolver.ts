import {
  DateTimeScalar,
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
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql'
import { actingOf, subjectOf } from '../audit/acting.js'
import type { ProgramContext } from '../context/program-context.js'
import { MemberType, memberType } from '../member/member.object.js'
import { orRefusal } from '../refusal/or-refusal.js'

@ObjectType('MembershipChanged', {
  description: 'The membership lasts until then.',
  simpleResolvers: true,
})
export class MembershipChangedType {
  @Field(() => MemberType, { description: 'The member as it is now.' })
  member!: MemberType

  @Field(() => PointsScalar, { description: 'How many frozen points can be used again.' })
  thawed!: number
}

const SetMembershipResult = resultUnion(
  'SetMembershipResult',
  MembershipChangedType,
  'The membership as it is now, or why not.',
)
const RenewMembershipResult = resultUnion(
  'RenewMembershipResult',
  MembershipChangedType,
  'The membership as it is now, or why not.',
)

@InputType({ description: 'A membership to be made a term longer.' })
export class RenewMembershipInput {
  @Field(() => ID, { description: 'Whose.' })
  memberId!: string

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the audit of operators’ acts. 1 to 500 characters.',
  })
  reason?: string | null

  @Field(() => ID, { description: 'The same key again is the same act. Up to 100 characters.' })
  idempotencyKey!: string
}

@InputType({ description: 'The end of a membership.' })
export class SetMembershipInput extends RenewMembershipInput {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant at which it has run out; null: it has no end.',
  })
  until!: number | null
}

@Resolver()
export class MembershipResolver {
  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => SetMembershipResult, {
    description:
      'Says until when a membership lasts. When it has run out points are frozen, and nothing is lost; one that goes on thaws them.',
  })
  setMembership(
    @Ctx() context: ProgramContext,
    @Arg('input', () => SetMembershipInput, { description: 'Whose, and until when.' })
    { until, ...input }: SetMembershipInput,
  ): Promise<MembershipChangedType | RefusalType> {
    return change(context, input, until ?? null)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => RenewMembershipResult, {
    description:
      'Makes a membership a term longer (policy `membership`): from its end on, or from today where it has run out.',
  })
  renewMembership(
    @Ctx() context: ProgramContext,
    @Arg('input', () => RenewMembershipInput, { description: 'Whose.' })
    input: RenewMembershipInput,
  ): Promise<MembershipChangedType | RefusalType> {
    return change(context, input, undefined)
  }
}

function change(
  context: ProgramContext,
  { memberId, reason = null, idempotencyKey }: RenewMembershipInput,
  until: number | null | undefined,
): Promise<MembershipChangedType | RefusalType> {
  const by = subjectOf(context.viewer)
  const request = { memberId, until, reason, idempotencyKey, by }
  const changed = context.program.memberships.change(request, actingOf(context, reason))
  return orRefusal(changed, context, ({ member, transaction }) => {
    const { thawed } = transaction.result as { thawed: number }
    return Object.assign(new MembershipChangedType(), { member: memberType(member), thawed })
  })
}
