import type { Money } from '@pointwell/plugin'
import { DateTimeScalar, DecimalScalar, MoneyScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { TierLevel } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { type TierProgress, thresholdMinor } from './derive-tier.js'

@ObjectType('Tier', {
  description: 'A step of the programme, reached by what was spent.',
  simpleResolvers: true,
})
export class TierType {
  level!: TierLevel

  @Field(() => ID, { description: 'The operator’s name of it: `gold`.' })
  id!: string

  @Field(() => MoneyScalar, { description: 'Qualifying spend from which it is reached.' })
  threshold!: Money

  @Field(() => DecimalScalar, { description: 'Points earned are multiplied by it.' })
  earnMultiplier!: string

  @Field(() => DecimalScalar, { description: 'The same on the member’s birthday.' })
  birthdayMultiplier!: string

  @Field(() => DecimalScalar, { description: 'Prices in points are multiplied by it.' })
  priceFactor!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return this.level.title[language]
  }
}

export function tierType(level: TierLevel, policy: PolicyInForce): TierType {
  return Object.assign(new TierType(), {
    level,
    id: level.id,
    threshold: money(policy, thresholdMinor(policy.document, level)),
    earnMultiplier: level.earnMultiplier,
    birthdayMultiplier: level.birthdayMultiplier,
    priceFactor: level.priceFactor,
  })
}

@ObjectType('TierProgress', {
  description: 'How far it is to the next tier.',
  simpleResolvers: true,
})
export class TierProgressType {
  @Field(() => TierType, {
    nullable: true,
    description: 'The next tier; null: this is the highest.',
  })
  next!: TierType | null

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'What is missing to it in this period.',
  })
  missing!: Money | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant after this period; null: it has no end.',
  })
  until!: number | null
}

export function tierProgressType(
  { next, until }: TierProgress,
  policy: PolicyInForce,
): TierProgressType {
  return Object.assign(new TierProgressType(), {
    next: next && tierType(next.level, policy),
    missing: next && money(policy, next.missingMinor),
    until,
  })
}

/** An amount in the programme's currency. */
export function money({ document }: PolicyInForce, amountMinor: number): Money {
  return { amountMinor, currency: document.programme.currency }
}
