import type { Refusal } from '@pointwell/ledger'
import { DateTimeScalar, type Money, MoneyScalar, PointsScalar } from '@pointwell/ledger/graphql'
import { Field, ID, ObjectType } from 'type-graphql'
import type { Language } from '../contract/words.js'
import { RefusalCode, refusalRegistry } from './refusal-registry.js'

@ObjectType('Refusal', {
  description:
    'An expected no: nothing was written, and the same request may be sent again. Only OUTCOME_UNKNOWN leaves open whether it was.',
  simpleResolvers: true,
})
export class RefusalType {
  @Field(() => RefusalCode, { description: 'Why, as a word of a closed list.' })
  code!: string

  @Field(() => String, { description: 'Why, for a member, in the language of the request.' })
  message!: string

  @Field(() => String, {
    nullable: true,
    description: 'The input at fault, as a path: `lines.2.quantity`.',
  })
  field!: string | null

  @Field(() => PointsScalar, { nullable: true, description: 'What there is.' })
  available!: number | null

  @Field(() => PointsScalar, { nullable: true, description: 'What would be needed.' })
  needed!: number | null

  @Field(() => PointsScalar, { nullable: true, description: 'What is allowed at most.' })
  limit!: number | null

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'What there is, where it is money that falls short.',
  })
  availableAmount!: Money | null

  @Field(() => MoneyScalar, { nullable: true, description: 'What would be needed, likewise.' })
  neededAmount!: Money | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the same request would be answered differently.',
  })
  when!: number | null

  @Field(() => ID, { nullable: true, description: 'The risk rule that said no, by its id.' })
  rule!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Why the risk rule said no, as a stable word of its own; `message` says it.',
  })
  reason!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What exactly is at fault, in English, for whoever writes the client.',
  })
  detail!: string | null
}

/** A refusal as the API shows it. Throws for a code that nobody registered: that is a fault of whoever
 * refused, and the schema could not show it. */
export function toRefusalType(refusal: Refusal, language: Language): RefusalType {
  const words = refusalRegistry().get(refusal.code)
  if (!words) throw new Error(`Nobody registered the refusal code ${refusal.code}.`)
  const { field, available, needed, limit, availableAmount, neededAmount, when, rule } =
    refusal.figures
  const { reason, message, detail } = refusal.figures
  return Object.assign(new RefusalType(), {
    code: refusal.code,
    message: (message ?? words)[language],
    field: field ?? null,
    available: available ?? null,
    needed: needed ?? null,
    limit: limit ?? null,
    availableAmount: availableAmount ?? null,
    neededAmount: neededAmount ?? null,
    when: when ?? null,
    rule: rule ?? null,
    reason: reason ?? null,
    detail: detail ?? null,
  })
}
