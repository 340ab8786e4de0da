import type { Language, Refusal } from '@pointwell/plugin'
import { type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'

/** The same refusal for each of many: what is wrong is wrong with the call. */
export function refusedAll(
  refusal: Refusal,
  items: readonly unknown[],
  { language }: { readonly language: Language },
): RefusalType[] {
  return items.map(() => toRefusalType(refusal, language))
}
