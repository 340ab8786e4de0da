import { verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { assertTrue } from './assert-same.js'
import type { StoreName } from './databases.js'
import { drawnSteps } from './drawn-steps.js'
import { type OpenStore, openFreshStore } from './ledger-stores.js'
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
  /** How long to look for the shortest history that fails. */
  readonly shortenMs: number
  /** Told at the first difference, before it is shortened. */
  readonly onFailure?: (what: string) => void
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
  const { store: name, path } = run
  const open = await openFreshStore(name)
  let histories = 0
  let commands = 0
  try {
    const property = historyProperty(run, async (tell) => {
      commands += await tell(open, ++histories)
    })
    const details = await fc.check(property, {
      seed,
      numRuns: HISTORIES[name],
      endOnFailure: true,
      ...(path === undefined ? {} : { path }),
    })
    if (details.failed) throw new Error(await reportShortest(run, details))
    const verified = await verifyLedger(open.stores[0])
    assertTrue(verified.ok, `On ${name}, seed ${seed}: ${JSON.stringify(verified)}`)
  } finally {
    await open.close()
  }
  return { commands, histories }
}

type Failure = Pick<
  fc.RunDetailsCommon<unknown>,
  'seed' | 'counterexamplePath' | 'counterexample' | 'errorInstance'
>

/** Looks for the shortest history that fails, each in a store of its own, for as long as it may. */
async function reportShortest(run: ModelRun, found: Failure): Promise<string> {
  const { seed, counterexamplePath: path } = found
  const again = `POINTWELL_MODEL_STORE=${run.store} POINTWELL_MODEL_SEED=${seed} POINTWELL_MODEL_PATH=${path}`
  run.onFailure?.(`${again} fails: looking for the shortest history that does`)
  const property = historyProperty(run, async (tell) => {
    const open = await openFreshStore(run.store)
    try {
      await tell(open, 1)
    } finally {
      await open.close()
    }
  })
  const details = await fc.check(property, {
    seed,
    ...(path === null ? {} : { path }),
    numRuns: 1,
    interruptAfterTimeLimit: run.shortenMs,
  })
  const lonely = details.failed ? '' : '\nIt did not fail again in a store of its own.'
  const { errorInstance, counterexample }: Failure = details.failed ? details : found
  return `${again}${lonely}\n${errorInstance}\nSteps, lanes, size of a batch: ${fc.stringify(counterexample)}`
}

/** Lives one history in a store, where it is the so-manyth; answers with its commands. */
type Tell = (open: OpenStore, place: number) => Promise<number>

function historyProperty({ store }: ModelRun, live: (tell: Tell) => Promise<void>) {
  return fc.asyncProperty(
    // The longer ones share the price of looking; the shorter ones look more often.
    fc.oneof(
      { weight: 1, arbitrary: drawnSteps(WALLETS, 12) },
      { weight: 4, arbitrary: drawnSteps(WALLETS, 64) },
    ),
    fc.constantFrom(1, 3),
    fc.constantFrom(5, 256, 256, 256),
    (steps, lanes, batchSize) =>
      live(async (open, place) => {
        const lookEvery = LOOK_EVERY[store]
        const history = new ModelHistory(open, place, { lanes, batchSize, lookEvery })
        await history.tell(steps)
        return history.commands
      }),
  )
}
