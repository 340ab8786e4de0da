import type { Plugin } from '@pointwell/plugin'
import { registerRefusalCodes } from '@pointwell/plugin/graphql'
import { LEDGER_REFUSAL_WORDS, PROGRAM_REFUSALS } from './program-refusals.js'

/** Makes every code that can leave the programme known with its words: the ledger's, its own, and
 * those of the plugins. Before the schema is built. */
export function registerProgramRefusals(plugins: readonly Plugin[]): void {
  registerRefusalCodes(LEDGER_REFUSAL_WORDS)
  registerRefusalCodes(PROGRAM_REFUSALS)
  for (const { refusals } of plugins) if (refusals) registerRefusalCodes(refusals)
}
