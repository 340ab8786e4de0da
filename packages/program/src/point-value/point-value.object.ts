import { DateTimeScalar, DecimalScalar, LocalDateScalar } from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, ObjectType } from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import type { PointValues } from './open-point-values.js'
import type { PointValueChange } from './point-value-section.js'
import type { PriceIndexMonth } from './price-index-rows.js'

@ObjectType('PointValueReason', {
  description: 'The figures of the price index that a value was made of.',
  simpleResolvers: true,
})
export class PointValueReasonType {
  @Field(() => String, { description: 'The month in which a point was worth 1: `2025-01`.' })
  baseMonth!: string

  @Field(() => DecimalScalar, { description: 'The index of that month.' })
  baseIndex!: string

  @Field(() => String, { description: 'The month that it was set against.' })
  month!: string

  @Field(() => DecimalScalar, { description: 'The index of that one.' })
  index!: string
}

@ObjectType('PointValueChange', {
  description: 'From when on a point is worth how much.',
  simpleResolvers: true,
})
export class PointValueChangeType {
  @Field(() => LocalDateScalar, { description: 'The first day, in the programme’s zone.' })
  from!: string

  @Field(() => DecimalScalar, {
    description: 'Against what a point was worth to begin with: `1.1` is a tenth more.',
  })
  value!: string

  @Field(() => PointValueReasonType, {
    nullable: true,
    description: 'How the price index made it; null: somebody set it.',
  })
  because!: PointValueReasonType | null
}

@ObjectType('PointValue', {
  description: 'What a point is worth, as prices by the formula go by it.',
  simpleResolvers: true,
})
export class PointValueType {
  @Field(() => DecimalScalar, { description: 'Since the last change; `1` before the first.' })
  value!: string

  @Field(() => DecimalScalar, {
    description: 'What prices are made with: an earlier, better value while a transition lasts.',
  })
  serving!: string

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the better value serves; null: there is no transition.',
  })
  transitionUntil!: number | null

  @Field(() => PointValueChangeType, { nullable: true, description: 'What is announced next.' })
  next!: PointValueChangeType | null

  @Field(() => [PointValueChangeType], {
    description: 'What it was, is and will be, in the order of the days.',
  })
  changes!: readonly PointValueChangeType[]

  @Extensions({ access: OPERATORS })
  @Field(() => PointValueChangeType, {
    nullable: true,
    description:
      'What the rule asks for next and nobody has announced; null: nothing, or only operators may read it.',
  })
  async proposal(@Ctx() { program }: ProgramContext): Promise<PointValueChangeType | null> {
    const change = await program.pointValues.proposal()
    return change && changeType(change)
  }
}

@ObjectType('PriceIndexMonth', {
  description: 'Prices of the country in a month, against those of other months.',
  simpleResolvers: true,
})
export class PriceIndexMonthType {
  @Field(() => String, { description: 'The month: `2026-03`.' })
  month!: string

  @Field(() => DecimalScalar, { description: 'Its figure.' })
  figure!: string

  @Field(() => String, { description: 'Who recorded it last.' })
  recordedBy!: string

  @Field(() => DateTimeScalar, { description: 'When.' })
  recordedAt!: number
}

export function pointValueType(now: ReturnType<PointValues['now']>): PointValueType {
  return Object.assign(new PointValueType(), {
    value: now.value,
    serving: now.serving,
    transitionUntil: now.transitionUntil,
    next: now.next && changeType(now.next),
    changes: now.changes.map(changeType),
  })
}

export function priceIndexMonthType(month: PriceIndexMonth): PriceIndexMonthType {
  return Object.assign(new PriceIndexMonthType(), month)
}

function changeType({ from, value, because }: PointValueChange): PointValueChangeType {
  return Object.assign(new PointValueChangeType(), {
    from,
    value,
    because: because && Object.assign(new PointValueReasonType(), because),
  })
}
