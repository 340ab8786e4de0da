import { checkReason } from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  encodeCursor,
  PageArgs,
  ReasonArg,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { ADJUSTERS, OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import {
  DeliveryConnection,
  DeliveryStateEnum,
  DeliveryType,
  deliveryType,
} from './delivery.object.js'
import type { DeliveryState } from './delivery-rows.js'

const LIST = 'deliveries'

const RedeliverResult = resultUnion(
  'RedeliverResult',
  DeliveryType,
  'The message, which waits again, or why not.',
)

@Resolver()
export class DeliveryResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => DeliveryConnection, {
    description:
      'What notifiers have delivered, have still to deliver, or could not; the newest first.',
  })
  async deliveries(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('state', () => DeliveryStateEnum, {
      nullable: true,
      description: 'Of one state; default: all.',
    })
    state?: DeliveryState | null,
    @Arg('notifier', () => ID, { nullable: true, description: 'By one notifier; default: all.' })
    notifier?: string | null,
  ): Promise<Connection<DeliveryType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number'], after)
    const items = await program.deliveries.page({
      filter: { state: state ?? null, notifier: notifier ?? null },
      before: Number(place?.[0] ?? Number.MAX_SAFE_INTEGER),
      limit: first + 1,
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: deliveryType,
    })
  }

  @Extensions({ access: ADJUSTERS })
  @Mutation(() => RedeliverResult, {
    description: 'Tries a message anew that was given up.',
  })
  redeliver(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which delivery.' }) id: string,
    @ReasonArg() reason: string | null,
  ): Promise<DeliveryType | RefusalType> {
    const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0
    const wrong = checkReason(reason)
    const acting = actingOf(context, reason)
    const again = wrong ?? context.program.deliveries.redeliver(number, acting)
    return orRefusal(again, context, deliveryType)
  }
}
