import type { Language } from '@pointwell/plugin'
import { DateTimeScalar, DecimalScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { againAt, type MemberTask } from './read-tasks.js'

@ObjectType('TaskProgress', { description: 'So many of so many.', simpleResolvers: true })
export class TaskProgressType {
  @Field(() => Int, { description: 'So many are done.' })
  done!: number

  @Field(() => Int, { description: 'Of so many.' })
  of!: number
}

@ObjectType('Task', {
  description: 'Something that a member can earn points by, as it is for this member now.',
  simpleResolvers: true,
})
export class TaskType {
  @Field(() => ID, { description: 'The earn source that it belongs to.' })
  source!: string

  @Field(() => ID, { description: 'Names it among those of its source.' })
  id!: string

  @Field(() => String, { description: 'What it is, in the language of the request.' })
  title!: string

  @Field(() => PointsScalar, {
    nullable: true,
    description:
      'Points for doing it once more, with open campaigns and before caps; null: it goes by `rate`.',
  })
  points!: number | null

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Points for each unit of the programme’s currency that is spent.',
  })
  rate!: string | null

  @Field(() => Boolean, { description: 'Nothing is left to be done about it for now.' })
  done!: boolean

  @Field(() => TaskProgressType, {
    nullable: true,
    description: 'How far the member is: times in a period, days to the next extra points.',
  })
  progress!: TaskProgressType | null

  @Field(() => Int, { nullable: true, description: 'Days on end; null: it knows none.' })
  streak!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Where it earns nothing for now, because it is done, or caps or a budget are used up: from when on it does again. Null: now, or never.',
  })
  againAt!: number | null

  @Field(() => Boolean, { description: 'For those who begin: done once and for all.' })
  beginner!: boolean

  @Field(() => PointsScalar, {
    nullable: true,
    description:
      'Points that the programme’s caps still let the member earn by it now, 0 also where a budget is used up; null: no cap says.',
  })
  pointsLeft!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Orders that still earn today; null: no cap says, or it is no order.',
  })
  ordersLeft!: number | null
}

/** A task as the API shows it. */
export function taskType(task: MemberTask, language: Language): TaskType {
  const { source, id, title, points, rate, done, progress, streak, beginner, room } = task
  return Object.assign(new TaskType(), {
    source,
    id,
    title: title[language],
    points,
    rate: rate ?? null,
    done,
    progress: progress ? Object.assign(new TaskProgressType(), progress) : null,
    streak: streak ?? null,
    againAt: againAt(task),
    beginner,
    pointsLeft: room.points,
    ordersLeft: room.orders,
  })
}
