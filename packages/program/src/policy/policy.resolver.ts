import { isRefusal } from '@pointwell/ledger'
import {
  assertCursor,
  assertPageSize,
  badUserInput,
  type Connection,
  connectionFrom,
  DateTimeScalar,
  encodeCursor,
  JsonScalar,
  PageArgs,
  RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Args,
  Ctx,
  createUnionType,
  Extensions,
  Field,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf, subjectOf } from '../audit/acting.js'
import { OPERATORS, RULE_MAKERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import {
  PolicyConnection,
  PolicyInvalidType,
  PolicyType,
  PolicyUpdatedType,
  policyInvalidType,
  policyType,
} from './policy.object.js'

const LIST = 'policies'

@InputType({ description: 'A new version of the policy.' })
export class UpdatePolicyInput {
  @Field(() => JsonScalar, {
    description: 'The whole document, by `policySchema`. A section left out gets its defaults.',
  })
  document!: unknown

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'In force from then on; default: now.',
  })
  effectiveFrom?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'The newest version it was made from; another one in between is refused.',
  })
  baseVersion?: number | null

  @Field(() => String, { nullable: true, description: 'Why; up to 500 characters.' })
  note?: string | null
}

const UpdatePolicyResult = createUnionType({
  name: 'UpdatePolicyResult',
  description: 'The new version, or what is wrong with the document, or why not.',
  types: () => [PolicyUpdatedType, PolicyInvalidType, RefusalType] as const,
  resolveType: (value) => value.constructor as never,
})

@Resolver()
export class PolicyResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => PolicyType, { description: 'The policy in force now, at a moment, or one version.' })
  policy(
    @Ctx() { program, now }: ProgramContext,
    @Arg('at', () => DateTimeScalar, { nullable: true, description: 'In force then.' })
    at: number | null,
    @Arg('version', () => Int, { nullable: true, description: 'This version; wins over `at`.' })
    version: number | null,
  ): PolicyType {
    if (typeof version !== 'number') return policyType(program.policies.at(at ?? now()))
    const found = program.policies.find(version)
    if (!found) throw badUserInput('There is no such version.', { field: 'version' })
    return policyType(found)
  }

  @Extensions({ access: OPERATORS })
  @Query(() => PolicyConnection, { description: 'All versions, the newest first.' })
  policies(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Connection<PolicyType> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number'], after)
    return connectionFrom({
      items: program.policies.page(place && Number(place[0]), first + 1),
      first,
      after,
      cursorOf: ({ version }) => encodeCursor(LIST, [version]),
      nodeOf: policyType,
    })
  }

  @Extensions({ access: OPERATORS })
  @Query(() => JsonScalar, {
    description: 'The document as JSON Schema, with the settings of every plugin: for forms.',
  })
  policySchema(@Ctx() { program }: ProgramContext): unknown {
    return program.policySchema
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => UpdatePolicyResult, {
    description: 'Makes a new version. Nothing changes unless the whole document is valid.',
  })
  async updatePolicy(
    @Ctx() context: ProgramContext,
    @Arg('input', () => UpdatePolicyInput, { description: 'The document.' })
    input: UpdatePolicyInput,
  ): Promise<PolicyUpdatedType | PolicyInvalidType | RefusalType> {
    const { program, viewer, language } = context
    const by = subjectOf(viewer)
    const answer = await program.policies.update({ ...input, by, acting: actingOf(context) })
    if (isRefusal(answer)) return toRefusalType(answer, language)
    if (answer.updated) {
      return Object.assign(new PolicyUpdatedType(), { policy: policyType(answer.updated) })
    }
    return policyInvalidType(answer.faults ?? [])
  }
}
