import { FIRST_ROOT, sealRoot } from '../chain/seal-root.js'
import type { LedgerTransaction } from '../posting/posting.js'
import type { LedgerBooks, SealedHead, StoreSnapshot } from '../store/ledger-store.js'
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
  store: LedgerBooks,
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
  const seals = await verifySeals(snapshot)
  let heads = 0
  const totals = new Map<string, bigint>()
  let wallets = 0
  let transactions = 0
  for (let afterId = 0; ; ) {
    const chunk = await snapshot.wallets(afterId, walletsAtOnce)
    const last = chunk.at(-1)
    if (!last) break
    const ids = chunk.map(({ id }) => id)
    const lots = byWallet(await snapshot.lotsOf(ids))
    const history = byWallet(await snapshot.transactionsOf(ids))
    const sealed = byWallet(await snapshot.sealedHeadsOf(ids))
    for (const wallet of chunk) {
      const journal = history.get(wallet.id) ?? []
      replayWallet({
        wallet,
        lots: (lots.get(wallet.id) ?? []).map(({ lot }) => lot),
        journal,
        sealed: headsOf(sealed.get(wallet.id), seals.ids),
      })
      addTotals(totals, journal)
      transactions += journal.length
      heads += sealed.get(wallet.id)?.length ?? 0
    }
    wallets += chunk.length
    afterId = last.id
    onProgress?.(wallets)
  }
  if (heads !== seals.heads) await findOrphan(snapshot)
  compareTotals(totals, await snapshot.figureTotals(), 'total')
  // The last of the running totals only: all of them are more than fits into memory.
  compareTotals(totals, await snapshot.totalsAt(Number.MAX_SAFE_INTEGER), 'running total')
  return { ok: true, wallets, transactions, seals: seals.ids.size, root: seals.root }
}

/** Holds each seal against its heads, one after the other: all heads of all seals are more than fits
 * into memory. They are held against the journal later, with their wallets. */
async function verifySeals(snapshot: StoreSnapshot) {
  const ids = new Set<number>()
  let root = FIRST_ROOT
  let heads = 0
  for (const seal of await snapshot.seals()) {
    if (seal.previousRoot !== root)
      differ(`seal ${seal.id}`, 'previous root', root, seal.previousRoot)
    const sealed = await snapshot.sealedHeads(seal.id)
    root = sealRoot(root, sealed)
    if (seal.root !== root) differ(`seal ${seal.id}`, 'root', root, seal.root)
    ids.add(seal.id)
    heads += sealed.length
  }
  return { ids, root, heads }
}

function headsOf(
  heads: readonly (SealedHead & { readonly seal: number })[] = [],
  seals: ReadonlySet<number>,
) {
  for (const { seal } of heads) {
    if (!seals.has(seal)) differ(`seal ${seal}`, 'seal', 'there', 'missing')
  }
  return heads
}

/** There are heads whose wallet is gone; only now is it worth a look for each of them. */
async function findOrphan(snapshot: StoreSnapshot): Promise<void> {
  for (const { id } of await snapshot.seals()) {
    for (const { wallet } of await snapshot.sealedHeads(id)) {
      const [found] = await snapshot.wallets(wallet - 1, 1)
      if (found?.id !== wallet) differ(`wallet ${wallet}`, 'sealed wallet', 'there', 'missing')
    }
  }
}

function addTotals(totals: Map<string, bigint>, journal: readonly LedgerTransaction[]): void {
  for (const { entries } of journal) {
    for (const { account, amount } of entries) {
      totals.set(account, (totals.get(account) ?? 0n) + BigInt(amount))
    }
  }
}

function compareTotals(
  expected: ReadonlyMap<string, bigint>,
  found: ReadonlyMap<string, bigint>,
  what: string,
): void {
  for (const account of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const total = expected.get(account) ?? 0n
    const figure = found.get(account) ?? 0n
    // As text: a sum over all wallets may be more than a number holds.
    if (total !== figure) differ(`account ${account}`, what, `${total}`, `${figure}`)
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
