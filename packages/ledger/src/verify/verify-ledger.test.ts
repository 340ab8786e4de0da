import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Move, moveCommand } from '../../../../test/support/move-command.js'
import { hashTransaction, toldDigest } from '../chain/hash-transaction.js'
import { openLedger } from '../ledger/open-ledger.js'
import type { LedgerTransaction } from '../posting/posting.js'
import type { LedgerStore, Seal, SealedHead, StoreSnapshot } from '../store/ledger-store.js'
import { openMemoryStore } from '../store/open-memory-store.js'
import type { Balance, Entry, Lot, Wallet } from '../wallet/wallet.js'
import { verifyLedger } from './verify-ledger.js'

const DAY = 86_400_000

type Open<T> = { -readonly [K in keyof T]: T[K] }
type OpenWallet = Omit<Open<Wallet>, 'balance'> & { balance: Open<Balance> }
type OpenTransaction = Omit<Open<LedgerTransaction>, 'entries' | 'before'> & {
  entries: Open<Entry>[]
  before: Open<Balance>
}

/** Everything that a snapshot shows, as data that a test can tamper with. */
interface Books {
  wallets: OpenWallet[]
  lots: { wallet: number; lot: Open<Lot> }[]
  transactions: OpenTransaction[]
  figures: { account: string; total: bigint }[]
  running: { account: string; total: bigint }[]
  seals: Open<Seal>[]
  heads: { seal: number; head: Open<SealedHead> }[]
}

let books: Books

/** Two members with a history of everything, sealed twice, and one that nothing happened to. */
beforeAll(async () => {
  const store = openMemoryStore()
  const clock = { now: DAY }
  const ledger = openLedger({ store, clock: () => clock.now })
  await ledger.openWallets([1, 2, 3])
  let keys = 0
  const post = async (wallet: number, ...moves: Move[]) => {
    const labels = { tier: 'gold' }
    await ledger.post(moveCommand({ wallet, key: `${keys++}`, moves, labels }))
  }
  const grant = (points: number, terms: object = {}): Move => ({
    move: 'grant',
    kind: 'base',
    source: 'purchase',
    ref: `order-${keys}`,
    earnedAt: DAY,
    claimMs: null,
    expiresAt: null,
    points,
    ...terms,
  })
  const hold = (points: number, ref: string): Move => ({ move: 'hold', ref, points })
  await post(1, grant(100, { expiresAt: 9 * DAY }))
  await post(1, grant(50, { pending: { confirmAt: 3 * DAY }, claimMs: 2 * DAY }))
  await post(1, hold(60, 'a'))
  await post(2, grant(30), { move: 'memo', memo: { streak: 2 } })
  await ledger.seal()
  clock.now = 4 * DAY
  await post(1, { move: 'claim' })
  await post(1, { move: 'capture', ref: 'a', account: 'redeemed:coupon' })
  await post(2, hold(30, 'b'), { move: 'capture', ref: 'b', account: 'redeemed:coupon' })
  await post(2, { move: 'clawback', lots: [1], points: 20, forgivenBefore: 0, policy: 'debt' })
  await ledger.seal()
  clock.now = 10 * DAY
  await ledger.sweep(10)
  const lapsed = { policy: 'grace', graceMs: DAY } as const
  await post(1, { move: 'refund', ref: 'a', account: 'redeemed:coupon', lapsed })
  await post(1, { move: 'freeze', ref: 'f', points: 10, until: null, graceTo: null })
  await post(2, { move: 'close', usableUntil: 20 * DAY, graceTo: null })
  books = await copyOf(store)
})

async function copyOf(store: LedgerStore): Promise<Books> {
  return store.snapshot(async (snapshot) => {
    const wallets = await snapshot.wallets(0, 100)
    const ids = wallets.map(({ id }) => id)
    const seals = await snapshot.seals()
    const heads = await Promise.all(
      seals.map(async ({ id }) =>
        (await snapshot.sealedHeads(id)).map((head) => ({ seal: id, head })),
      ),
    )
    const copy = {
      wallets,
      lots: await snapshot.lotsOf(ids),
      transactions: await snapshot.transactionsOf(ids),
      // An account that ended at zero has no total whose name could be wrong.
      figures: [...(await snapshot.figureTotals())]
        .map(([account, total]) => ({ account, total }))
        .filter(({ total }) => total !== 0n),
      running: [...(await snapshot.totalsAt(Number.MAX_SAFE_INTEGER))]
        .map(([account, total]) => ({ account, total }))
        .filter(({ total }) => total !== 0n),
      seals,
      heads: heads.flat(),
    }
    return structuredClone(copy) as Books
  })
}

/** Verifies books as they lie there. */
function verify({ wallets, lots, transactions, figures, running, seals, heads }: Books) {
  const snapshot: StoreSnapshot = {
    async wallets(afterId, limit) {
      return wallets.filter(({ id }) => id > afterId).slice(0, limit)
    },
    async lotsOf(ids) {
      return lots.filter(({ wallet }) => ids.includes(wallet))
    },
    async transactionsOf(ids) {
      return transactions.filter(({ wallet }) => ids.includes(wallet))
    },
    async figureTotals() {
      return new Map(figures.map(({ account, total }) => [account, total]))
    },
    async totalsAt() {
      return new Map(running.map(({ account, total }) => [account, total]))
    },
    async seals() {
      return seals
    },
    async sealedHeads(seal) {
      return heads.filter((one) => one.seal === seal).map(({ head }) => head)
    },
    async sealedHeadsOf(ids) {
      return heads
        .filter(({ head }) => ids.includes(head.wallet))
        .map(({ seal, head }) => ({ ...head, seal }))
    },
  }
  const store = { snapshot: (work: (s: StoreSnapshot) => unknown) => work(snapshot) }
  // One wallet at a time, so that going through them in pieces is tested too.
  return verifyLedger(store as unknown as LedgerStore, { walletsAtOnce: 1 })
}

/** Hashes of a wallet made anew, as somebody would who changes history and knows how it is done. */
function rehash({ transactions, wallets }: Books, id: number): void {
  const wallet = wallets.find((one) => one.id === id)!
  let head = '0'.repeat(64)
  for (const transaction of transactions.filter((one) => one.wallet === id)) {
    transaction.previousHash = head
    head = hashTransaction(transaction)
    transaction.hash = head
  }
  wallet.head = head
}

const at = (books: Books, wallet: number, version: number) =>
  books.transactions.find((tx) => tx.wallet === wallet && tx.version === version)!
const lot = (books: Books, wallet: number, seq: number) =>
  books.lots.find((one) => one.wallet === wallet && one.lot.seq === seq)!.lot
const freezeOf = (books: Books) => books.wallets[0]!.lock!.freezes[0]!
const without = <T>(list: T[], which: (one: T) => boolean) => {
  list.splice(0, list.length, ...list.filter((one) => !which(one)))
}

interface Tampering {
  readonly what: string
  readonly tamper: (books: Books) => void
  readonly where: string
  readonly difference: string
}

const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a balance',
    tamper: (books) => (books.wallets[0]!.balance.available += 1),
    where: 'wallet 1',
    difference: 'available',
  },
  {
    what: 'a debt that was dropped',
    tamper: (books) => (books.wallets[1]!.balance.debt = 0),
    where: 'wallet 2',
    difference: 'debt',
  },
  {
    what: 'a balance of a wallet that nothing happened to',
    tamper: (books) => (books.wallets[2]!.balance.available = 5),
    where: 'wallet 3',
    difference: 'available',
  },
  {
    what: 'points moved from lot to lot',
    tamper: (books) => {
      lot(books, 1, 1).available -= 1
      lot(books, 1, 2).available += 1
    },
    where: 'wallet 1, lot 1',
    difference: 'available',
  },
  {
    what: 'a freeze that was taken off',
    tamper: (books) => (books.wallets[0]!.lock = null),
    where: 'wallet 1',
    difference: 'lock',
  },
  {
    what: 'a wallet that is usable for longer',
    tamper: ({ wallets: [, wallet] }) =>
      (wallet!.lock = { ...wallet!.lock!, usableUntil: 21 * DAY }),
    where: 'wallet 2',
    difference: 'lock',
  },
  {
    what: 'a freeze of more than is frozen',
    tamper: (books) => {
      const lock = { usableUntil: null, freezes: [{ ...freezeOf(books), taken: [[1, 11]] }] }
      at(books, 1, books.wallets[0]!.version).lock = lock as never
      books.wallets[0]!.lock = lock as never
      rehash(books, 1)
    },
    where: 'wallet 1, lot 1',
    difference: 'frozen by name',
  },
  {
    what: 'a lot that lasts longer',
    tamper: (books) => (lot(books, 1, 1).expiresAt! += DAY),
    where: 'wallet 1, lot 1',
    difference: 'expiresAt',
  },
  {
    what: 'a lot that is gone',
    tamper: (books) => without(books.lots, (one) => one.wallet === 1 && one.lot.seq === 2),
    where: 'wallet 1, lot 2',
    difference: 'lot',
  },
  {
    what: 'a lot nobody granted',
    tamper: (books) => books.lots.push({ wallet: 1, lot: { ...lot(books, 1, 1), seq: 3 } }),
    where: 'wallet 1, lot 3',
    difference: 'lot',
  },
  {
    what: 'the amount of an entry',
    tamper: (books) => (at(books, 1, 1).entries[0]!.amount -= 1),
    where: 'wallet 1, version 1',
    difference: 'hash',
  },
  {
    what: 'what was asked for',
    tamper: (books) => (at(books, 2, 1).content = { moves: [] }),
    where: 'wallet 2, version 1',
    difference: 'hash',
  },
  {
    what: 'why it was granted',
    tamper: (books) => (at(books, 1, 2).reason = 'goodwill'),
    where: 'wallet 1, version 2',
    difference: 'hash',
  },
  {
    what: 'when it was recorded',
    tamper: (books) => (at(books, 1, 2).recordedAt -= 1),
    where: 'wallet 1, version 2',
    difference: 'hash',
  },
  {
    what: 'a transaction cut out of the middle',
    tamper: (books) => without(books.transactions, (tx) => tx.wallet === 1 && tx.version === 3),
    where: 'wallet 1, version 4',
    difference: 'version',
  },
  {
    what: 'the last transaction cut off',
    tamper: (books) => {
      const last = books.wallets[0]!.version
      without(books.transactions, (tx) => tx.wallet === 1 && tx.version === last)
    },
    where: 'wallet 1',
    difference: 'version',
  },
  {
    what: 'two transactions in each other’s place',
    tamper: (books) => {
      const [first, second] = [at(books, 1, 1), at(books, 1, 2)]
      Object.assign(first, { version: 2 })
      Object.assign(second, { version: 1 })
      books.transactions.sort((a, b) => a.wallet - b.wallet || a.version - b.version)
    },
    where: 'wallet 1, version 1',
    difference: 'previous hash',
  },
  {
    what: 'history written anew, hashes and all, under a seal',
    tamper: (books) => {
      at(books, 1, 1).reason = 'goodwill'
      rehash(books, 1)
    },
    where: 'seal 1, wallet 1, version 3',
    difference: 'head',
  },
  {
    what: 'entries that do not sum to zero, hashed anew',
    tamper: (books) => {
      const last = books.wallets[0]!.version
      at(books, 1, last).entries.push({ account: 'expired', lot: 1, amount: 5 })
      rehash(books, 1)
    },
    where: 'wallet 1, version',
    difference: 'sum of the entries of lot 1',
  },
  {
    what: 'a transaction that starts from another balance, hashed anew',
    tamper: (books) => {
      at(books, 1, books.wallets[0]!.version).before.held += 1
      rehash(books, 1)
    },
    where: 'wallet 1, version',
    difference: 'held',
  },
  {
    what: 'a member who is gone',
    tamper: (books) => {
      without(books.wallets, ({ id }) => id === 2)
      without(books.transactions, ({ wallet }) => wallet === 2)
      without(books.lots, ({ wallet }) => wallet === 2)
    },
    where: 'wallet 2',
    difference: 'sealed wallet',
  },
  {
    what: 'a member whose sealed history is gone',
    tamper: (books) => {
      const balance = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }
      Object.assign(books.wallets[1]!, { version: 0, head: '0'.repeat(64), lastLot: 0, balance })
      without(books.transactions, ({ wallet }) => wallet === 2)
      without(books.lots, ({ wallet }) => wallet === 2)
    },
    where: 'wallet 2, version 1',
    difference: 'sealed transaction',
  },
  {
    what: 'the total of an account',
    tamper: (books) => (books.figures.find(({ account }) => account === 'expired')!.total += 1n),
    where: 'account expired',
    difference: 'total',
  },
  {
    what: 'an account that nothing was booked to',
    tamper: (books) => books.figures.push({ account: 'adjusted', total: 1n }),
    where: 'account adjusted',
    difference: 'total',
  },
  {
    what: 'the running total of an account',
    tamper: (books) => (books.running.find(({ account }) => account === 'expired')!.total += 1n),
    where: 'account expired',
    difference: 'running total',
  },
  {
    what: 'a sealed head',
    tamper: (books) => (books.heads[0]!.head.head = 'f'.repeat(64)),
    where: 'seal 1',
    difference: 'root',
  },
  {
    what: 'the root of a seal',
    tamper: (books) => (books.seals[0]!.root = 'f'.repeat(64)),
    where: 'seal 1',
    difference: 'root',
  },
  {
    what: 'a seal that is gone',
    tamper: (books) => books.seals.shift(),
    where: 'seal 2',
    difference: 'previous root',
  },
  {
    what: 'the last seal that is gone, but for what it sealed',
    tamper: (books) => books.seals.pop(),
    where: 'seal 2',
    difference: 'seal',
  },
  {
    what: 'a next due time that is too late: what expired could be spent',
    tamper: (books) => (books.wallets[0]!.nextDueAt! += 1),
    where: 'wallet 1',
    difference: 'nextDueAt',
  },
  {
    what: 'a next due time that was dropped',
    tamper: (books) => (books.wallets[0]!.nextDueAt = null),
    where: 'wallet 1',
    difference: 'nextDueAt',
  },
  {
    what: 'the time of a wallet',
    tamper: (books) => (books.wallets[0]!.updatedAt += 1),
    where: 'wallet 1',
    difference: 'updatedAt',
  },
]

describe('verifyLedger', () => {
  it('L8: finds nothing where nothing is wrong, and says what it looked at', async () => {
    expect(await verify(structuredClone(books))).toEqual({
      ok: true,
      wallets: 3,
      transactions: books.transactions.length,
      seals: 2,
      root: books.seals[1]!.root,
    })
    const types = new Set(books.transactions.map(({ type }) => type))
    expect(types.size, 'a history with most of what there is').toBeGreaterThanOrEqual(9)
  })

  it('L8: a next due time that is too early is only a look too many', async () => {
    const early = structuredClone(books)
    early.wallets[0]!.nextDueAt! -= DAY
    early.wallets[1]!.nextDueAt = 0
    expect(await verify(early)).toMatchObject({ ok: true })
  })

  it.each(TAMPERINGS)('L8: names the place: $what', async ({ tamper, where, difference }) => {
    const tampered = structuredClone(books)
    tamper(tampered)
    const answer = await verify(tampered)
    expect(answer).toMatchObject({ ok: false, first: { what: difference } })
    if (!answer.ok) expect(answer.first.where).toContain(where)
  })

  it('L8: finds any one value changed anywhere in the books', async () => {
    const leaves = leavesOf(books).filter((path) => !UNPROVEN.test(path.join('.')))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...leaves), fc.nat(), async (path, by) => {
        const tampered = structuredClone(books)
        change(tampered, path, by)
        const answer = await verify(tampered)
        expect(answer.ok, path.join('.')).toBe(false)
      }),
      { numRuns: 400 },
    )
  })

  describe('M8: history that is told otherwise', () => {
    /** As it was written before there were salts: nothing is told apart in it. */
    function aged(): Books {
      const old = structuredClone(books)
      for (const transaction of old.transactions) delete transaction.salt
      for (const { id } of old.wallets) rehash(old, id)
      return { ...old, seals: [], heads: [] }
    }

    it('history from before verifies, and so does what was told otherwise of it', async () => {
      const old = aged()
      expect(await verify(old)).toMatchObject({ ok: true })
      Object.assign(at(old, 1, 2), { content: { other: true }, erased: '' })
      expect(await verify(old)).toMatchObject({ ok: true })
    })

    it('what was told keeps its digest, and every hash', async () => {
      const told = structuredClone(books)
      const transaction = at(told, 1, 2)
      transaction.erased = toldDigest(transaction)
      delete transaction.salt
      transaction.content = { other: true }
      expect(await verify(told)).toMatchObject({ ok: true })
      transaction.erased = 'f'.repeat(64)
      expect(await verify(told)).toMatchObject({ ok: false, first: { what: 'hash' } })
    })

    it('nothing that had a digest passes without one', async () => {
      const bare = structuredClone(books)
      const transaction = at(bare, 1, 2)
      delete transaction.salt
      transaction.erased = ''
      expect(await verify(bare)).toMatchObject({ ok: false, first: { what: 'digest' } })
    })

    it('what moved is vouched for all the same', async () => {
      const moved = structuredClone(books)
      const transaction = at(moved, 1, 2)
      transaction.erased = toldDigest(transaction)
      delete transaction.salt
      transaction.effectiveAt += 1
      expect(await verify(moved)).toMatchObject({ ok: false, first: { what: 'hash' } })
    })
  })

  it('lets a fault of the store out as what it is', async () => {
    const store = { snapshot: () => Promise.reject(new Error('the disk is on fire')) }
    await expect(verifyLedger(store as unknown as LedgerStore)).rejects.toThrow('on fire')
  })
})

/** What the journal does not say: the programme's memo, the name of a transaction (made of its wallet
 * and version), when a seal was set and how it is numbered, and bounds of what is due. */
const UNPROVEN =
  /^wallets\.\d+\.(memo|nextDueAt|id)|^wallets\.2\.updatedAt|^transactions\.\d+\.id$|^seals\.\d+\.(id|sealedAt)/

function leavesOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value)
  return [...keys].flatMap((key) =>
    leavesOf((value as Record<string | number, unknown>)[key], [...path, key]),
  )
}

function change(books: Books, path: readonly (string | number)[], by: number): void {
  let inner = books as unknown as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) inner = inner[key] as typeof inner
  const last = path.at(-1)!
  const value = inner[last]
  if (typeof value === 'number') inner[last] = value + 1 + (by % 7)
  else if (typeof value === 'bigint') inner[last] = value + BigInt(1 + (by % 7))
  else if (typeof value === 'string') inner[last] = `${value}x`
  else inner[last] = value === null ? 1 : null
}
