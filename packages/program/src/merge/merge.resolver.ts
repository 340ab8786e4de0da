import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  encodeCursor,
  PageArgs,
  type RefusalType,
  resultUnion,
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
import { OPERATORS } from '../context/access.js'
import { loginOf } from '../context/login-of.js'
import type { ProgramContext } from '../context/program-context.js'
import { actInput } from '../input/act-input.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { MemberMergeConnection, MemberMergeType, memberMergeType } from './merge.object.js'

const LIST = 'member-merges'
const MergeMembersResult = resultUnion(
  'MergeMembersResult',
  MemberMergeType,
  'The merge, or why not.',
)

@InputType({ description: 'Two members who are one person.' })
export class MergeMembersInput extends actInput('merge') {
  @Field(() => ID, { description: 'The member that ends: the shop’s own id.' })
  from!: string

  @Field(() => ID, { description: 'The member that goes on, with all that was the other’s.' })
  into!: string
}

@Resolver()
export class MergeResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => MemberMergeConnection, { description: 'Merges of members, the newest first.' })
  async memberMerges(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<MemberMergeType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['string'], after)
    const before = place ? String(place[0]) : null
    return connectionFrom({
      items: await program.merges.page({ before, limit: first + 1 }),
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: memberMergeType,
    })
  }

  @Extensions({ access: ['support', 'admin'] })
  @Mutation(() => MergeMembersResult, {
    description:
      'Makes two members one who are found to be one person: points with their lots, orders, tier, caps, history, identities and whatever else is kept. From then on the former id is another name of the member that goes on. It cannot be undone.',
  })
  mergeMembers(
    @Ctx() context: ProgramContext,
    @Arg('input', () => MergeMembersInput, { description: 'Who, and why.' })
    input: MergeMembersInput,
  ): Promise<MemberMergeType | RefusalType> {
    const request = { ...input, by: loginOf(context) }
    const acting = actingOf(context, input.reason)
    return orRefusal(context.program.merges.merge(request, acting), context, memberMergeType)
  }
}
