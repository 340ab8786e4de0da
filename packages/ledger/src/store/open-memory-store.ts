import { FIRST_ROOT } from '../chain/seal-root.js'
import { StoreConflict } from '../database/store-conflict.js'
import { Turns } from '../database/turns.js'
import type { LedgerTransaction } from '../posting/posting.js'
import { type LedgerRecord, recordKey } from '../posting/posting.js'
import { balanceAt } from './balance-at.js'
import { ascending, compareText } from './database-order.js'
import { emptyWallet } from './empty-wallet.js'
import { foldFigures } from './fold-figures.js'
import { freezeCopy } from './freeze-copy.js'
import type { LedgerStore, Seal, SealedHead, StoreSnapshot } from './ledger-store.js'
import { retellInMemory } from './memory-retelling.js'
import { MemorySession } from './memory-session.js'
import { MemoryTables } from './memory-tables.js'
import { addUpFigures } from './sum-figures.js'
import { totalsAt } from './totals-at.js'

const LONGEST_WAIT_MS = 30_000
/** Most heads of one seal. */
const HEADS_OF_A_SEAL = 2_000

/** In the order in which they are due. */
function byDue(
  a: Pick<LedgerRecord, 'dueAt' | 'ref'>,
  b: Pick<LedgerRecord, 'dueAt' | 'ref'>,
): number {
  return a.dueAt! - b.dueAt! || compareText(a.ref, b.ref)
}

/** A store for backtests, simulation and model tests: as atomic as a database, and gone with the
 * process. What it hands out is frozen. */
export function openMemoryStore(): LedgerStore {
  const tables = new MemoryTables()
  const turns = new Turns(1)

  /** One at a time, like the one writer of SQLite. */
  async function alone<T>(work: () => T | Promise<T>): Promise<T> {
    const leave = await turns.take(
      LONGEST_WAIT_MS,
      () => new StoreConflict(`another transaction took longer than ${LONGEST_WAIT_MS} ms`),
    )
    try {
      return await work()
    } finally {
      leave()
    }
  }

  return {
    name: 'memory',
    writesSideBySide: false,

    transaction: (work) =>
      alone(async () => {
        const session = new MemorySession(tables)
        try {
          const result = await work(session)
          session.commit()
          return result
        } finally {
          session.end()
        }
      }),

    openWallets: (ids, at) =>
      alone(() => {
        for (const id of ids) {
          if (!tables.wallets.has(id)) tables.wallets.set(id, freezeCopy(emptyWallet(id, at)))
        }
      }),

    async findWallets(ids) {
      return tables.findWallets(ids)
    },

    async findVersions(ids) {
      return new Map(tables.findWallets(ids).map(({ id, version }) => [id, version]))
    },

    async findDueWallets(now, limit) {
      return [...tables.wallets.values()]
        .filter(({ nextDueAt }) => nextDueAt !== null && nextDueAt <= now)
        .sort((a, b) => a.nextDueAt! - b.nextDueAt! || a.id - b.id)
        .slice(0, limit)
        .map(({ id }) => id)
    },

    async findWalletsDueUntil({ until, after, limit }) {
      return [...tables.wallets.values()]
        .flatMap(({ id, nextDueAt }) => (nextDueAt === null ? [] : [{ id, dueAt: nextDueAt }]))
        .filter(({ id, dueAt }) => {
          const isAfter = !after || dueAt > after.dueAt || (dueAt === after.dueAt && id > after.id)
          return dueAt <= until && isAfter
        })
        .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)
        .slice(0, limit)
    },

    async findLots(wallets, { open }) {
      return tables.findLots(wallets, open)
    },

    async findLotPages(pages, { open, limit }) {
      return pages.flatMap(({ wallet, before }) =>
        tables
          .findLots([wallet], open)
          .filter(({ lot }) => before === null || lot.seq < before)
          .reverse()
          .slice(0, limit),
      )
    },

    async findTransactions(wallet, page) {
      const history = tables.histories.get(wallet) ?? []
      if ('after' in page) {
        const start = Math.max(0, page.after)
        return history.slice(start, start + page.limit)
      }
      const end = Math.min(history.length, Math.max(0, (page.before ?? Infinity) - 1))
      return history.slice(Math.max(0, end - page.limit), end).reverse()
    },

    async findNewestTransactions(wallets, limit) {
      return [...new Set(wallets)].flatMap((wallet) => newest(tables.histories.get(wallet), limit))
    },

    async findTransactionsAt(places) {
      return places.flatMap(
        ({ wallet, version }) => tables.histories.get(wallet)?.[version - 1] ?? [],
      )
    },

    async findBalancesAt(moments) {
      return moments.map(({ wallet, at }) => {
        const found = tables.wallets.get(wallet)
        return found && balanceAt(found, tables.histories.get(wallet) ?? [], at)
      })
    },

    async findTotalsAt(at) {
      return totalsAt(tables.histories.values(), at)
    },

    async sumFigures(span) {
      return addUpFigures(
        tables.figures.map(({ row }) => row),
        span,
      )
    },

    async findTransactionByKey(key) {
      return tables.byKey.get(key)
    },

    async findRecord(id) {
      return tables.records.get(recordKey(id))
    },

    async findRecords(ids) {
      return tables.findRecords(ids)
    },

    async findRecordsOf(wallet, kind, { beforeRef, limit }) {
      return tables
        .findRecordsOf(wallet, kind)
        .filter(({ ref }) => beforeRef === null || compareText(ref, beforeRef) < 0)
        .slice(0, limit)
    },

    async findNewestRecords(wallets, kind, limit) {
      return [...new Set(wallets)].flatMap((wallet) =>
        tables.findRecordsOf(wallet, kind).slice(0, limit),
      )
    },

    async findDueRecords(kind, now, limit, after = null) {
      return [...tables.records.values()]
        .filter((record) => record.kind === kind && record.dueAt !== null && record.dueAt <= now)
        .filter((record) => after === null || byDue(record, after) > 0)
        .sort(byDue)
        .slice(0, limit)
    },

    async findCounters(ids) {
      return new Map(ids.map((id) => [id, tables.counters.get(id) ?? 0]))
    },

    async findDueNotices(topics, terms) {
      return tables.notices.findDue(topics, terms)
    },

    async findFailedNotices(limit) {
      return tables.notices.findFailed(limit)
    },

    notices: {
      claim: (terms) => alone(() => tables.notices.claim(terms)),
      end: (claim, seqs) => alone(() => tables.notices.end(claim, seqs)),
      postpone: (claim, failed) => alone(() => tables.notices.postpone(claim, failed)),
      release: (claim, seqs) => alone(() => tables.notices.release(claim, seqs)),
    },

    snapshot: (work) => work(openSnapshot(tables.clone())),

    retell: (wallet, retelling) => alone(() => retellInMemory(tables, wallet, retelling)),

    seal: (at, rootOf) => alone(() => writeSeals(tables, at, rootOf)),

    foldFigures: (before, startOfDay) => alone(() => fold(tables, before, startOfDay)),
  }
}

function openSnapshot(tables: MemoryTables): StoreSnapshot {
  const ids = ascending([...tables.wallets.keys()])
  return {
    async wallets(afterId, limit) {
      const start = ids.findIndex((id) => id > afterId)
      return start < 0 ? [] : tables.findWallets(ids.slice(start, start + limit))
    },
    async lotsOf(wallets) {
      return tables.findLots(wallets, false)
    },
    async transactionsOf(wallets) {
      return ascending(wallets).flatMap((wallet) => tables.histories.get(wallet) ?? [])
    },
    async figureTotals() {
      const totals = new Map<string, bigint>()
      for (const { row } of tables.figures) {
        totals.set(row.account, (totals.get(row.account) ?? 0n) + row.amount)
      }
      return totals
    },
    async totalsAt(at) {
      return totalsAt(tables.histories.values(), at)
    },
    async seals() {
      return tables.seals
    },
    async sealedHeads(seal) {
      return tables.sealedHeads.get(seal) ?? []
    },
    async sealedHeadsOf(wallets) {
      const wanted = new Set(wallets)
      return [...tables.sealedHeads]
        .flatMap(([seal, heads]) =>
          heads.filter(({ wallet }) => wanted.has(wallet)).map((head) => ({ ...head, seal })),
        )
        .sort((a, b) => a.wallet - b.wallet || a.version - b.version)
    },
  }
}

function writeSeals(
  tables: MemoryTables,
  at: number,
  rootOf: (previousRoot: string, heads: readonly SealedHead[]) => string,
): Seal | undefined {
  const heads = ascending([...tables.wallets.keys()]).flatMap((id) => {
    const { version, head } = tables.wallets.get(id)!
    return version > (tables.sealedVersions.get(id) ?? 0) ? [{ wallet: id, version, head }] : []
  })
  let last: Seal | undefined
  for (let start = 0; start < heads.length; start += HEADS_OF_A_SEAL) {
    last = writeSeal(tables, at, heads.slice(start, start + HEADS_OF_A_SEAL), rootOf)
  }
  return last
}

function writeSeal(
  tables: MemoryTables,
  at: number,
  heads: readonly SealedHead[],
  rootOf: (previousRoot: string, heads: readonly SealedHead[]) => string,
): Seal {
  const previous = tables.seals.at(-1)
  const previousRoot = previous?.root ?? FIRST_ROOT
  const id = (previous?.id ?? 0) + 1
  const seal = freezeCopy({ id, sealedAt: at, root: rootOf(previousRoot, heads), previousRoot })
  tables.seals.push(seal)
  tables.sealedHeads.set(id, freezeCopy(heads))
  for (const { wallet, version } of heads) tables.sealedVersions.set(wallet, version)
  return seal
}

function fold(tables: MemoryTables, before: number, startOfDay: (at: number) => number): number {
  const isDue = ({ folded, row }: MemoryTables['figures'][number]) => !folded && row.at < before
  const due = tables.figures.filter(isDue)
  const present = tables.figures.filter(({ folded }) => folded)
  const waiting = tables.figures.filter((figure) => !figure.folded && !isDue(figure))
  const rows = foldFigures(
    [...present, ...due].map(({ row }) => row),
    startOfDay,
  )
  tables.figures = [...freezeCopy(rows).map((row) => ({ folded: true, row })), ...waiting]
  return due.length
}

function newest(history: readonly LedgerTransaction[] = [], limit: number): LedgerTransaction[] {
  return history.slice(Math.max(0, history.length - limit)).reverse()
}
