/**
 * What a plugin did that it must not do. `slow` is only reported; the others fail the request. `cut-off`: it
 * was not asked at all, for it failed too often before.
 */
export type PluginFaultReason = 'threw' | 'nonsense' | 'timed-out' | 'slow' | 'cut-off'

export interface PluginFaultFacts {
  /** The plugin's id. */
  readonly plugin: string
  /** What it was asked: `decide`, `fulfil` … */
  readonly operation: string
  readonly reason: PluginFaultReason
  /** What exactly, in English, for an operator. */
  readonly fault: string
  readonly cause?: unknown
}

/** A plugin's own fault (G4). It names the plugin and harms no request but the one it happened in. */
export class PluginFault extends Error {
  readonly plugin: string
  readonly operation: string
  readonly reason: PluginFaultReason

  constructor({ plugin, operation, reason, fault, cause }: PluginFaultFacts) {
    super(`The plugin "${plugin}" is at fault in ${operation}: ${fault}.`, { cause })
    this.name = 'PluginFault'
    this.plugin = plugin
    this.operation = operation
    this.reason = reason
  }
}

/** Told of every fault, also of those that fail no request. Must not throw. */
export type ReportFault = (fault: PluginFault) => void
