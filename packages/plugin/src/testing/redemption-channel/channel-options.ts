import type { KitOptions } from '../run/kit-options.js'
import type { OpenedStore, PluginTables } from '../store/open-memory-store.js'

/** A failure that an author can make happen: the answer of a shop that never arrives. */
export interface InjectedFault {
  /** From now on, what is asked of the other side is done there, and the answer is lost. */
  inject(): void | Promise<void>
  /** As before. */
  mend(): void | Promise<void>
}

/** What the schemas of a channel cannot tell. */
export interface RedemptionChannelOptions extends KitOptions {
  /** Offers and orders to try besides random ones, as they would be sent. */
  readonly offers?: readonly unknown[]
  readonly orders?: readonly unknown[]
  /** A database with the plugin's tables; absent: SQLite in memory, for which `better-sqlite3` is needed. */
  readonly store?: (tables: PluginTables) => Promise<OpenedStore>
  /** How many things were given for a redemption and not taken back, where that is not seen in the plugin's
   * own tables: what a made-up shop has counted. */
  readonly givenFor?: (redemptionId: string) => number | Promise<number>
  /** Failures of the other side, by name. Of the plugin's own store the kit makes them itself. */
  readonly faults?: Readonly<Record<string, InjectedFault>>
}
