import type { Class, Plugin } from '../contract/plugin.js'
import { COMMON_REFUSALS } from '../decision/common-refusals.js'
import { findShapeFaults } from '../define/find-shape-faults.js'
import { findContractFaults } from './find-contract-faults.js'
import { findGraphqlFaults } from './find-graphql-faults.js'
import { findSettingsFaults } from './find-settings-faults.js'
import { findTableFaults, tablesAndMigrations } from './find-table-faults.js'
import { PluginBootError, type PluginBootFault } from './plugin-boot-error.js'

export interface BootChecks {
  /** What the policy says to plugins, by their ids; absent: only defaults are looked at. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** What the programme and the ledger have themselves, which no plugin may have again. */
  readonly core?: {
    readonly resolvers?: readonly Class[]
    readonly refusals?: readonly string[]
  }
}

/**
 * Looks at all plugins of a server together (G3): shape, ids, range of the contract, settings, refusal
 * codes, tables and migrations, GraphQL fields and types. Answers with one error that names every
 * fault and its plugin, or null. Call it when every plugin and all of the programme's resolvers are
 * loaded, before a schema is built. Takes anything, because a list of plugins may come from plain
 * JavaScript.
 */
export function checkPlugins(
  candidates: readonly unknown[],
  { settings = {}, core = {} }: BootChecks = {},
): PluginBootError | null {
  const misshapen = candidates.flatMap((candidate, index) =>
    findShapeFaults(candidate).map((fault) => ({ plugin: nameOf(candidate, index), fault })),
  )
  // What has not the shape of a plugin cannot be looked at any further.
  const plugins = candidates.filter(
    (candidate): candidate is Plugin => findShapeFaults(candidate).length === 0,
  )
  const faults = [
    ...misshapen,
    ...findShared(plugins, ({ id }) => [`id ${id}`]),
    ...each(plugins, findContractFaults),
    ...each(plugins, (plugin) => findSettingsFaults(plugin, ownValue(settings, plugin.id))),
    ...each(plugins, (plugin) => findTakenCodes(plugin, core.refusals ?? [])),
    ...findShared(plugins, ({ refusals = {} }) =>
      Object.keys(refusals).map((code) => `refusal code ${code}`),
    ),
    ...each(plugins, findTableFaults),
    ...findShared(plugins, tablesAndMigrations),
    ...findGraphqlFaults(plugins, core.resolvers ?? []),
  ]
  return faults.length > 0 ? new PluginBootError(faults) : null
}

/** Throws what `checkPlugins` finds. */
export function assertPlugins(candidates: readonly unknown[], checks?: BootChecks): void {
  const error = checkPlugins(candidates, checks)
  if (error) throw error
}

function findTakenCodes({ refusals = {} }: Plugin, coreCodes: readonly string[]): string[] {
  return Object.keys(refusals).flatMap((code) =>
    Object.hasOwn(COMMON_REFUSALS, code) || coreCodes.includes(code)
      ? [`its refusal code ${code} is the programme’s already`]
      : [],
  )
}

/** What two of them have though only one may: the fault is the later one's. */
function findShared(
  plugins: readonly Plugin[],
  namesOf: (plugin: Plugin) => readonly string[],
): PluginBootFault[] {
  const owners = new Map<string, { id: string; plugin: Plugin }>()
  return plugins.flatMap((plugin) =>
    namesOf(plugin).flatMap((name) => {
      const other = owners.get(name)
      if (other) {
        const whose =
          other.plugin === plugin ? 'twice in it' : `another plugin’s already (${other.id})`
        return [{ plugin: plugin.id, fault: `its ${name} is ${whose}` }]
      }
      owners.set(name, { id: plugin.id, plugin })
      return []
    }),
  )
}

function each(
  plugins: readonly Plugin[],
  find: (plugin: Plugin) => readonly string[],
): PluginBootFault[] {
  return plugins.flatMap((plugin) => find(plugin).map((fault) => ({ plugin: plugin.id, fault })))
}

function ownValue(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function nameOf(candidate: unknown, index: number): string {
  const id = (candidate as { id?: unknown } | null)?.id
  return typeof id === 'string' && id !== '' ? id.slice(0, 100) : `plugin number ${index + 1}`
}
