/** One thing that is wrong, and whose it is. */
export interface PluginBootFault {
  /** The plugin's id. */
  readonly plugin: string
  /** One sentence in English without a full stop. */
  readonly fault: string
}

/** The server does not start with these plugins (G3): every fault at once, each with its plugin. */
export class PluginBootError extends Error {
  readonly faults: readonly PluginBootFault[]

  constructor(faults: readonly PluginBootFault[]) {
    const lines = faults.map(({ plugin, fault }) => `  - ${plugin}: ${fault}.`)
    super(`The server cannot start with these plugins:\n${lines.join('\n')}`)
    this.name = 'PluginBootError'
    this.faults = faults
  }
}
