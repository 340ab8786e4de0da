import type { Plugin, Words } from '@pointwell/plugin'
import { COMMON_REFUSALS } from '@pointwell/plugin'
import { registerRefusalCodes } from '@pointwell/plugin/graphql'
import { LEDGER_REFUSAL_WORDS, PROGRAM_REFUSALS } from './program-refusals.js'

/** Makes every code that can leave the programme known with its words. Before the schema is built. */
export function registerProgramRefusals(plugins: readonly Plugin[]): void {
  for (const codes of sourcesOf(plugins)) registerRefusalCodes(codes)
}

/** Every code that can leave the programme with what a reader is told: the common ones, the ledger's, its
 * own, and those of the plugins. */
export function programRefusals(plugins: readonly Plugin[]): Readonly<Record<string, Words>> {
  return Object.assign({}, ...sourcesOf(plugins))
}

function sourcesOf(plugins: readonly Plugin[]): Readonly<Record<string, Words>>[] {
  const ofPlugins = plugins.flatMap(({ refusals }) => (refusals ? [refusals] : []))
  return [COMMON_REFUSALS, LEDGER_REFUSAL_WORDS, PROGRAM_REFUSALS, ...ofPlugins]
}
