import { checkReason } from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  badUserInput,
  type Connection,
  connectionFrom,
  encodeCursor,
  PageArgs,
  ReasonArg,
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
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { MEMBER_AND_STOREFRONT, OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { RegisterMemberInput, UpdateMemberInput } from './member.input.js'
import { MemberConnection, MemberType, memberType } from './member.object.js'
import type { Registered } from './register-members.js'

const LIST = 'members'
const MAX_BATCH = 500

@ObjectType('MemberRegistered', { description: 'The member is registered.', simpleResolvers: true })
export class MemberRegisteredType {
  @Field(() => MemberType, { description: 'The member.' })
  member!: MemberType

  @Field(() => Boolean, { description: 'False: it was registered before, with the same content.' })
  created!: boolean
}

@ObjectType('MemberUpdated', { description: 'The member as it is now.', simpleResolvers: true })
export class MemberUpdatedType {
  @Field(() => MemberType, { description: 'The member.' })
  member!: MemberType
}

const RegisterMemberResult = resultUnion(
  'RegisterMemberResult',
  MemberRegisteredType,
  'The member, or why not.',
)
const UpdateMemberResult = resultUnion(
  'UpdateMemberResult',
  MemberUpdatedType,
  'The member, or why not.',
)

@Resolver()
export class MemberResolver {
  @Extensions({ access: ['member'] })
  @Query(() => MemberType, {
    nullable: true,
    description: 'The member who asks; null: not registered.',
  })
  async me(@Ctx() context: ProgramContext): Promise<MemberType | null> {
    const member = await context.program.members.find(context.actingFor(null))
    return member ? memberType(member) : null
  }

  @Extensions({ access: [...MEMBER_AND_STOREFRONT, ...OPERATORS] })
  @Query(() => MemberType, { nullable: true, description: 'A member; null: there is none.' })
  async member(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'The shop’s own id.' }) id: string,
  ): Promise<MemberType | null> {
    if (id === '') throw badUserInput('Say which member.', { field: 'id' })
    const member = await context.program.members.find(context.actingFor(id))
    return member ? memberType(member) : null
  }

  @Extensions({ access: OPERATORS })
  @Query(() => MemberConnection, { description: 'All members, in the order in which they came.' })
  async members(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<MemberType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number'], after)
    const items = await program.members.page(Number(place?.[0] ?? 0), first + 1)
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ wallet }) => encodeCursor(LIST, [wallet]),
      nodeOf: memberType,
    })
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => RegisterMemberResult, {
    description: 'Registers a member; the same again answers with the same member.',
  })
  registerMember(
    @Ctx() context: ProgramContext,
    @Arg('input', () => RegisterMemberInput, { description: 'Who.' }) input: RegisterMemberInput,
    @ReasonArg() reason: string | null,
  ): Promise<MemberRegisteredType | RefusalType> {
    const wrong = checkReason(reason)
    const answer = wrong ?? context.program.members.register(input, actingOf(context, reason))
    return orRefusal(answer, context, registered)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => [RegisterMemberResult], {
    description: `Registers up to ${MAX_BATCH} members, each with its own result, in order.`,
  })
  async registerMembers(
    @Ctx() context: ProgramContext,
    @Arg('input', () => [RegisterMemberInput], { description: 'Who.' })
    input: RegisterMemberInput[],
    @ReasonArg() reason: string | null,
  ): Promise<(MemberRegisteredType | RefusalType)[]> {
    assertBatch(input)
    const wrong = checkReason(reason)
    const results = wrong
      ? input.map(() => wrong)
      : await context.program.members.registerMany(input, actingOf(context, reason))
    return Promise.all(results.map((result) => orRefusal(result, context, registered)))
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => UpdateMemberResult, { description: 'Changes what is known of a member.' })
  updateMember(
    @Ctx() context: ProgramContext,
    @Arg('input', () => UpdateMemberInput, { description: 'What changes.' })
    input: UpdateMemberInput,
    @ReasonArg() reason: string | null,
  ): Promise<MemberUpdatedType | RefusalType> {
    const wrong = checkReason(reason)
    const answer = wrong ?? context.program.members.update(input, actingOf(context, reason))
    return orRefusal(answer, context, (member) =>
      Object.assign(new MemberUpdatedType(), { member: memberType(member) }),
    )
  }
}

function assertBatch(input: readonly unknown[]): void {
  if (input.length >= 1 && input.length <= MAX_BATCH) return
  throw badUserInput(`Send 1 to ${MAX_BATCH} at once.`, { field: 'input' })
}

function registered({ member, created }: Registered): MemberRegisteredType {
  return Object.assign(new MemberRegisteredType(), { member: memberType(member), created })
}
