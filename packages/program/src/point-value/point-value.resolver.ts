import { isRefusal } from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import {
  DecimalScalar,
  LocalDateScalar,
  ReasonArg,
  type RefusalType,
  resultUnion,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf, subjectOf } from '../audit/acting.js'
import { COST_READERS, OPERATORS, RULE_MAKERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import {
  PointValueType,
  PriceIndexMonthType,
  pointValueType,
  priceIndexMonthType,
} from './point-value.object.js'

@InputType({ description: 'A month of the price index.' })
export class PriceIndexMonthInput {
  @Field(() => String, { description: 'The month: `2026-03`.' })
  month!: string

  @Field(() => DecimalScalar, { description: 'Its figure, above 0; up to six places.' })
  figure!: string
}

@InputType({ description: 'The change that the rule proposes, as it was read.' })
export class AnnouncePointValueInput {
  @Field(() => LocalDateScalar, { description: 'Its first day.' })
  from!: string

  @Field(() => DecimalScalar, { description: 'What a point is worth from then on.' })
  value!: string

  @Field(() => String, { nullable: true, description: 'Why; up to 500 characters.' })
  note?: string | null
}

@ObjectType('PriceIndexRecorded', { description: 'The months went in.', simpleResolvers: true })
export class PriceIndexRecorded {
  @Field(() => Int, { description: 'How many they were.' })
  months!: number
}

const RecordPriceIndexResult = resultUnion('RecordPriceIndexResult', PriceIndexRecorded)
const AnnouncePointValueResult = resultUnion('AnnouncePointValueResult', PointValueType)

@Resolver()
export class PointValueResolver {
  @Extensions({ access: ['member', 'storefront', ...OPERATORS] })
  @Query(() => PointValueType, { description: 'What a point is worth, and what is announced.' })
  pointValue(@Ctx() { program }: ProgramContext): PointValueType {
    return pointValueType(program.pointValues.now())
  }

  @Extensions({ access: OPERATORS })
  @Query(() => [PriceIndexMonthType], {
    description: 'The price index that the value of a point can follow, month by month.',
  })
  async priceIndex(
    @Ctx() { program }: ProgramContext,
    @Arg('from', () => String, { nullable: true, description: 'From this month on: `2020-01`.' })
    from: string | null,
    @Arg('through', () => String, { nullable: true, description: 'Through this month.' })
    through: string | null,
  ): Promise<PriceIndexMonthType[]> {
    const range = { ...(from && { from }), ...(through && { through }) }
    return (await program.pointValues.index(range)).map(priceIndexMonthType)
  }

  @Extensions({ access: COST_READERS })
  @Mutation(() => RecordPriceIndexResult, {
    description:
      'Takes in up to 2,000 months of a price index; one that is there gets the new figure. No value changes by that alone.',
  })
  async recordPriceIndex(
    @Ctx() context: ProgramContext,
    @Arg('input', () => [PriceIndexMonthInput], { description: 'The months.' })
    input: PriceIndexMonthInput[],
    @ReasonArg() reason: string | null,
  ): Promise<PriceIndexRecorded | RefusalType> {
    const { program, viewer, language } = context
    const wrong = checkReason(reason)
    if (wrong) return toRefusalType(wrong, language)
    const months = await program.pointValues.record(
      input.map((it) => ({ ...it })),
      { by: subjectOf(viewer), acting: actingOf(context, reason) },
    )
    if (isRefusal(months)) return toRefusalType(months, language)
    return Object.assign(new PriceIndexRecorded(), { months })
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => AnnouncePointValueResult, {
    description:
      'Writes the proposed change into the policy: from its day on a point is worth so much.',
  })
  async announcePointValue(
    @Ctx() context: ProgramContext,
    @Arg('input', () => AnnouncePointValueInput, { description: 'The proposal.' })
    { from, value, note }: AnnouncePointValueInput,
  ): Promise<PointValueType | RefusalType> {
    const { program, viewer, language } = context
    const announced = await program.pointValues.announce({
      expected: { from, value },
      note: note ?? null,
      by: subjectOf(viewer),
      acting: actingOf(context),
    })
    if (isRefusal(announced)) return toRefusalType(announced, language)
    return pointValueType(program.pointValues.now())
  }
}
