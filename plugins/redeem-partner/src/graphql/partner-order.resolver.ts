import {
  checkReason,
  identifier,
  isRefusal,
  type Refusal,
  type RequestContext,
  refuse,
} from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  encodeCursor,
  PageArgs,
  type RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { endOrder } from '../right/end-order.js'
import { findOpenOrders } from '../store/right-table.js'
import {
  EndPartnerOrderInput,
  EndPartnerOrderResult,
  PartnerOrderConnection,
  PartnerOrderEndedType,
  type PartnerOrderType,
  partnerOrderType,
} from './partner-order.object.js'

const LIST = 'open-partner-orders'
const code = identifier({ max: 200 })

/** Orders that a partner's API says no more about. */
@Resolver()
export class PartnerOrderResolver {
  @Extensions({ access: ['viewer', 'support', 'rules', 'finance'] })
  @Query(() => PartnerOrderConnection, {
    description:
      'Orders of a partner’s API of which the end is not known: the partner is asked to give them, or to take them back, until it says. The oldest first; `endPartnerOrder` ends what stays here.',
  })
  async openPartnerOrders(
    @Ctx() context: RequestContext,
    @Arg('partnerId', () => ID, { description: 'Whose API.' }) partnerId: string,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<PartnerOrderType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number', 'string'], after)
    const items = await findOpenOrders(context.program.store(PARTNER_PLUGIN_ID), {
      partnerId,
      after: place && { at: Number(place[0]), id: String(place[1]) },
      limit: first + 1,
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ orderedAt, redemptionId }) => encodeCursor(LIST, [orderedAt, redemptionId]),
      nodeOf: partnerOrderType,
    })
  }

  @Extensions({ access: ['finance'] })
  @Mutation(() => EndPartnerOrderResult, {
    description:
      'Ends an order that a partner’s API goes on not to know, or forgot while it was to be taken back, by what the partner said otherwise: points, balance and statement are put right at once. Twice is once.',
  })
  async endPartnerOrder(
    @Ctx() context: RequestContext,
    @Arg('input', () => EndPartnerOrderInput, { description: 'Which, and what became of it.' })
    input: EndPartnerOrderInput,
  ): Promise<PartnerOrderEndedType | RefusalType> {
    const { program, language } = context
    const { redemptionId, outcome: end, reason } = input
    const ended =
      checkReason(reason) ??
      checkCode(input) ??
      (await endOrder(program.store(PARTNER_PLUGIN_ID), {
        redemptionId,
        end,
        code: input.code ?? null,
        now: context.now(),
        record: (manager, after, before) =>
          program.recordAct(
            manager,
            { name: 'endPartnerOrder', context, reason },
            {
              target: { kind: 'partner-order', id: redemptionId },
              member: before.memberId,
              before: { status: before.status },
              after: { status: after.status },
              key: null,
            },
          ),
      }))
    if (isRefusal(ended)) return toRefusalType(ended, language)
    await program.askAgain(redemptionId)
    return Object.assign(new PartnerOrderEndedType(), { order: partnerOrderType(ended) })
  }
}

function checkCode({ code: given, outcome }: EndPartnerOrderInput): Refusal | null {
  if (given === null || given === undefined) return null
  if (outcome === 'given' && code.safeParse(given).success) return null
  const detail = 'Expected 1 to 200 visible ASCII characters, with GIVEN.'
  return refuse('INVALID_INPUT', { field: 'code', detail })
}
