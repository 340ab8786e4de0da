import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  connectionOf,
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
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { OPERATORS, RULE_MAKERS } from '../context/access.js'
import { loginOf } from '../context/login-of.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import type { KeptStatus } from './kept-rows.js'
import type { KeptProgress } from './open-settlements.js'
import {
  EarningPauseType,
  earningPauseType,
  KeptEventProgressType,
  KeptEventStatusEnum,
  KeptEventType,
  keptEventProgressType,
  keptEventType,
} from './pause.object.js'

const LIST = 'kept-events'
const KeptEventConnection = connectionOf(KeptEventType, 'KeptEvent')

const PauseEarningResult = resultUnion(
  'PauseEarningResult',
  EarningPauseType,
  'The pause, or why not.',
)
const ResumeEarningResult = resultUnion(
  'ResumeEarningResult',
  EarningPauseType,
  'The pause that is over, or why not.',
)

@ObjectType('KeptEventsSettling', {
  description: 'Kept events are being settled, in the order in which they happened.',
  simpleResolvers: true,
})
export class KeptEventsSettlingType {
  @Field(() => [KeptEventProgressType], { description: 'How far they have come, by source.' })
  progress!: KeptEventProgressType[]
}
const SettleKeptEventsResult = resultUnion('SettleKeptEventsResult', KeptEventsSettlingType)

@Resolver()
export class PauseResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [EarningPauseType], { description: 'Pauses of earning, the newest first.' })
  async pauses(
    @Ctx() { program }: ProgramContext,
    @Arg('open', () => Boolean, { defaultValue: false, description: 'Only those that last.' })
    open: boolean,
    @Arg('first', () => Int, { defaultValue: 20, description: 'At most so many; up to 100.' })
    first: number,
  ): Promise<EarningPauseType[]> {
    assertPageSize(first)
    const pauses = await program.pauses.list({ openOnly: open, limit: first })
    return pauses.map(earningPauseType)
  }

  @Extensions({ access: OPERATORS })
  @Query(() => [KeptEventProgressType], {
    description: 'How many events are kept, settled and refused, by source.',
  })
  async keptEventProgress(@Ctx() { program }: ProgramContext): Promise<KeptEventProgressType[]> {
    return (await program.settlements.progress()).map(keptEventProgressType)
  }

  @Extensions({ access: OPERATORS })
  @Query(() => KeptEventConnection, {
    description: 'What came while earning was paused, in the order in which it came.',
  })
  async keptEvents(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('source', () => ID, { nullable: true, description: 'Of one source; default: all.' })
    source?: string | null,
    @Arg('status', () => KeptEventStatusEnum, {
      nullable: true,
      description: 'Of one status; default: all.',
    })
    status?: KeptStatus | null,
  ): Promise<Connection<KeptEventType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['number'], after)
    const items = await program.settlements.page({
      source: source ?? null,
      status: status ?? null,
      after: Number(place?.[0] ?? 0),
      limit: first + 1,
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: keptEventType,
    })
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => PauseEarningResult, {
    description:
      'Stops a source, or all, from giving points. Once this is answered, no event that is sent to any server gives anything: what comes is kept, to be settled later. What is paused already stays so.',
  })
  pauseEarning(
    @Ctx() context: ProgramContext,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
    @Arg('source', () => ID, { nullable: true, description: 'Which source; default: all.' })
    source?: string | null,
  ): Promise<EarningPauseType | RefusalType> {
    const request = { source: source ?? null, reason, by: loginOf(context) }
    const answer = context.program.pauses.pause(request, actingOf(context, reason))
    return orRefusal(answer, context, earningPauseType)
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => ResumeEarningResult, {
    description:
      'Lets a source that was paused give points again, or ends the pause of all; each pause is ended by itself. What was kept stays so until `settleKeptEvents`.',
  })
  resumeEarning(
    @Ctx() context: ProgramContext,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
    @Arg('source', () => ID, {
      nullable: true,
      description: 'Which source; default: the pause of all.',
    })
    source?: string | null,
  ): Promise<EarningPauseType | RefusalType> {
    const request = { source: source ?? null, reason, by: loginOf(context) }
    const answer = context.program.pauses.resume(request, actingOf(context, reason))
    return orRefusal(answer, context, earningPauseType)
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => SettleKeptEventsResult, {
    description:
      'Has what was kept up to now go in, as of when it came, in the order in which it happened: a job does it while other things go on, and begins when the source is not paused.',
  })
  settleKeptEvents(
    @Ctx() context: ProgramContext,
    @Arg('reason', () => String, { description: 'Why. 1 to 500 characters.' }) reason: string,
    @Arg('source', () => ID, { nullable: true, description: 'Of which source; default: all.' })
    source?: string | null,
  ): Promise<KeptEventsSettlingType | RefusalType> {
    const request = { source: source ?? null, reason, by: loginOf(context) }
    return orRefusal(
      context.program.settlements.settle(request, actingOf(context, reason)),
      context,
      (progress: readonly KeptProgress[]) =>
        Object.assign(new KeptEventsSettlingType(), {
          progress: progress.map(keptEventProgressType),
        }),
    )
  }
}
