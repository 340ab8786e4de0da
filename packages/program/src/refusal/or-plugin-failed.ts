import { type Refusal, refuse } from '@pointwell/ledger'
import { PluginFault } from '@pointwell/plugin'

/** An answer that a plugin had a part in: where the plugin failed, nothing was written, the operator
 * has been told, and whoever asked is refused with PLUGIN_FAILED. */
export async function orPluginFailed<T>(answer: Promise<T>): Promise<T | Refusal<'PLUGIN_FAILED'>> {
  try {
    return await answer
  } catch (fault) {
    if (fault instanceof PluginFault) return refuse('PLUGIN_FAILED')
    throw fault
  }
}
