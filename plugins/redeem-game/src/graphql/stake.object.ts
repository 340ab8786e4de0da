import type { Language } from '@pointwell/plugin'
import {
  connectionOf,
  DateTimeScalar,
  DecimalScalar,
  PointsScalar,
} from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { StakeRound, StakeSums } from '../stake/stake-round.js'

const StakeStatusEnum = {
  OPEN: 'open',
  CLOSED: 'closed',
  SETTLED: 'settled',
  VOIDED: 'voided',
} as const
type StakeStatus = (typeof StakeStatusEnum)[keyof typeof StakeStatusEnum]

registerEnumType(StakeStatusEnum, {
  name: 'StakeStatus',
  description: 'Where a round of stakes is.',
  valuesConfig: {
    OPEN: { description: 'Stakes are taken.' },
    CLOSED: { description: 'No more stakes are taken; the outcome is not said yet.' },
    SETTLED: { description: 'The outcome is said, and winners are paid.' },
    VOIDED: { description: 'Stakes come back.' },
  },
})

const NobodyWonEnum = { RETURNED: 'returned', KEPT: 'kept' } as const

registerEnumType(NobodyWonEnum, {
  name: 'NobodyWon',
  description: 'What becomes of a pool that nobody wins.',
  valuesConfig: {
    RETURNED: { description: 'Stakes come back.' },
    KEPT: { description: 'The programme keeps it.' },
  },
})

@ObjectType('StakeOutcome', {
  description: 'An outcome that points can be staked on.',
  simpleResolvers: true,
})
export class StakeOutcomeType {
  @Field(() => ID, { description: 'Names it in its round.' })
  id!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title!: string

  @Field(() => PointsScalar, { description: 'Points that are on it.' })
  points!: number
}

@ObjectType('StakeRound', {
  description: 'Outcomes that members stake points on.',
  simpleResolvers: true,
})
export class StakeRoundType {
  @Field(() => ID, { description: 'Names the round.' })
  id!: string

  @Field(() => ID, { description: 'The game: its price is one stake.' })
  offerId!: string

  @Field(() => String, { description: 'What it is about, in the language of the request.' })
  title!: string

  @Field(() => [StakeOutcomeType], { description: 'The outcomes, with what is on them.' })
  outcomes!: readonly StakeOutcomeType[]

  @Field(() => StakeStatusEnum, { description: 'Where it is now.' })
  status!: StakeStatus

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  openedAt!: number

  @Field(() => DateTimeScalar, { description: 'The first instant at which no stake is taken.' })
  closesAt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was settled or voided.' })
  endedAt!: number | null

  @Field(() => ID, { nullable: true, description: 'The outcome that came about.' })
  outcome!: string | null

  @Field(() => PointsScalar, { description: 'All points that were staked.' })
  pool!: number

  @Field(() => PointsScalar, { description: 'How many stakes there are.' })
  stakes!: number

  @Field(() => PointsScalar, {
    description: 'Stakes that are not paid yet; of a round that has ended they are being paid.',
  })
  unpaid!: number

  @Field(() => DecimalScalar, { description: 'What the programme keeps of a pool that is shared.' })
  rake!: string

  @Field(() => NobodyWonEnum, { description: 'What becomes of a pool that nobody wins.' })
  nobodyWon!: 'returned' | 'kept'
}

export const StakeRoundConnection = connectionOf(StakeRoundType, 'StakeRound')

export function stakeRoundType(
  round: StakeRound,
  {
    sums,
    language,
    now,
  }: { readonly sums: StakeSums; readonly language: Language; readonly now: number },
): StakeRoundType {
  const { title, outcomes, status, ...same } = round
  const isClosed = status === 'open' && now >= round.closesAt
  return Object.assign(new StakeRoundType(), {
    ...same,
    title: title[language],
    status: isClosed ? 'closed' : status,
    outcomes: outcomes.map(({ id, title: words }) =>
      Object.assign(new StakeOutcomeType(), {
        id,
        title: words[language],
        points: sums.points.get(id) ?? 0,
      }),
    ),
    unpaid: sums.unpaid,
  })
}
