import type { Ledger } from '@pointwell/ledger'
import type { Watch } from './watch.js'

interface CatchUpTerms {
  readonly store: Pick<Ledger['store'], 'findVersions' | 'findTransactionsAt'>
  onFault(fault: unknown): void
}

/** Transactions asked for together. */
const AT_A_TIME = 200

/**
 * Reads what followed wallets are said to have come to: whatever was hinted while a read was under
 * way, of all wallets, in one read. A hint is not believed: what it says is looked for in the
 * database, and what is not there has not happened. A fault forgets the hints; the next look at the
 * versions gives them again.
 */
export function openCatchUp({ store, onFault }: CatchUpTerms) {
  const hints = new Map<Watch, number>()
  let isReading = false

  return {
    hint(watch: Watch, version: number): void {
      if (version <= watch.version || version <= (hints.get(watch) ?? 0)) return
      hints.set(watch, version)
      if (!isReading) void readAll()
    },
  }

  async function readAll(): Promise<void> {
    isReading = true
    // What comes in the same turn, as with one message of news, is read together.
    await Promise.resolve()
    while (hints.size > 0) {
      const some = takeHints()
      try {
        await read(some)
      } catch (fault) {
        onFault(fault)
      }
    }
    isReading = false
  }

  function takeHints(): Map<Watch, number> {
    const taken = new Map<Watch, number>()
    let size = 0
    for (const [watch, version] of hints) {
      size += Math.max(1, watch.unknownUpTo(version).length)
      if (taken.size > 0 && size > AT_A_TIME) break
      taken.set(watch, version)
    }
    for (const watch of taken.keys()) hints.delete(watch)
    return taken
  }

  async function read(some: ReadonlyMap<Watch, number>): Promise<void> {
    const watches = new Map([...some.keys()].map((watch) => [watch.wallet, watch]))
    const asked = [...some].filter(([{ followers }]) => followers.size > 0)
    const places = asked.flatMap(([watch, version]) => watch.unknownUpTo(version))
    const found = places.length > 0 ? await store.findTransactionsAt(places) : []
    for (const transaction of found.toSorted((a, b) => a.version - b.version)) {
      watches.get(transaction.wallet)?.remember(transaction)
    }
    // Of a wallet that has moved on further, or is said to, followers read by pages what there is.
    const further = asked.filter(([watch, version]) => version > watch.version)
    if (further.length > 0) {
      const wallets = further.map(([{ wallet }]) => wallet)
      for (const [wallet, version] of await store.findVersions(wallets)) {
        watches.get(wallet)?.learn(version)
      }
    }
    for (const [watch] of asked) watch.tell()
  }
}
