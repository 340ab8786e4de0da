import DataLoader from 'dataloader'
import { StoreConflict } from '../database/store-conflict.js'

/** Statements of one kind that are on their way at a time. */
const SIDE_BY_SIDE = 2
/** Most keys of one statement. */
const MOST_KEYS = 1_000

/**
 * Reads of one kind, shared by everybody who asks: what is asked while statements are on their way
 * goes out as one when the first of them is back, as postings share a commit. Nothing is remembered:
 * a read begins after it was asked for, so that it sees what was written before. `ask` gets keys of
 * different names. A fault of one key is not that of the others: they are asked in halves, down to
 * the one; but a `StoreConflict` would befall each of them, and rejects all.
 */
export function groupReads<Key, Value, Name = Key>(
  ask: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
  nameOf: (key: Key) => Name = (key) => key as unknown as Name,
): (key: Key) => Promise<Value> {
  const turns = new ReadTurns()
  const loader = new DataLoader<Key, Value>(
    async (keys) => {
      try {
        const distinct = new Map(keys.map((key) => [nameOf(key), key]))
        const answers = await askInParts(ask, [...distinct])
        return keys.map((key) => answers.get(nameOf(key))!())
      } finally {
        turns.leave()
      }
    },
    { cache: false, maxBatchSize: MOST_KEYS, batchScheduleFn: (dispatch) => turns.take(dispatch) },
  )
  return (key) => loader.load(key)
}

/**
 * The first `limit` rows of each wallet, read in groups. A wallet is asked once, for the most that
 * anybody wants of it; and nobody reads more of a wallet because somebody wants more of another.
 */
export function groupFirstRows<Row extends { readonly wallet: number }>(
  ask: (wallets: readonly number[], limit: number) => Promise<readonly Row[]>,
): (page: { readonly wallet: number; readonly limit: number }) => Promise<readonly Row[]> {
  return groupReads(
    async (pages) => {
      const most = new Map<number, number>()
      for (const { wallet, limit } of pages) {
        most.set(wallet, Math.max(limit, most.get(wallet) ?? 0))
      }
      const byLimit = new Map<number, number[]>()
      for (const [wallet, limit] of most) {
        const wallets = byLimit.get(limit)
        if (wallets) wallets.push(wallet)
        else byLimit.set(limit, [wallet])
      }
      const asked = [...byLimit].map(([limit, wallets]) => ask(wallets, limit))
      const rows = new Map<number, Row[]>([...most.keys()].map((wallet) => [wallet, []]))
      for (const row of (await Promise.all(asked)).flat()) rows.get(row.wallet)?.push(row)
      return ({ wallet, limit }) => rows.get(wallet)!.slice(0, limit)
    },
    ({ wallet, limit }) => `${wallet}:${limit}`,
  )
}

/** Each answer is to be called for: a fault comes out as what DataLoader takes for one. */
type Answer<Value> = () => Value | Error

async function askInParts<Key, Value, Name>(
  ask: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
  named: readonly (readonly [Name, Key])[],
): Promise<Map<Name, Answer<Value>>> {
  try {
    const answerOf = await ask(named.map(([, key]) => key))
    return new Map(named.map(([name, key]) => [name, () => answerOf(key)]))
  } catch (fault) {
    if (named.length === 1 || fault instanceof StoreConflict) {
      const error = fault instanceof Error ? fault : new Error(String(fault), { cause: fault })
      return new Map(named.map(([name]) => [name, () => error]))
    }
    const half = named.length >> 1
    const first = await askInParts(ask, named.slice(0, half))
    const second = await askInParts(ask, named.slice(half))
    return new Map([...first, ...second])
  }
}

/** Whose statement leaves when. Each waits for the end of the event loop's turn, so that requests
 * that came in together ask together. */
class ReadTurns {
  private taken = 0
  private readonly waiting: (() => void)[] = []

  take(dispatch: () => void): void {
    if (this.taken === SIDE_BY_SIDE) {
      this.waiting.push(dispatch)
      return
    }
    this.taken++
    setImmediate(dispatch)
  }

  leave(): void {
    const next = this.waiting.shift()
    if (next) setImmediate(next)
    else this.taken--
  }
}
