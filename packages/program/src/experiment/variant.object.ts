import { Field, ObjectType } from 'type-graphql'
import type { Variants } from './variants-of.js'

@ObjectType('ExperimentVariant', {
  description: 'The variant of an experiment that a member is in.',
  simpleResolvers: true,
})
export class ExperimentVariantType {
  @Field(() => String, { description: 'The experiment, of the policy.' })
  experiment!: string

  @Field(() => String, { description: 'Its variant.' })
  variant!: string
}

/** By experiment, in alphabetical order. */
export function variantTypes(variants: Variants): ExperimentVariantType[] {
  return Object.entries(variants)
    .map(([experiment, variant]) =>
      Object.assign(new ExperimentVariantType(), { experiment, variant }),
    )
    .sort((a, b) => (a.experiment < b.experiment ? -1 : 1))
}
