import { PluginFault, type PluginFaultFacts } from './plugin-fault.js'
import type { PluginWatch } from './plugin-watch.js'

/** A plugin's fault, told to the operator and handed back to be thrown: whoever asked is told that the
 * operator knows, so nobody makes one without telling. */
export function failPlugin(watch: PluginWatch | undefined, facts: PluginFaultFacts): PluginFault {
  const fault = new PluginFault(facts)
  watch?.failed(fault)
  return fault
}
