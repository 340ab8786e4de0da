import { DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { KeptEvent, KeptStatus } from './kept-rows.js'
import type { KeptProgress } from './open-settlements.js'
import type { EarningPause } from './pause-rows.js'
import { EVERY_SOURCE } from './pauses-seen.js'

@ObjectType('EarningPause', {
  description: 'A time in which a source, or every one, gives no points.',
  simpleResolvers: true,
})
export class EarningPauseType {
  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { nullable: true, description: 'The source that is paused; null: all.' })
  source!: string | null

  @Field(() => String, { description: 'Why, in the words of who paused it.' })
  reason!: string

  @Field(() => String, { description: 'The operator who paused it.' })
  pausedBy!: string

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  pausedAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When earning went on; null: it is paused now.',
  })
  resumedAt!: number | null

  @Field(() => String, { nullable: true, description: 'The operator who let it go on.' })
  resumedBy!: string | null

  @Field(() => String, { nullable: true, description: 'Why it went on.' })
  resumeReason!: string | null
}

export function earningPauseType({ id, source, ...pause }: EarningPause): EarningPauseType {
  return Object.assign(new EarningPauseType(), {
    ...pause,
    id: String(id),
    source: source === EVERY_SOURCE ? null : source,
  })
}

/** The enum's names are the programme's words in capitals. */
const KeptEventStatusEnum = {
  KEPT: 'kept',
  SETTLED: 'settled',
  REFUSED: 'refused',
} as const satisfies Record<Uppercase<KeptStatus>, KeptStatus>

registerEnumType(KeptEventStatusEnum, {
  name: 'KeptEventStatus',
  description: 'How far a kept event has come.',
  valuesConfig: {
    KEPT: { description: 'It waits to be settled.' },
    SETTLED: { description: 'It went in, as of when it was kept.' },
    REFUSED: { description: 'When it was settled it was refused, as it would have been then.' },
  },
})

export { KeptEventStatusEnum }

@ObjectType('KeptEvent', {
  description: 'What somebody did while earning was paused.',
  simpleResolvers: true,
})
export class KeptEventType {
  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { description: 'The source it is an event of.' })
  source!: string

  @Field(() => ID, { description: 'Whose.' })
  memberId!: string

  @Field(() => ID, { description: 'Its name among those of the source: the id of an order.' })
  once!: string

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: number

  @Field(() => DateTimeScalar, { description: 'When it was kept.' })
  keptAt!: number

  @Field(() => KeptEventStatusEnum, { description: 'How far it has come.' })
  status!: KeptStatus

  @Field(() => Int, {
    description:
      'How much happened to it while it was kept: confirmations, returns, a cancellation. It is settled with it.',
  })
  changes!: number

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'What it earned, after what happened to it; null: it is not settled.',
  })
  points!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'The code of the refusal that it, or what happened to it, was settled with.',
  })
  refusal!: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was settled.' })
  settledAt!: number | null
}

export function keptEventType(event: KeptEvent): KeptEventType {
  const { id, source, memberId, once, keptAt, status, points, refusal, settledAt } = event
  return Object.assign(new KeptEventType(), {
    id: String(id),
    source,
    memberId,
    once,
    at: event.happenedAt,
    keptAt,
    status,
    changes: event.changes.length,
    points,
    refusal,
    settledAt,
  })
}

@ObjectType('KeptEventProgress', {
  description: 'How far the kept events of a source have come.',
  simpleResolvers: true,
})
export class KeptEventProgressType {
  @Field(() => ID, { description: 'The source.' })
  source!: string

  @Field(() => String, { description: 'Its title, in the language of the request.' })
  title(@Ctx() { program, language }: ProgramContext): string {
    return program.titleOf(this.source, language)
  }

  @Field(() => Int, { description: 'Events that wait.' })
  kept!: number

  @Field(() => Int, { description: 'Events that went in.' })
  settled!: number

  @Field(() => Int, { description: 'Events that were refused when they were settled.' })
  refused!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the oldest that waits happened; null: none waits.',
  })
  oldestAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When an operator last asked for them to be settled; null: nobody has.',
  })
  settleAskedAt!: number | null

  @Field(() => String, { nullable: true, description: 'The operator who asked.' })
  settleAskedBy!: string | null

  @Field(() => String, { nullable: true, description: 'Why.' })
  settleReason!: string | null
}

export function keptEventProgressType(progress: KeptProgress): KeptEventProgressType {
  const { source, kept, settled, refused, oldestAt, settlement } = progress
  return Object.assign(new KeptEventProgressType(), {
    source,
    kept,
    settled,
    refused,
    oldestAt,
    settleAskedAt: settlement?.requestedAt ?? null,
    settleAskedBy: settlement?.requestedBy ?? null,
    settleReason: settlement?.reason ?? null,
  })
}
