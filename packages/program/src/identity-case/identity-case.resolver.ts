import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  connectionOf,
  DateTimeScalar,
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
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { loginOf } from '../context/login-of.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import type { CaseStatus } from './case-rows.js'
import {
  CaseDecisionEnum,
  IdentityCaseStatusEnum,
  IdentityCaseType,
  identityCaseType,
} from './identity-case.object.js'

const LIST = 'identity-cases'
const IdentityCaseConnection = connectionOf(IdentityCaseType, 'IdentityCase')

@InputType('SeenIdentityInput', { description: 'What a member did something with.' })
export class SeenIdentityInput {
  @Field(() => String, {
    description: 'What it is: a kind of the policy’s `identities.shared`, such as `device`.',
  })
  kind!: string

  @Field(() => String, {
    description: 'Names it: an id or a hash, nothing that says who it is. 1 to 128 characters.',
  })
  value!: string
}

@InputType({ description: 'Identities that were seen with what a member did.' })
export class ReportIdentitiesInput {
  @Field(() => ID, { description: 'Whose act it was.' })
  memberId!: string

  @Field(() => [SeenIdentityInput], { description: 'Up to 20.' })
  identities!: SeenIdentityInput[]

  @Field(() => DateTimeScalar, { nullable: true, description: 'When; default: now.' })
  at?: number | null
}

@ObjectType('IdentitiesReported', { description: 'They are counted.', simpleResolvers: true })
export class IdentitiesReportedType {
  @Field(() => Int, { description: 'How many identities.' })
  reported!: number
}

const ReportIdentitiesResult = resultUnion('ReportIdentitiesResult', IdentitiesReportedType)
const DecideIdentityCaseResult = resultUnion(
  'DecideIdentityCaseResult',
  IdentityCaseType,
  'The case as it is now, or why not.',
)

@Resolver()
export class IdentityCaseResolver {
  @Extensions({ access: ['support', 'rules', 'finance', 'admin'] })
  @Query(() => IdentityCaseConnection, {
    description:
      'Cases of over-linked identities, in the order in which they were opened: whoever is in one that is open or confirmed earns nothing.',
  })
  async identityCases(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('status', () => IdentityCaseStatusEnum, {
      nullable: true,
      description: 'Of one status; default: all.',
    })
    status?: CaseStatus | null,
  ): Promise<Connection<IdentityCaseType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number'], after)
    const page = { status: status ?? null, after: Number(place?.[0] ?? 0), limit: first + 1 }
    return connectionFrom({
      items: await program.identityCases.page(page),
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: identityCaseType,
    })
  }

  @Extensions({ access: ['support', 'admin'] })
  @Mutation(() => DecideIdentityCaseResult, {
    description:
      'An operator’s word on a case: cleared, its members earn again from now on; confirmed, they go on earning nothing. The last word counts.',
  })
  decideIdentityCase(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Arg('decision', () => CaseDecisionEnum, { description: 'What it is.' })
    decision: 'confirmed' | 'cleared',
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
  ): Promise<IdentityCaseType | RefusalType> {
    // What is no number is nobody's.
    const named = {
      id: /^\d{1,15}$/.test(id) ? Number(id) : 0,
      decision,
      reason,
      by: loginOf(context),
    }
    const answer = context.program.identityCases.decide(named, actingOf(context, reason))
    return orRefusal(answer, context, identityCaseType)
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => ReportIdentitiesResult, {
    description:
      'Says with which device, card or the like a member did something. One that is seen with more members than the policy allows (`identities.shared`) becomes a case, and none of them earns anything until an operator decides. The same again is the same.',
  })
  reportIdentities(
    @Ctx() context: ProgramContext,
    @Arg('input', () => ReportIdentitiesInput, { description: 'Who, and what with.' })
    { memberId, identities, at }: ReportIdentitiesInput,
  ): Promise<IdentitiesReportedType | RefusalType> {
    const seen = identities.map(({ kind, value }) => ({ kind, value }))
    const input = { memberId, identities: seen, ...(at !== undefined && { at }) }
    return orRefusal(
      context.program.identityCases.report(input as never),
      context,
      ({ reported }) => Object.assign(new IdentitiesReportedType(), { reported }),
    )
  }
}
