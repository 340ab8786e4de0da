import { isRefusal, type Refusal } from '@pointwell/ledger'
import type { Language } from '@pointwell/plugin'
import { type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'

/** An answer as the API shows it: what `show` makes of it, or the refusal in words. */
export async function orRefusal<T extends object, Shown>(
  answer: T | Refusal | Promise<T | Refusal>,
  { language }: { readonly language: Language },
  show: (value: Exclude<T, Refusal>) => Shown | Promise<Shown>,
): Promise<Shown | RefusalType> {
  const value = await answer
  return isRefusal(value) ? toRefusalType(value, language) : show(value as Exclude<T, Refusal>)
}
