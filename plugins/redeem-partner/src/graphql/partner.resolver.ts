import { checkReason, isRefusal, type RequestContext, refuse } from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  encodeCursor,
  PageArgs,
  ReasonArg,
  type RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { Partner } from '../partner/partner.js'
import { payPartner } from '../partner/pay-partner.js'
import {
  changePartner,
  createPartner,
  type PartnerChange,
  type PartnerWritten,
} from '../partner/save-partner.js'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { openPartnerReads } from '../store/partner-reads.js'
import { findPartner, findPartners } from '../store/partner-table.js'
import { CreatePartnerInput, PayPartnerInput, UpdatePartnerInput } from './partner.input.js'
import {
  type Money,
  PartnerConnection,
  PartnerPaidType,
  PartnerSavedType,
  PartnerType,
  PayPartnerResult,
  partnerType,
  SavePartnerResult,
} from './partner.object.js'
import { partnerFor } from './partner-for.js'

const LIST = 'partners'

/** Partners, their terms and what they are paid. */
@Resolver()
export class PartnerResolver {
  @Extensions({ access: ['partner', 'viewer', 'support', 'rules', 'finance'] })
  @Query(() => PartnerType, {
    nullable: true,
    description: 'A partner; null: there is none, or who asks is another.',
  })
  async partner(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { nullable: true, description: 'Which; a partner may leave it out.' })
    id?: string | null,
  ): Promise<PartnerType | null> {
    const partner = await partnerFor(context, id)
    return partner ? partnerType(partner, context) : null
  }

  @Extensions({ access: ['viewer', 'support', 'rules', 'finance'] })
  @Query(() => PartnerConnection, { description: 'All partners, by id.' })
  async partners(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<PartnerType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['string'], after)
    const store = context.program.store(PARTNER_PLUGIN_ID)
    const items = await findPartners(store, {
      after: place && String(place[0]),
      limit: first + 1,
    })
    const reads = openPartnerReads(
      store,
      items.map(({ id }) => id),
    )
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: (partner) => partnerType(partner, context, reads),
    })
  }

  @Extensions({ access: ['rules', 'finance'] })
  @Mutation(() => SavePartnerResult, { description: 'Makes a partner. It is active at once.' })
  async createPartner(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreatePartnerInput, { description: 'The partner.' })
    { id, title, terms, currency, creditLimit, apiUrl, secretName }: CreatePartnerInput,
    @ReasonArg() reason: string | null,
  ): Promise<PartnerSavedType | RefusalType> {
    const refusal = checkReason(reason) ?? checkLimit(creditLimit, currency)
    if (refusal) return toRefusalType(refusal, context.language)
    const partner: Partner = {
      id,
      title: { ...title },
      terms,
      currency,
      creditLimitMinor: creditLimit?.amountMinor ?? null,
      active: true,
      apiUrl: apiUrl ?? null,
      secretName: secretName ?? null,
      createdAt: context.now(),
      version: 1,
    }
    const store = context.program.store(PARTNER_PLUGIN_ID)
    return saved(
      context,
      await createPartner(store, partner, audited(context, 'createPartner', reason)),
    )
  }

  @Extensions({ access: ['rules', 'finance'] })
  @Mutation(() => SavePartnerResult, {
    description:
      'Changes a partner. What is under way with its API goes on with the new address. Its currency stays.',
  })
  async updatePartner(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdatePartnerInput, { description: 'What changes.' })
    input: UpdatePartnerInput,
    @ReasonArg() reason: string | null,
  ): Promise<PartnerSavedType | RefusalType> {
    const store = context.program.store(PARTNER_PLUGIN_ID)
    const known = await findPartner(store, input.id)
    const refusal =
      checkReason(reason) ?? (known ? checkLimit(input.creditLimit, known.currency) : null)
    if (refusal) return toRefusalType(refusal, context.language)
    const { id, version = null } = input
    const wanted = { id, version, change: changeOf(input) }
    return saved(
      context,
      await changePartner(store, wanted, audited(context, 'updatePartner', reason)),
    )
  }

  @Extensions({ access: ['finance'] })
  @Mutation(() => PayPartnerResult, {
    description:
      'Writes down what was paid to a partner: a top-up of what is prepaid, or a payment of what is owed. The same key again is the same payment.',
  })
  async payPartner(
    @Ctx() context: RequestContext,
    @Arg('input', () => PayPartnerInput, { description: 'The payment.' })
    { partnerId, amount, idempotencyKey }: PayPartnerInput,
    @ReasonArg() reason: string | null,
  ): Promise<PartnerPaidType | RefusalType> {
    const { program, language } = context
    const store = program.store(PARTNER_PLUGIN_ID)
    const partner = await findPartner(store, partnerId)
    const refusal =
      checkReason(reason) ?? (partner ? null : refuse('PARTNER_NOT_FOUND', { field: 'partnerId' }))
    if (refusal || !partner) return toRefusalType(refusal ?? refuse('PARTNER_NOT_FOUND'), language)
    const answer = await payPartner(store, partner, {
      amount,
      key: idempotencyKey,
      now: context.now(),
      written: (manager, { before, after }) =>
        program.recordAct(
          manager,
          { name: 'payPartner', context, reason },
          {
            target: { kind: 'partner', id: partnerId },
            before: { balanceMinor: before.balanceMinor },
            after: { balanceMinor: after.balanceMinor },
            key: null,
          },
        ),
    })
    if (isRefusal(answer)) return toRefusalType(answer, language)
    return Object.assign(new PartnerPaidType(), {
      partner: partnerType(partner, context),
      replayed: answer.replayed,
    })
  }
}

function saved(
  context: RequestContext,
  answer: Awaited<ReturnType<typeof createPartner>>,
): PartnerSavedType | RefusalType {
  if (isRefusal(answer)) return toRefusalType(answer, context.language)
  return Object.assign(new PartnerSavedType(), { partner: partnerType(answer, context) })
}

/** A limit is in the partner's currency. */
function checkLimit(limit: Money | null | undefined, currency: string) {
  return limit && limit.currency !== currency
    ? refuse('CURRENCY_NOT_SUPPORTED', { field: 'creditLimit' })
    : null
}

function changeOf(input: UpdatePartnerInput): PartnerChange {
  const { title, terms, active, creditLimit, apiUrl, secretName } = input
  return {
    ...(title && { title: { ...title } }),
    ...(terms && { terms }),
    ...(typeof active === 'boolean' && { active }),
    ...(creditLimit !== undefined && { creditLimitMinor: creditLimit?.amountMinor ?? null }),
    ...(apiUrl !== undefined && { apiUrl }),
    ...(secretName !== undefined && { secretName }),
  }
}

function audited(
  context: RequestContext,
  name: 'createPartner' | 'updatePartner',
  reason: string | null,
): PartnerWritten {
  const shown = ({ id: _, ...partner }: Partner) => ({ ...partner, title: { ...partner.title } })
  return (manager, { before, after }) =>
    context.program.recordAct(
      manager,
      { name, context, reason },
      {
        target: { kind: 'partner', id: after.id },
        before: before && shown(before),
        after: shown(after),
        key: null,
      },
    )
}
