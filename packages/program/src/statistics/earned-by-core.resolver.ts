import { badUserInput, DecimalScalar, LocalDateScalar } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import {
  coreShare,
  type EarnedShare,
  earnedByTier,
  earnedShares,
  ISSUED,
  type TierEarned,
} from './earned-by-core.js'

@ObjectType('EarnedSum', { description: 'Points, and by how many acts.', simpleResolvers: true })
export class EarnedSumType {
  @Field(() => DecimalScalar, {
    description:
      'Whole points issued; as text, because over all members it may be more than a number holds.',
  })
  points!: string

  @Field(() => DecimalScalar, { description: 'How many acts earned something, as text.' })
  acts!: string
}

@ObjectType('TierEarned', {
  description: 'What members earned while they were of one tier.',
  simpleResolvers: true,
})
export class TierEarnedType {
  @Field(() => ID, { description: 'The tier; perhaps one that the programme no longer has.' })
  tier!: string

  @Field(() => EarnedSumType, { description: 'By core behaviours.' })
  core!: EarnedSumType

  @Field(() => EarnedSumType, { description: 'By other behaviours.' })
  nonCore!: EarnedSumType

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'How much of the points are core, from 0 to 1; null: none were earned.',
  })
  coreShare!: string | null
}

@ObjectType('SourceEarned', {
  description: 'What one source gave to members of one tier.',
  simpleResolvers: true,
})
export class SourceEarnedType {
  @Field(() => ID, { description: 'The source; `adjustment` is what operators gave by hand.' })
  source!: string

  @Field(() => String, { description: 'Its title, in the language of the request.' })
  title(@Ctx() { program, language }: ProgramContext): string {
    return program.titleOf(this.source, language)
  }

  @Field(() => ID, { description: 'The tier.' })
  tier!: string

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Core or non-core: as the grant said, else as the source is marked; null: it is no behaviour that this server knows.',
  })
  core!: boolean | null

  @Field(() => DecimalScalar, { description: 'Whole points issued, as text.' })
  points!: string

  @Field(() => DecimalScalar, { description: 'How many acts earned something, as text.' })
  acts!: string
}

@ObjectType('EarnedByCore', {
  description: 'Points issued in some days, core and non-core behaviours apart.',
  simpleResolvers: true,
})
export class EarnedByCoreType {
  @Field(() => LocalDateScalar, { description: 'The first day.' })
  from!: string

  @Field(() => LocalDateScalar, { description: 'The last day, all of it.' })
  to!: string

  @Field(() => [TierEarnedType], { description: 'By tier, in the order of the policy.' })
  byTier!: TierEarnedType[]

  @Field(() => [SourceEarnedType], {
    description: 'By source and tier; a source whose acts are of both kinds is there twice.',
  })
  bySource!: SourceEarnedType[]
}

@Resolver()
export class EarnedByCoreResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => EarnedByCoreType, {
    description:
      'Points issued in some days of the programme, as they were recorded, core and non-core behaviours apart, by tier and by source. What was taken back later is not taken off.',
  })
  async earnedByCore(
    @Ctx() { program }: ProgramContext,
    @Arg('from', () => LocalDateScalar, { description: 'The first day.' }) from: string,
    @Arg('to', () => LocalDateScalar, { description: 'The last day, all of it.' }) to: string,
  ): Promise<EarnedByCoreType> {
    if (to < from) throw badUserInput('Expected no earlier than `from`.', { field: 'to' })
    const { calendar, document } = program.policies.at(program.ledger.clock())
    const figures = await program.ledger.store.sumFigures({
      from: calendar.startOf(from),
      until: calendar.endOf(to),
      under: ISSUED,
    })
    const sources = program.plugins.filter((plugin) => plugin.kind === 'earn-source')
    const shares = earnedShares(figures, new Map(sources.map((source) => [source.id, source])))
    const tiers = document.tiers.levels.map(({ id }) => id)
    return Object.assign(new EarnedByCoreType(), {
      from,
      to,
      byTier: earnedByTier(shares, tiers).map(tierEarnedType),
      bySource: shares.map(sourceEarnedType),
    })
  }
}

function tierEarnedType(earned: TierEarned): TierEarnedType {
  return Object.assign(new TierEarnedType(), {
    tier: earned.tier,
    core: sumType(earned.core),
    nonCore: sumType(earned.nonCore),
    coreShare: coreShare(earned),
  })
}

function sourceEarnedType({ source, tier, core, points, acts }: EarnedShare): SourceEarnedType {
  return Object.assign(new SourceEarnedType(), {
    source,
    tier,
    core,
    points: `${points}`,
    acts: `${acts}`,
  })
}

function sumType({ points, acts }: TierEarned['core']): EarnedSumType {
  return Object.assign(new EarnedSumType(), { points: `${points}`, acts: `${acts}` })
}
