import type { Language } from '@pointwell/plugin'
import { DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { BehaviourProgress } from '../progress/behaviour-progress.js'
import { PERIODS, type Per } from '../settings/behaviour-settings.js'

const BehaviourPeriod = Object.fromEntries(
  PERIODS.map((per) => [per.toUpperCase(), per]),
) as Readonly<Record<string, Per>>

registerEnumType(BehaviourPeriod, {
  name: 'BehaviourPeriod',
  description: 'What acts are counted in, in the programme’s calendar.',
  valuesConfig: {
    DAY: { description: 'A day.' },
    WEEK: { description: 'A week, from Monday.' },
    MONTH: { description: 'A month.' },
    YEAR: { description: 'A year.' },
    EVER: { description: 'All of a member’s life: what is used up does not come back.' },
  },
})

@ObjectType('Behaviour', {
  description: 'Something that earns points, and how much of it is left for a member.',
  simpleResolvers: true,
})
export class BehaviourType {
  @Field(() => ID, { description: 'The operator’s name for it: what an act names.' })
  id!: string

  @Field(() => String, { description: 'For a member, in the language of the request.' })
  title!: string

  @Field(() => PointsScalar, {
    description: 'Points for doing it once, before campaigns and the caps of the programme.',
  })
  points!: number

  @Field(() => Int, { description: 'How many times it earns in each period.' })
  times!: number

  @Field(() => BehaviourPeriod, { description: 'The period that the limits are for.' })
  per!: Per

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Points that it gives in a period at most; null: as many as `times` allow.',
  })
  pointsLimit!: number | null

  @Field(() => Int, { description: 'How many times are left to this member in this period.' })
  left!: number

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Points left in this period, where there is a `pointsLimit`.',
  })
  pointsLeft!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Where none is left: from when on it earns again; null: now, or never again.',
  })
  againAt!: number | null
}

export function behaviourType(progress: BehaviourProgress, language: Language): BehaviourType {
  return Object.assign(new BehaviourType(), { ...progress, title: progress.title[language] })
}
