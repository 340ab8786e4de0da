import { registerEnumType } from 'type-graphql'
import type { Words } from '../contract/words.js'
import { COMMON_REFUSALS } from '../decision/common-refusals.js'
import { REFUSAL_CODE } from '../define/plugin-ids.js'

const registry = new Map<string, Words>()

/** The enum as type-graphql reads it when a schema is built: whoever has codes of their own adds them
 * before. */
export const RefusalCode: Record<string, string> = {}
const valuesConfig: Record<string, { description: string }> = {}

registerEnumType(RefusalCode, {
  name: 'RefusalCode',
  description: 'Everything that can be refused. `refusalCodes` lists them in words.',
  valuesConfig,
})

/**
 * Adds refusal codes with what a member reads. Called before the schema is built, by the programme for
 * the ledger's codes and its own, and for those of each plugin. The same code again with the same
 * words changes nothing; with other words it throws, as does a code that is not SCREAMING_SNAKE_CASE.
 */
export function registerRefusalCodes(codes: Readonly<Record<string, Words>>): void {
  for (const [code, words] of Object.entries(codes)) {
    if (!REFUSAL_CODE.test(code)) {
      throw new TypeError(`A refusal code is SCREAMING_SNAKE_CASE, not ${code}.`)
    }
    const known = registry.get(code)
    if (known && (known.en !== words.en || known.zh !== words.zh)) {
      throw new TypeError(`The refusal code ${code} already has other words: "${known.en}".`)
    }
    registry.set(code, words)
    RefusalCode[code] = code
    valuesConfig[code] = { description: words.en }
  }
}

/** All codes known so far, in the order in which they came, with their words. */
export function refusalRegistry(): ReadonlyMap<string, Words> {
  return registry
}

registerRefusalCodes(COMMON_REFUSALS)
