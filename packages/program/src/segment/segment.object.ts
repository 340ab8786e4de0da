import { Ctx, Field, ID, Int, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { Segment } from './segments-section.js'

@ObjectType('Segment', {
  description: 'Members who are alike, by an operator’s conditions.',
  simpleResolvers: true,
})
export class SegmentType {
  segment!: Segment | undefined

  @Field(() => ID, { description: 'The operator’s name of it: `loyal`.' })
  id!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    // One that the operator took out of the list is left at the next review.
    return this.segment?.title[language] ?? this.id
  }
}

export function segmentType(id: string, { document }: PolicyInForce): SegmentType {
  const segment = document.segments.list.find((it) => it.id === id)
  return Object.assign(new SegmentType(), { id, segment })
}

@ObjectType('RfmScores', {
  description:
    'Fifths of the members with orders in the window (the policy’s `segments.rfm`), 1 (lowest) to 5. With fewer than five such members all are 3.',
  simpleResolvers: true,
})
export class RfmScoresType {
  @Field(() => Int, { description: 'How lately the member ordered.' })
  recency!: number

  @Field(() => Int, { description: 'How often the member ordered.' })
  frequency!: number

  @Field(() => Int, { description: 'How much the member spent.' })
  monetary!: number
}

@ObjectType('SegmentSize', {
  description: 'How many members are in a segment.',
  simpleResolvers: true,
})
export class SegmentSizeType {
  @Field(() => SegmentType, { description: 'Which segment.' })
  segment!: SegmentType

  @Field(() => Int, { description: 'So many members.' })
  members!: number
}
