import type { PluginFault } from './plugin-fault.js'

/** Which plugin is called for what: `purchase`, `decide`. */
export interface PluginCall {
  /** The plugin's id. */
  readonly plugin: string
  readonly operation: string
}

/** How a call ended: `broken-off` is nobody's fault, as when the server shuts down. */
export type CallOutcome = 'fine' | 'failed' | 'broken-off'

/**
 * Whoever runs plugins looks on at every call of theirs (G4). A call that never comes back ends without
 * `ended`: what breaks it off tells `failed`. None of these may throw.
 */
export interface PluginWatch {
  /** Asked before a call. An answer is thrown instead: the plugin is not called for now. */
  findCutOff?(call: PluginCall): PluginFault | undefined
  ended?(call: PluginCall, how: { readonly outcome: CallOutcome; readonly elapsedMs: number }): void
  /** Told of every fault, also of those that fail no request. */
  failed(fault: PluginFault): void
}
