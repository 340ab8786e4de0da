import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import shipped, { type PointwellConfig } from '../pointwell.config.js'

/** The configuration file cannot be used; the message names it and the fault. */
class ConfigFault extends Error {
  override readonly name = 'ConfigFault'
}

/** The list of plugins that a server runs: that of the module at `path`, or the one shipped. */
export async function loadConfig(path: string | undefined): Promise<PointwellConfig> {
  if (path === undefined) return shipped
  const file = resolve(path)
  let module: { default?: { plugins?: unknown } }
  try {
    module = await import(pathToFileURL(file).href)
  } catch (cause) {
    throw new ConfigFault(
      `POINTWELL_CONFIG: ${file} cannot be loaded: ${(cause as Error).message}`,
      {
        cause,
      },
    )
  }
  const plugins = module.default?.plugins
  if (!Array.isArray(plugins)) {
    throw new ConfigFault(
      `POINTWELL_CONFIG: ${file} has no default export with a list \`plugins\`.`,
    )
  }
  return { plugins }
}
