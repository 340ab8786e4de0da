import { PluginFault, type PluginFaultFacts, type ReportFault } from './plugin-fault.js'

/** A plugin's fault, told to the operator and handed back to be thrown: whoever asked is told that the
 * operator knows, so nobody makes one without telling. */
export function failPlugin(report: ReportFault | undefined, facts: PluginFaultFacts): PluginFault {
  const fault = new PluginFault(facts)
  report?.(fault)
  return fault
}
