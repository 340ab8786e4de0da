import {
  assertCursor,
  assertPageSize,
  badUserInput,
  type Connection,
  connectionFrom,
  DateTimeScalar,
  encodeCursor,
  PageArgs,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, Field, ID, InputType, Query, Resolver } from 'type-graphql'
import { AUDITORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { AuditEntryConnection, type AuditEntryType, auditEntryType } from './audit.object.js'
import type { AuditFilter } from './audit-rows.js'

const LIST = 'auditEntries'

@InputType({ description: 'Which acts; what is left out is not asked about.' })
export class AuditFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this operator.' })
  by?: string | null

  @Field(() => String, { nullable: true, description: 'This act: the name of a mutation.' })
  act?: string | null

  @Field(() => String, { nullable: true, description: 'On things of this kind: `member` …' })
  targetKind?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'On this one, with `targetKind`; a member by the shop’s id.',
  })
  targetId?: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'From then on.' })
  from?: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before then.' })
  until?: number | null
}

@Resolver()
export class AuditResolver {
  @Extensions({ access: AUDITORS })
  @Query(() => AuditEntryConnection, { description: 'What operators did, the newest first.' })
  async auditEntries(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('filter', () => AuditFilterInput, { nullable: true, description: 'Only these.' })
    asked: AuditFilterInput | null,
  ): Promise<Connection<AuditEntryType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number'], after)
    const filter = await filterOf(asked ?? {}, program)
    const before = place ? Number(place[0]) : null
    return connectionFrom({
      items: filter ? await program.audit.page({ filter, before, limit: first + 1 }) : [],
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: auditEntryType,
    })
  }
}

/** Undefined: it asks for a member that there is not. */
async function filterOf(
  { by, act, targetKind, targetId, from, until }: AuditFilterInput,
  { members }: ProgramContext['program'],
): Promise<AuditFilter | undefined> {
  const others = {
    by: by ?? undefined,
    act: act ?? undefined,
    from: from ?? undefined,
    until: until ?? undefined,
  }
  if (typeof targetId !== 'string') return { ...others, targetKind: targetKind ?? undefined }
  if (!targetKind) {
    throw badUserInput('Say of what kind it is: `targetKind`.', { field: 'filter.targetKind' })
  }
  if (targetKind !== 'member') return { ...others, targetKind, targetId }
  const member = await members.find(targetId)
  return member && { ...others, targetKind, targetId: String(member.wallet) }
}
