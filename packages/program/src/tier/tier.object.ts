import type { Money } from '@pointwell/plugin'
import { DateTimeScalar, DecimalScalar, MoneyScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { TierLevel } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { Accelerator } from './accelerator.js'
import { type TierProgress, thresholdMinor } from './derive-tier.js'
import type { TierChange } from './tier-changes.js'
import type { TierFloor } from './tier-floor.js'

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

@ObjectType('TierAccelerator', {
  description: 'For a time, what is spent counts by a factor for the tier.',
  simpleResolvers: true,
})
export class TierAcceleratorType {
  @Field(() => DecimalScalar, { description: 'Amounts are multiplied by it.' })
  factor!: string

  @Field(() => DateTimeScalar, { description: 'The first instant after it.' })
  until!: number
}

@ObjectType('TierChange', { description: 'A change of tier.', simpleResolvers: true })
export class TierChangeType {
  @Field(() => DateTimeScalar, { description: 'When it was noticed.' })
  at!: number

  @Field(() => TierType, {
    nullable: true,
    description: 'The tier before; null: the programme has it no more.',
  })
  from!: TierType | null

  @Field(() => TierType, {
    nullable: true,
    description: 'The tier from then on; null: the programme has it no more.',
  })
  to!: TierType | null
}

export function tierChangeType(
  { at, from, to }: TierChange,
  policy: PolicyInForce,
): TierChangeType {
  const named = (id: string) => findTierType(id, policy)
  return Object.assign(new TierChangeType(), { at, from: named(from), to: named(to) })
}

@ObjectType('TierFloor', {
  description: 'A tier that the member has at least, until a date.',
  simpleResolvers: true,
})
export class TierFloorType {
  @Field(() => TierType, {
    nullable: true,
    description: 'The tier; null: the programme has it no more.',
  })
  tier!: TierType | null

  @Field(() => DateTimeScalar, { description: 'The first instant after it.' })
  until!: number
}

export function tierFloorType({ tier, until }: TierFloor, policy: PolicyInForce): TierFloorType {
  return Object.assign(new TierFloorType(), { tier: findTierType(tier, policy), until })
}

function findTierType(id: string, policy: PolicyInForce): TierType | null {
  const level = policy.document.tiers.levels.find((it) => it.id === id)
  return level ? tierType(level, policy) : null
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

  @Field(() => TierAcceleratorType, {
    nullable: true,
    description: 'What makes orders count by a factor now; null: nothing does.',
  })
  accelerator!: TierAcceleratorType | null
}

export function tierProgressType(
  { next, until }: TierProgress,
  { policy, accelerator }: { policy: PolicyInForce; accelerator: Accelerator | null },
): TierProgressType {
  return Object.assign(new TierProgressType(), {
    next: next && tierType(next.level, policy),
    missing: next && money(policy, next.missingMinor),
    until,
    accelerator: accelerator && Object.assign(new TierAcceleratorType(), accelerator),
  })
}

/** An amount in the programme's currency. */
export function money({ document }: PolicyInForce, amountMinor: number): Money {
  return { amountMinor, currency: document.programme.currency }
}
