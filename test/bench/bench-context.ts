import type { Databases } from './process/open-databases.js'
import type { Store } from './report/row.js'

/** What a group of rows is run with. */
export interface BenchContext {
  /** Far fewer of everything: to see that it runs, not what comes out. */
  readonly quick: boolean
  /** Write CPU profiles of the product's processes into this folder. */
  readonly profileFolder: string | undefined
  /** A folder of the run's own, removed at its end. */
  readonly folder: string
  readonly databases: Databases
  /** The stores to measure. */
  readonly stores: readonly Store[]
  say(text: string): void
}
