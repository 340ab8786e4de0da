import { describe, it } from 'vitest'
import { SEED } from '../support/chance.js'
import { availableStores, type StoreName } from '../support/databases.js'
import { type ModelProgress, runModel } from '../support/model-run.js'

/**
 * Random histories of a few members, told to the ledger by two servers at once and to a naive ledger
 * written for this test; after each step what there is to see of both must be the same.
 *
 * POINTWELL_MODEL_COMMANDS: how many commands over all stores (default: what fits into `npm test`).
 * POINTWELL_MODEL_SEED: the first seed, if not POINTWELL_SEED. A failure prints its seed and its path, and with both of them,
 * and POINTWELL_MODEL_STORE, it is told again: POINTWELL_MODEL_PATH.
 */
const SHARES: Record<StoreName, number> = { memory: 0.8, sqlite: 0.16, mysql: 0.04 }
const SHORT: Record<StoreName, number> = { memory: 6_000, sqlite: 2_000, mysql: 1_200 }

const given = process.env
const total = given.POINTWELL_MODEL_COMMANDS
const path = given.POINTWELL_MODEL_PATH
const seed = Number(given.POINTWELL_MODEL_SEED ?? SEED)
const stores = availableStores().filter((name) => name === (given.POINTWELL_MODEL_STORE ?? name))

describe.each(stores)('the ledger on %s', (store) => {
  // Each store lives histories of its own.
  const first = path === undefined ? seed + stores.indexOf(store) * 2 ** 24 : seed
  const commands = total ? Math.ceil(Number(total) * SHARES[store]) : SHORT[store]

  it(
    `L1–L5, L8: does as the naive ledger does, in ${commands} random commands`,
    async () => {
      const tell = total ? openProgress({ commands, seed: first }) : undefined
      await runModel({
        store,
        commands,
        seed: first,
        shortenMs: total ? 600_000 : 20_000,
        onFailure: say,
        ...(path === undefined ? {} : { path }),
        ...(tell && { onProgress: tell }),
      })
    },
    total ? 2 ** 31 - 1 : undefined,
  )
})

/** A line every ten seconds, and at the end; with the speed by this process's own time, too, because a
 * long run gives way to others. */
function openProgress({
  commands,
  seed,
}: {
  commands: number
  seed: number
}): (done: ModelProgress) => void {
  const began = performance.now()
  const cpuBefore = process.cpuUsage()
  let saidAt = Number.NEGATIVE_INFINITY
  return (done) => {
    const now = performance.now()
    if (now - saidAt < 10_000 && done.commands < commands) return
    saidAt = now
    const seconds = (now - began) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    const each = (seconds: number) => Math.round(done.commands / seconds)
    say(
      `${done.store}: ${done.commands} of ${commands} commands in ${done.histories} histories, ${Math.round(seconds)} s, ${each(seconds)} a second (${each((user + system) / 1e6)} a second of processor), ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB, seed ${seed}`,
    )
  }
}

/** At once: Vitest keeps what a test logs until the test is over. */
function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
