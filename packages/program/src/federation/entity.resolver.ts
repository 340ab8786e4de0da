import { badUserInput } from '@pointwell/plugin/graphql'
import { Arg, Ctx, createUnionType, Extensions, Query, Resolver } from 'type-graphql'
import { MEMBER_AND_STOREFRONT, OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { MemberType, memberType } from '../member/member.object.js'
import { type Representation, RepresentationScalar } from './representation.scalar.js'

/** As many as the largest batch of anything. */
const MAX_ENTITIES = 500

const Entity = createUnionType({
  name: '_Entity',
  description: 'What other subgraphs of a router can add fields to.',
  types: () => [MemberType] as const,
})

/** A8: members, as a router of Apollo Federation asks for them. */
@Resolver()
export class EntityResolver {
  @Extensions({ access: [...MEMBER_AND_STOREFRONT, ...OPERATORS] })
  @Query(() => [Entity], {
    name: '_entities',
    nullable: 'items',
    description: `Members by their keys, for a router of Apollo Federation, ${MAX_ENTITIES} at most, in order. Null: there is no such member, or an error says why. A member gets itself only.`,
  })
  entities(
    @Ctx() context: ProgramContext,
    @Arg('representations', () => [RepresentationScalar], { description: 'Which.' })
    representations: readonly Representation[],
  ): Promise<MemberType | null>[] {
    if (representations.length > MAX_ENTITIES) {
      throw badUserInput(`At most ${MAX_ENTITIES} at a time.`, { field: 'representations' })
    }
    // Side by side, so that they are read together (A4), each with an error of its own.
    return representations.map((representation, place) =>
      findEntity(context, representation, place),
    )
  }
}

async function findEntity(
  context: ProgramContext,
  { __typename, id }: Representation,
  place: number,
): Promise<MemberType | null> {
  const field = `representations.${place}`
  if (__typename !== 'Member') {
    throw badUserInput('Only members are entities here.', { field: `${field}.__typename` })
  }
  if (typeof id !== 'string' || id === '') {
    throw badUserInput('A member’s key is its `id`.', { field: `${field}.id` })
  }
  const member = await context.program.members.find(context.actingFor(id))
  return member ? memberType(member) : null
}
