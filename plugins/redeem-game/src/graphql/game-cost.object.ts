import { minorDigits } from '@pointwell/plugin'
import { DecimalScalar, MoneyScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ObjectType } from 'type-graphql'
import type { DrawnOffer } from '../offer/game-offer.js'
import { expectedCost } from '../table/expected-cost.js'
import { fraction, showDecimal, showFraction } from '../table/fraction.js'
import { type Given, tableOf } from '../table/prize-table.js'

interface Money {
  readonly amountMinor: number
  readonly currency: string
}

@ObjectType('GameCost', {
  description: 'What a game costs the programme, for who sets it up.',
  simpleResolvers: true,
})
export class GameCostType {
  @Field(() => DecimalScalar, {
    description:
      'Points that the next play wins on average: the sum of chance × points; rounded at twelve places where it has no end.',
  })
  expectedPoints!: string

  @Field(() => String, { description: 'The same exactly, as a fraction: `45/2`.' })
  expectedPointsExact!: string

  @Field(() => DecimalScalar, {
    description:
      'What the things that the next play wins cost on average, in units of the currency: the sum of chance × cost; rounded at twelve places where it has no end.',
  })
  expectedCost!: string

  @Field(() => String, { description: 'The same exactly, as a fraction.' })
  expectedCostExact!: string

  @Field(() => PointsScalar, { description: 'Points that were won so far.' })
  pointsGiven!: number

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Points of the budget that can still be won; null: it gives no points.',
  })
  pointsLeft!: number | null

  @Field(() => MoneyScalar, { description: 'What the things that were won so far cost.' })
  costGiven!: Money

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'What of the budget for things is left; null: it gives no things.',
  })
  costLeft!: Money | null
}

export function gameCostType(
  offer: DrawnOffer,
  { given, currency }: { readonly given: Given; readonly currency: string },
): GameCostType {
  const table = tableOf(offer, given)
  const nothing = { points: fraction(0, 1), costMinor: fraction(0, 1) }
  const { points, costMinor } = table ? expectedCost(table, offer.type) : nothing
  const cost = fraction(costMinor.num, costMinor.den * 10n ** BigInt(minorDigits(currency)))
  const budget = offer.type === 'guess' ? { points: offer.budget, costMinor: null } : offer.budget
  const leftOf = (all: number | null, some: number) =>
    all === null ? null : Math.max(0, all - some)
  const costLeft = leftOf(budget.costMinor, given.costMinor)
  return Object.assign(new GameCostType(), {
    expectedPoints: showDecimal(points),
    expectedPointsExact: showFraction(points),
    expectedCost: showDecimal(cost),
    expectedCostExact: showFraction(cost),
    pointsGiven: given.points,
    pointsLeft: leftOf(budget.points, given.points),
    costGiven: { amountMinor: given.costMinor, currency },
    costLeft: costLeft === null ? null : { amountMinor: costLeft, currency },
  })
}
