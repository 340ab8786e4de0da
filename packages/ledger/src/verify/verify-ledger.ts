import { FIRST_ROOT, sealRoot } from '../chain/seal-root.js'
import type { LedgerTransaction } from '../posting/posting.js'
import type { LedgerStore, StoreSnapshot } from '../store/ledger-store.js'
import { type Discrepancy, differ, LedgerDiffers } from './ledger-differs.js'
import { replayWallet } from './replay-wallet.js'

export type Verification =
  | {
      readonly ok: true
      readonly wallets: number
      readonly transactions: number
      readonly seals: number
      readonly root: string
    }
  | { readonly ok: false; readonly first: Discrepancy }

/**
 * Replays the whole journal as of one moment and compares every wallet, lot, total, hash and seal
 * with it (L8). Reads only, in pieces of `walletsAtOnce`, while the ledger goes on.
 */
export async function verifyLedger(
  store: LedgerStore,
  {
    walletsAtOnce = 500,
    onProgress,
  }: { walletsAtOnce?: number; onProgress?: (wallets: number) => void } = {},
): Promise<Verification> {
  try {
    return await store.snapshot((snapshot) => verifySnapshot(snapshot, walletsAtOnce, onProgress))
  } catch (fault) {
    if (fault instanceof LedgerDiffers) return { ok: false, first: fault.discrepancy }
    throw fault
  }
}

async function verifySnapshot(
  snapshot: StoreSnapshot,
  walletsAtOnce: number,
  onProgress?: (wallets: number) => void,
): Promise<Verification> {
  const seals = await sealedHeads(snapshot)
  const totals = new Map<string, number>()
  let wallets = 0
  let transactions = 0
  for (let afterId = 0; ; ) {
    const chunk = await snapshot.wallets(afterId, walletsAtOnce)
    const last = chunk.at(-1)
    if (!last) break
    const ids = chunk.map(({ id }) => id)
    const lots = byWallet(await snapshot.lotsOf(ids))
    const history = byWallet(await snapshot.transactionsOf(ids))
    for (const wallet of chunk) {
      const journal = history.get(wallet.id) ?? []
      replayWallet({
        wallet,
        lots: (lots.get(wallet.id) ?? []).map(({ lot }) => lot),
        journal,
        sealed: seals.heads.get(wallet.id) ?? [],
      })
      addTotals(totals, journal)
      transactions += journal.length
      seals.heads.delete(wallet.id)
    }
    wallets += chunk.length
    afterId = last.id
    onProgress?.(wallets)
  }
  const orphan = seals.heads.keys().next()
  if (!orphan.done) differ(`wallet ${orphan.value}`, 'sealed wallet', 'there', 'missing')
  compareTotals(totals, await snapshot.figureTotals())
  return { ok: true, wallets, transactions, seals: seals.count, root: seals.root }
}

/** Seals are checked against their heads; the heads are then held against the journal. */
async function sealedHeads(snapshot: StoreSnapshot) {
  const heads = new Map<number, { version: number; head: string; seal: number }[]>()
  let root = FIRST_ROOT
  let count = 0
  for (const seal of await snapshot.seals()) {
    if (seal.previousRoot !== root)
      differ(`seal ${seal.id}`, 'previous root', root, seal.previousRoot)
    const sealed = await snapshot.sealedHeads(seal.id)
    root = sealRoot(root, sealed)
    if (seal.root !== root) differ(`seal ${seal.id}`, 'root', root, seal.root)
    for (const { wallet, version, head } of sealed) {
      const list = heads.get(wallet) ?? []
      list.push({ version, head, seal: seal.id })
      heads.set(wallet, list)
    }
    count++
  }
  return { heads, root, count }
}

function addTotals(totals: Map<string, number>, journal: readonly LedgerTransaction[]): void {
  for (const { entries } of journal) {
    for (const { account, amount } of entries) {
      totals.set(account, (totals.get(account) ?? 0) + amount)
    }
  }
}

function compareTotals(
  expected: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
): void {
  for (const account of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const total = expected.get(account) ?? 0
    const figure = found.get(account) ?? 0
    if (total !== figure) differ(`account ${account}`, 'total', total, figure)
  }
}

function byWallet<Row extends { readonly wallet: number }>(
  rows: readonly Row[],
): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.wallet)
    if (group) group.push(row)
    else groups.set(row.wallet, [row])
  }
  return groups
}
