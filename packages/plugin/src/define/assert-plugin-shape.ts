import { findShapeFaults } from './find-shape-faults.js'

/** Throws TypeError that names the plugin and every fault. */
export function assertPluginShape(plugin: { readonly id?: unknown; readonly kind: string }): void {
  const faults = findShapeFaults(plugin)
  if (faults.length > 0) {
    throw new TypeError(
      `The ${plugin.kind} "${String(plugin.id)}" is not right: ${faults.join('; ')}.`,
    )
  }
}
