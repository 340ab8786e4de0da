import { TransactionObject } from '@pointwell/plugin/graphql'
import { Extensions, FieldResolver, Resolver, Root } from 'type-graphql'
import { SORTERS } from '../context/access.js'
import { labelledVariants } from './experiment-labels.js'
import { ExperimentVariantType, variantTypes } from './variant.object.js'

@Resolver(() => TransactionObject)
export class ExperimentResolver {
  @Extensions({ access: SORTERS })
  @FieldResolver(() => [ExperimentVariantType], {
    nullable: true,
    description:
      'The variants of experiments that the member was in; null only for who may not read it.',
  })
  variants(@Root() { labels }: TransactionObject): readonly ExperimentVariantType[] {
    return variantTypes(labelledVariants(labels))
  }
}
