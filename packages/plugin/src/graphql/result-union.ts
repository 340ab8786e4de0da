import { type ClassType, createUnionType } from 'type-graphql'
import { RefusalType } from './refusal.object.js'

/**
 * The union of what a mutation answers with and a refusal: `resultUnion('RedeemResult', Redemption)`, to be
 * used as `@Mutation(() => RedeemResult)`. Whatever is no `RefusalType` is the success.
 */
export function resultUnion<Success extends object>(
  name: string,
  success: ClassType<Success>,
  description = 'What was asked for, or why not.',
): Success | RefusalType {
  return createUnionType({
    name,
    description,
    types: () => [success, RefusalType] as const,
    resolveType: (value) => (value instanceof RefusalType ? RefusalType : success),
  })
}
