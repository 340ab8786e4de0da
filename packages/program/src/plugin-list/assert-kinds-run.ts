import type { Plugin, PluginKind } from '@pointwell/plugin'
import { PluginBootError } from '@pointwell/plugin/boot'

/** What this programme asks. The contract has more, and they come. */
const RUN: readonly PluginKind[] = ['earn-source', 'redemption-channel']

/** Throws `PluginBootError` for plugins that would be installed and never asked: whoever installs a rule
 * against fraud relies on it. */
export function assertKindsRun(plugins: readonly Plugin[]): void {
  const faults = plugins
    .filter(({ kind }) => !RUN.includes(kind))
    .map(({ id, kind }) => ({
      plugin: id,
      fault: `it is a ${kind}, and this version of the programme asks none: it would never be asked`,
    }))
  if (faults.length > 0) throw new PluginBootError(faults)
}
