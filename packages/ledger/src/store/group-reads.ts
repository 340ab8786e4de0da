import { currentWaves, type ReadWaves, type WaveJob } from '../database/read-waves.js'
import { StoreConflict } from '../database/store-conflict.js'

/** Groups of one kind that are on their way at a time. */
const SIDE_BY_SIDE = 2
/** Most keys of one group. */
const MOST_KEYS = 1_000
/** Most keys of a group that a request joins with all of its own: as many as every statement takes. What
 * more it asks for at a time leaves by itself, so that nobody else's keys decide how it is cut. */
const MOST_SHARED = 200
/** Most keys of one request in one group: the longest page of longest pages. */
const MOST_OF_ONE = 10_000
/** After so long a group no longer keeps others waiting: its statement may be one that never answers. */
const PATIENCE_MS = 1_000

/**
 * Reads of one kind, shared by everybody who asks: what is asked while two groups are on their way goes
 * out as one when the first of them is back, as postings share a commit. What one request asks for in one
 * wave (`runInWaves`) is in one group. Nothing is remembered: a read begins after it was asked for, so
 * that it sees what was written before. `ask` gets keys of different names; where it answers with a
 * promise, that key waits for it and the others do not. A fault of one key is not that of the others:
 * they are asked in halves, down to the one; but what befalls all of them, as a `StoreConflict` does,
 * rejects all.
 */
export function groupReads<Key, Value, Name = Key>(
  ask: Ask<Key, Value>,
  nameOf: (key: Key) => Name = (key) => key as unknown as Name,
): (key: Key) => Promise<Value> {
  const groups = new ReadGroups<Key, Value, Name>(ask)
  return (key) => {
    const waves = currentWaves()
    if (!waves) return groups.read(nameOf(key), key)
    return waves.jobOf(groups, () => new ReadsOfOne(groups)).read(nameOf(key), key)
  }
}

type Answers<Name, Value> = ReadonlyMap<Name, Value | Promise<Value>>

interface Group<Key, Value, Name> {
  readonly keys: Map<Name, Key>
  readonly told: ((answers: Answers<Name, Value>) => void)[]
}

/** Reads of one kind, of everybody. */
class ReadGroups<Key, Value, Name> {
  private readonly turns = new ReadTurns()
  /** The one that takes more. */
  private last: Group<Key, Value, Name> | undefined

  constructor(private readonly ask: Ask<Key, Value>) {}

  read(name: Name, key: Key): Promise<Value> {
    const group = this.groupFor(1, MOST_KEYS)
    group.keys.set(name, key)
    return new Promise((resolve) => {
      group.told.push((answers) => resolve(answers.get(name)!))
    })
  }

  /** All of these in one group; `tell` is called once. */
  readTogether(keys: ReadonlyMap<Name, Key>, tell: (answers: Answers<Name, Value>) => void): void {
    const group = this.groupFor(keys.size, MOST_SHARED)
    for (const [name, key] of keys) group.keys.set(name, key)
    group.told.push(tell)
  }

  private groupFor(more: number, most: number): Group<Key, Value, Name> {
    if (this.last && this.last.keys.size + more <= most) return this.last
    const group: Group<Key, Value, Name> = { keys: new Map(), told: [] }
    if (more <= most) this.last = group
    this.turns.take(() => this.send(group))
    return group
  }

  private async send(group: Group<Key, Value, Name>): Promise<void> {
    if (this.last === group) this.last = undefined
    const leave = this.turns.leaveOnce()
    const answers = await askInParts(this.ask, [...group.keys.values()])
    const waits = answers.filter((answer) => answer instanceof Promise)
    if (waits.length === 0) leave()
    else void Promise.allSettled(waits).then(leave)
    let place = 0
    const byName = new Map<Name, Value | Promise<Value>>()
    for (const name of group.keys.keys()) byName.set(name, answers[place++]!)
    for (const tell of group.told) tell(byName)
  }
}

interface Asked<Key, Value> {
  readonly key: Key
  readonly promise: Promise<Value>
  readonly resolve: (value: Value | Promise<Value>) => void
}

/** Reads of one kind that one request asks for in one wave. */
class ReadsOfOne<Key, Value, Name> implements WaveJob {
  private readonly asked = new Map<Name, Asked<Key, Value>>()

  constructor(private readonly groups: ReadGroups<Key, Value, Name>) {}

  read(name: Name, key: Key): Promise<Value> {
    const known = this.asked.get(name)
    if (known) return known.promise
    let resolve!: Asked<Key, Value>['resolve']
    const promise = new Promise<Value>((settle) => {
      resolve = settle
    })
    this.asked.set(name, { key, promise, resolve })
    return promise
  }

  start(waves: ReadWaves): void {
    const all = [...this.asked]
    for (let from = 0; from < all.length; from += MOST_OF_ONE) {
      if (from > 0) waves.open()
      const some = all.slice(from, from + MOST_OF_ONE)
      const keys = new Map(some.map(([name, { key }]) => [name, key]))
      this.groups.readTogether(keys, (answers) => {
        const now: (() => void)[] = []
        for (const [name, { resolve }] of some) {
          const answer = answers.get(name)!
          const settle = () => resolve(answer)
          if (answer instanceof Promise) {
            waves.open()
            const hand = () => waves.answer(settle)
            answer.then(hand, hand)
          } else now.push(settle)
        }
        waves.answer(() => {
          for (const settle of now) settle()
        })
      })
    }
  }
}

type Ask<Key, Value> = (keys: readonly Key[]) => Promise<(key: Key) => Value | Promise<Value>>

/** The answers in the order of the keys, the faults among them. */
async function askInParts<Key, Value>(
  ask: Ask<Key, Value>,
  keys: readonly Key[],
): Promise<(Value | Promise<Value>)[]> {
  // One culprit is found with two asks a halving; more are not one key's fault but the store's.
  let mayFail = 2 * Math.ceil(Math.log2(keys.length)) + 4
  const askSome = async (some: readonly Key[]): Promise<(Value | Promise<Value>)[]> => {
    try {
      const answerOf = await ask(some)
      return some.map((key) => answerOf(key))
    } catch (fault) {
      if (some.length === 1 || fault instanceof StoreConflict || --mayFail <= 0) {
        return some.map(() => rejected(fault))
      }
      const half = some.length >> 1
      const first = await askSome(some.slice(0, half))
      return [...first, ...(await askSome(some.slice(half)))]
    }
  }
  return askSome(keys)
}

/** Whoever waits for it is told; and it is no fault that nobody has yet begun to wait. */
function rejected(fault: unknown): Promise<never> {
  const promise = Promise.reject(fault)
  promise.catch(() => {})
  return promise
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
      const asked = [...byLimit].map(
        ([limit, wallets]) => [limit, askForRows(ask, wallets, limit)] as const,
      )
      if (asked.length === 1) {
        const rows = await asked[0]![1]
        return ({ wallet, limit }) => firstOf(rows.get(wallet)!, limit)
      }
      // A statement a limit, and nobody waits for that of another.
      const byMost = new Map(asked)
      return async ({ wallet, limit }) =>
        firstOf((await byMost.get(most.get(wallet)!)!).get(wallet)!, limit)
    },
    ({ wallet, limit }) => `${wallet}:${limit}`,
  )
}

function firstOf<Row>(rows: Row[] | Promise<Row[]>, limit: number): Row[] | Promise<Row[]> {
  // What is a promise here is a fault.
  return rows instanceof Promise ? rows : rows.slice(0, limit)
}

async function askForRows<Row extends { readonly wallet: number }>(
  ask: (wallets: readonly number[], limit: number) => Promise<readonly Row[]>,
  wallets: readonly number[],
  limit: number,
): Promise<Map<number, Row[] | Promise<Row[]>>> {
  const answers = await askInParts(async (some) => {
    const rows = new Map<number, Row[]>(some.map((wallet) => [wallet, []]))
    for (const row of await ask(some, limit)) rows.get(row.wallet)?.push(row)
    return (wallet: number) => rows.get(wallet)!
  }, wallets)
  return new Map(wallets.map((wallet, place) => [wallet, answers[place]!]))
}

/** Whose group leaves when. Each waits for the end of the event loop's turn, so that requests that came
 * in together ask together. */
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

  /** To be called at the end of a group that has begun; its turn is over before that when it takes long. */
  leaveOnce(): () => void {
    let left = false
    const leave = () => {
      if (left) return
      left = true
      clearTimeout(timer)
      const next = this.waiting.shift()
      if (next) setImmediate(next)
      else this.taken--
    }
    const timer = setTimeout(leave, PATIENCE_MS).unref()
    return leave
  }
}
