import { verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { assertTrue } from './assert-same.js'
import type { StoreName } from './databases.js'
import { drawnSteps } from './drawn-steps.js'
import { openFreshStore } from './ledger-stores.js'
import { ModelHistory, WALLETS } from './model-history.js'

/** Histories that share one store, and the verification of it: a database is dear to make, and a store in
 * memory copies itself for each look at its figures. */
const HISTORIES: Record<StoreName, number> = { memory: 4, sqlite: 25, mysql: 25 }
/** A look at everything costs a database a dozen questions. */
const LOOK_EVERY: Record<StoreName, number> = { memory: 1, sqlite: 4, mysql: 4 }

export interface ModelRun {
  readonly store: StoreName
  /** At least so many; the last histories are lived to their end. */
  readonly commands: number
  readonly seed: number
  /** From a failure's report: goes straight to the history that failed. */
  readonly path?: string
  /** The most commands that are on their way at once. */
  readonly mostAtOnce: number
  /** Told after each store full of histories. */
  readonly onProgress?: (done: ModelProgress) => void
}

export interface ModelProgress {
  readonly store: StoreName
  readonly histories: number
  readonly commands: number
}

/**
 * Lives random histories until so many commands were answered as they had to be. Each store full of
 * them has a seed of its own, counted up from the first: what failed is told again by that seed alone.
 * Throws at the first difference, with seed, path and the shortest history that shows it.
 */
export async function runModel(run: ModelRun): Promise<ModelProgress> {
  let commands = 0
  let histories = 0
  for (let part = 0; commands < run.commands; part++) {
    const lived = await liveStoreFull(run, run.seed + part)
    commands += lived.commands
    histories += lived.histories
    run.onProgress?.({ store: run.store, histories, commands })
    if (run.path !== undefined) break
  }
  return { store: run.store, histories, commands }
}

async function liveStoreFull(run: ModelRun, seed: number) {
  const { store: name, path, mostAtOnce } = run
  const open = await openFreshStore(name)
  let histories = 0
  let commands = 0
  try {
    const property = fc.asyncProperty(
      drawnSteps(WALLETS, mostAtOnce),
      fc.constantFrom(1, 3),
      fc.constantFrom(5, 256, 256, 256),
      async (steps, lanes, batchSize) => {
        const lookEvery = LOOK_EVERY[name]
        const history = new ModelHistory(open, ++histories, { lanes, batchSize, lookEvery })
        await history.tell(steps)
        commands += history.commands
      },
    )
    const details = await fc.check(property, {
      seed,
      numRuns: HISTORIES[name],
      ...(path === undefined ? {} : { path }),
    })
    if (details.failed) throw new Error(`On ${name}: ${fc.defaultReportMessage(details)}`)
    const verified = await verifyLedger(open.stores[0])
    assertTrue(verified.ok, `On ${name}, seed ${seed}: ${JSON.stringify(verified)}`)
  } finally {
    await open.close()
  }
  return { commands, histories }
}
