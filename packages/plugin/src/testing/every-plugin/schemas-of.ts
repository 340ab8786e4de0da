import type { ZodType } from 'zod'
import type { Plugin } from '../../contract/plugin.js'

/** A schema of a plugin, as paths and reports call it. */
export interface NamedSchema {
  readonly path: 'settings' | 'event' | 'memory' | 'return' | 'offer' | 'order'
  readonly schema: ZodType
  /** Whether somebody else fills it in: everything but a memory. */
  readonly isInput: boolean
}

export function schemasOf(plugin: Plugin): readonly NamedSchema[] {
  const input = (path: NamedSchema['path'], schema: ZodType) => ({ path, schema, isInput: true })
  const settings = input('settings', plugin.settings)
  switch (plugin.kind) {
    case 'earn-source':
      return [
        settings,
        input('event', plugin.event),
        ...(plugin.returns ? [input('return', plugin.returns.schema)] : []),
        { path: 'memory', schema: plugin.memory, isInput: false },
      ]
    case 'redemption-channel':
      return [settings, input('offer', plugin.offer), input('order', plugin.order)]
    default:
      return [settings]
  }
}
