import { isRefusal, type Previewed, type Refusal } from '@pointwell/plugin'
import {
  DateTimeScalar,
  type PluginContext,
  PointsScalar,
  type RefusalType,
  resultUnion,
  StepType,
  stepType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Field, ObjectType } from 'type-graphql'

@ObjectType('EarnPreview', {
  description: 'What an order would earn. Nothing is reserved: a moment later it may be another.',
  simpleResolvers: true,
})
export class EarnPreviewType {
  @Field(() => PointsScalar, { description: 'Points that would be granted, after caps.' })
  points!: number

  @Field(() => [StepType], { description: 'How they would come about.' })
  explanation!: readonly StepType[]

  @Field(() => Boolean, {
    description: 'The order went in before: all this is what it earned then.',
  })
  recorded!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'The points kind; null: it would earn nothing.',
  })
  kind!: string | null

  @Field(() => Boolean, { description: 'They would wait until the order is confirmed.' })
  pending!: boolean

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When they would be confirmed by themselves; null: at once, or only by a call.',
  })
  confirmAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first moment at which they could no longer be used; null: never.',
  })
  expiresAt!: number | null
}

export const EarnPreviewResult = resultUnion('EarnPreviewResult', EarnPreviewType)

/** What the programme answered, as a result of the API. */
export function earnPreviewResult(
  answer: Previewed | Refusal,
  { language }: PluginContext,
): EarnPreviewType | RefusalType {
  if (isRefusal(answer)) return toRefusalType(answer, language)
  const { points, explanation, recorded, lot } = answer
  return Object.assign(new EarnPreviewType(), {
    points,
    explanation: explanation.map(stepType),
    recorded,
    kind: lot?.kind ?? null,
    pending: lot?.pending ?? false,
    confirmAt: lot?.confirmAt ?? null,
    expiresAt: lot?.expiresAt ?? null,
  })
}
