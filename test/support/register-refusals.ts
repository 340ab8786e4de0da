import type { Plugin } from '@pointwell/plugin'
import { registerProgramRefusals } from '@pointwell/program'

/** Makes the codes known that a schema with this plugin has, with the words that they have everywhere:
 * files of tests that share a process share the list of codes. */
export function registerRefusals(plugin: Plugin): void {
  registerProgramRefusals([plugin])
}
