import type { RequestContext } from '@pointwell/plugin'
import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import type { Right } from '../right/right.js'
import { findPrivileges } from '../store/right-table.js'

@ObjectType('PartnerPrivilege', {
  description: 'A right with a partner that a member got for points, for some days.',
  simpleResolvers: true,
})
export class PartnerPrivilegeType {
  @Field(() => ID, { description: 'Which right: `support-line`, `delivery` …' })
  privilege!: string

  @Field(() => ID, { description: 'With which partner.' })
  partnerId!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title!: string

  @Field(() => ID, { description: 'The redemption it was got by.' })
  redemptionId!: string

  @Field(() => DateTimeScalar, { description: 'From here on.' })
  from!: number

  @Field(() => DateTimeScalar, { description: 'Not from here on.' })
  until!: number
}

@ObjectType('PrivilegeCheck', {
  description: 'Whether a member has a right, now.',
  simpleResolvers: true,
})
export class PrivilegeCheckType {
  @Field(() => Boolean, { description: 'Whether the member has it, now.' })
  holds!: boolean

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ends, with all that follow without a gap; null: it does not hold.',
  })
  until!: number | null
}

@Resolver()
export class PrivilegeResolver {
  @Extensions({ access: ['member', 'storefront', 'support'] })
  @Query(() => [PartnerPrivilegeType], {
    description:
      'Rights with partners that a member has or will have, the one that lasts longest first; at most 100.',
  })
  async partnerPrivileges(
    @Ctx() context: RequestContext,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
  ): Promise<PartnerPrivilegeType[]> {
    const owner = context.actingFor(memberId)
    const [current = owner] = await context.program.idsOf(owner)
    const rights = await findPrivileges(context.program.store(PARTNER_PLUGIN_ID), {
      memberId: current,
      at: context.now(),
    })
    return rights.map((right) => privilegeType(right, context))
  }

  @Extensions({ access: ['storefront', 'partner'] })
  @Query(() => PrivilegeCheckType, {
    description:
      'Whether a member has a right with a partner, now. A partner asks about rights with itself only.',
  })
  async checkPrivilege(
    @Ctx() context: RequestContext,
    @Arg('memberId', () => ID, { description: 'Whose, by the shop’s id.' }) memberId: string,
    @Arg('privilege', () => ID, { description: 'Which right.' }) privilege: string,
  ): Promise<PrivilegeCheckType> {
    const { program, viewer } = context
    const [current = memberId] = await program.idsOf(memberId)
    const at = context.now()
    const rights = await findPrivileges(program.store(PARTNER_PLUGIN_ID), {
      memberId: current,
      privilege,
      partnerId: viewer.kind === 'partner' ? viewer.subject : null,
      at,
    })
    const until = heldUntil(rights, at)
    return Object.assign(new PrivilegeCheckType(), { holds: until !== null, until })
  }
}

/** When it ends without a gap; null: it does not hold at that instant. */
function heldUntil(rights: readonly Right[], at: number): number | null {
  let until = at
  for (const { startsAt, endsAt } of rights.toSorted((a, b) => startOf(a) - startOf(b))) {
    if ((startsAt ?? 0) <= until && endsAt !== null) until = Math.max(until, endsAt)
  }
  return until > at ? until : null
}

function startOf({ startsAt }: Right): number {
  return startsAt ?? 0
}

function privilegeType(right: Right, { language }: RequestContext): PartnerPrivilegeType {
  return Object.assign(new PartnerPrivilegeType(), {
    privilege: right.privilege,
    partnerId: right.partnerId,
    title: right.title[language],
    redemptionId: right.redemptionId,
    from: right.startsAt,
    until: right.endsAt,
  })
}
