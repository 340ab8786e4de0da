import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchContext } from '../bench-context.js'
import { CpuBook } from '../measure/process-use.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { type Program, startProgram } from '../process/start-program.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CALLERS = 1_000
/** So many that every lane always has a full batch: what the other sides write is cut like that. */
const CALLERS_FOR_FULL_BATCHES = 4_096

interface Sizes {
  readonly rounds: number
  readonly wallets: number
  readonly perRound: number
  readonly perTypeormRound: number
}

const POSTING_SIZES = {
  full: { rounds: 7, wallets: 20_000, perRound: 30_000, perTypeormRound: 1_500 },
  quick: { rounds: 3, wallets: 2_000, perRound: 6_000, perTypeormRound: 400 },
} satisfies Record<string, Sizes>

/** Postings through `ledger.post()` against bulk inserts by hand and a transaction a request. */
export async function postingRows(
  context: BenchContext,
  sizes: Sizes = POSTING_SIZES[context.quick ? 'quick' : 'full'],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(...(await onStore(store, context, sizes)))
  return rows
}

async function onStore(store: Store, context: BenchContext, sizes: Sizes): Promise<Row[]> {
  context.say(`postings on ${store}: writing down what the other sides shall write`)
  const files = await recordRounds(store, context, sizes)
  const ledger = await openLedgerPoster(store, context, sizes)
  try {
    const byHand = await againstBulk(store, context, sizes, { ledger, files })
    // The second comparison goes on with orders of its own, which the first has not used.
    const typeorm = await againstTypeorm(store, context, sizes, { ledger, files })
    return [byHand, typeorm]
  } finally {
    await ledger.ask('close')
    await ledger.stop()
    for (const file of files) await rm(file)
  }
}

interface Parts {
  readonly ledger: Program
  readonly files: readonly string[]
}

async function againstBulk(
  store: Store,
  context: BenchContext,
  { rounds, perRound, wallets }: Sizes,
  { ledger, files }: Parts,
): Promise<Row> {
  const url = await preparedUrl(store, context, wallets)
  const bulk = startProgram('bulk-inserter')
  await bulk.ask('open', { url })
  context.say(`postings on ${store}: ledger.post() ÷ bulk inserts by hand`)
  const cpu = new CpuBook()
  const booking = (side: string, program: Program, round: number) => ({
    side,
    pids: pidsOf(store, context, program),
    operations: perRound,
    counts: round > 0,
  })
  const compared = await takeTurns(rounds, {
    a: async (round) => {
      await ledger.ask('prepare', { round, count: perRound, wallets })
      return cpu.book(booking('A', ledger, round), () => ledger.ask('run', { callers: CALLERS }))
    },
    b: async (round) => {
      await bulk.ask('prepare', files[round])
      return cpu.book(booking('B', bulk, round), () => bulk.ask('run'))
    },
  })
  await bulk.ask('close')
  await bulk.stop()
  return rowOf(
    {
      name: 'post ÷ bulk',
      store,
      a: `ledger.post(), ${CALLERS.toLocaleString('en')} callers in flight over ${wallets.toLocaleString('en')} wallets`,
      b: `the same rows, bulk inserts by hand, ${store === 'mariadb' ? 'mysql2, 4 connections' : 'better-sqlite3'}, 256 postings a commit`,
      unit: 'postings/s',
      aim: { atLeast: 0.7 },
      note: cpu.told(),
    },
    compare(compared),
  )
}

async function againstTypeorm(
  store: Store,
  context: BenchContext,
  { rounds, perRound, perTypeormRound, wallets }: Sizes,
  { ledger, files }: Parts,
): Promise<Row> {
  const url = await preparedUrl(store, context, wallets)
  const post = async (pool: number, round: number, from: number) => {
    const typeorm = startProgram('typeorm-poster')
    await typeorm.ask('open', { url, pool })
    await typeorm.ask('prepare', { file: files[round], from, count: perTypeormRound })
    const perSecond = await typeorm.ask<number>('run', { callers: CALLERS })
    await typeorm.ask('close')
    await typeorm.stop()
    return perSecond
  }
  let pool = 1
  if (store === 'mariadb') {
    context.say('postings on mariadb: which pool is best for a transaction a request')
    const tried: { pool: number; perSecond: number }[] = []
    for (const [place, size] of [8, 16, 64, 128].entries()) {
      tried.push({ pool: size, perSecond: await post(size, rounds, place * perTypeormRound) })
    }
    pool = tried.reduce((best, one) => (one.perSecond > best.perSecond ? one : best)).pool
  }
  context.say(`postings on ${store}: ledger.post() ÷ a TypeORM transaction a request`)
  const compared = await takeTurns(Math.min(rounds - 1, 5), {
    a: (round) => postRound(ledger, { round: round + 100, count: perRound, wallets }),
    b: (round) => post(pool, round, 0),
  })
  return rowOf(
    {
      name: 'post ÷ TypeORM',
      store,
      a: `ledger.post(), ${CALLERS.toLocaleString('en')} callers in flight`,
      b: `one TypeORM transaction a request, ${CALLERS.toLocaleString('en')} callers, ${store === 'mariadb' ? `the best pool of four: ${pool} connections` : 'one after the other'}`,
      unit: 'postings/s',
      aim: { atLeast: 20 },
    },
    compare(compared),
  )
}

/** Who works for a posting. */
function pidsOf(store: Store, context: BenchContext, program: Program) {
  return {
    program: program.pid,
    ...(store === 'mariadb' && { MariaDB: context.databases.mariadbPid() }),
  }
}

async function postRound(
  ledger: Program,
  drawn: { round: number; count: number; wallets: number },
): Promise<number> {
  await ledger.ask('prepare', drawn)
  return ledger.ask('run', { callers: CALLERS })
}

/** Has a ledger post every round once and keep what it wrote, a file a round. */
async function recordRounds(
  store: Store,
  context: BenchContext,
  { rounds, wallets, perRound }: Sizes,
): Promise<string[]> {
  const recorder = startProgram('ledger-poster')
  await recorder.ask('open', {
    url: await context.databases.freshUrl(store),
    wallets,
    record: true,
  })
  const files: string[] = []
  for (let round = 0; round <= rounds; round++) {
    await recorder.ask('prepare', { round, count: perRound, wallets })
    await recorder.ask('run', { callers: CALLERS_FOR_FULL_BATCHES })
    const file = join(context.folder, `${store}-${round}.rows`)
    await recorder.ask('save', file)
    files.push(file)
  }
  await recorder.ask('close')
  await recorder.stop()
  return files
}

async function openLedgerPoster(
  store: Store,
  context: BenchContext,
  { wallets }: Sizes,
): Promise<Program> {
  const profile = context.profileFolder
  const ledger = startProgram(
    'ledger-poster',
    profile === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=post-${store}.cpuprofile`],
  )
  await ledger.ask('open', { url: await context.databases.freshUrl(store), wallets, record: false })
  return ledger
}

/** A database with the ledger's tables and empty wallets, as the ledger's own begins. */
async function preparedUrl(store: Store, context: BenchContext, wallets: number): Promise<string> {
  const url = await context.databases.freshUrl(store)
  const program = startProgram('ledger-poster')
  await program.ask('open', { url, wallets, record: false })
  await program.ask('close')
  await program.stop()
  return url
}
