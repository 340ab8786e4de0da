import { DateTimeScalar, DecimalScalar, LocalDateScalar } from '@pointwell/plugin/graphql'
import { Field, Int, ObjectType } from 'type-graphql'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { graceOf } from './grace.js'
import type { LotCount, OldLotsGroup, OldLotsPreview } from './preview-old-lots.js'

@ObjectType('LotCount', {
  description: 'So many lots, and what is in them.',
  simpleResolvers: true,
})
export class LotCountType {
  @Field(() => Int, { description: 'Lots with points in them.' })
  lots!: number

  @Field(() => Int, { description: 'Members who have them.' })
  members!: number

  @Field(() => DecimalScalar, {
    description:
      'Whole points that are still in them, usable or not; as text, because over all members it may be more than a number holds.',
  })
  points!: string
}

@ObjectType('OldLotsGroup', {
  description: 'Lots of one kind that end on one day, and would end on one.',
  simpleResolvers: true,
})
export class OldLotsGroupType extends LotCountType {
  @Field(() => String, { description: 'Their points kind.' })
  kind!: string

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'Their last day as things are; null: they never end.',
  })
  lastDayNow!: string | null

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'Their last day under the new version; null: they never end.',
  })
  lastDay!: string | null
}

@ObjectType('OldLotsPreview', {
  description: 'What a new version of the policy would make of the points that are there (X4).',
  simpleResolvers: true,
})
export class OldLotsPreviewType {
  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'The last day that it has for old lots; null: they keep their terms.',
  })
  through!: string | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'What is old: what was earned before; null: old lots keep their terms.',
  })
  earnedBefore!: number | null

  @Field(() => LotCountType, { description: 'What would have another last day.' })
  changed!: LotCountType

  @Field(() => LotCountType, { description: 'What would keep its own.' })
  unchanged!: LotCountType

  @Field(() => [OldLotsGroupType], {
    description:
      'All of them by the last day that they would have, what never ends last, then by kind and the last day that they have now.',
  })
  groups!: readonly OldLotsGroupType[]

  @Field(() => Int, { description: 'Members that were looked at: all.' })
  members!: number
}

export function oldLotsPreviewType(
  policy: PolicyInForce,
  { changed, unchanged, groups, members }: OldLotsPreview,
): OldLotsPreviewType {
  const grace = graceOf(policy)
  return Object.assign(new OldLotsPreviewType(), {
    through: grace?.through ?? null,
    earnedBefore: grace?.earnedBefore ?? null,
    changed: countType(changed),
    unchanged: countType(unchanged),
    groups: groups.map(groupType),
    members,
  })
}

function countType({ lots, members, points }: LotCount): LotCountType {
  return Object.assign(new LotCountType(), { lots, members, points: `${points}` })
}

function groupType({ kind, lastDayNow, lastDay, ...count }: OldLotsGroup): OldLotsGroupType {
  const fields = { kind, lastDayNow, lastDay, ...countType(count) }
  return Object.assign(new OldLotsGroupType(), fields)
}
