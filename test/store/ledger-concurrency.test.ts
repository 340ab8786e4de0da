import {
  addToCounter,
  type Command,
  closeDraft,
  findRecord,
  getCounter,
  grantPoints,
  isRefusal,
  openDraft,
  type Posted,
  putRecord,
  type Refusal,
  refuse,
  verifyLedger,
} from '@pointwell/ledger'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pick, shuffled } from '../support/chance.js'
import { freshUrl, hasMysql } from '../support/databases.js'
import {
  grantMove as grant,
  openMembers,
  type Server,
  startServer,
  times,
} from '../support/ledger-servers.js'
import { type Move, moveCommand } from '../support/move-command.js'

const DAY = 86_400_000
/** What time it is on every server. */
const clock = { now: 20_000 * DAY }
const CLIENTS = Number(process.env.POINTWELL_CLIENTS ?? 400)

const isPosted = (answer: Posted | Refusal): answer is Posted => !isRefusal(answer)

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}

const STORES = [
  { store: 'sqlite' as const, servers: 1, runs: true },
  { store: 'mysql' as const, servers: 3, runs: hasMysql() },
]

describe.each(STORES)('$servers server(s) on $store', ({ store, servers: count, runs }) => {
  const servers: Server[] = []
  let url: string

  beforeAll(async () => {
    if (!runs) return
    url = await freshUrl(store)
    // All at once, as they do after a deployment: who comes first migrates.
    servers.push(...(await Promise.all(times(count, () => startServer(url, () => clock.now)))))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
  })

  let conflictsBefore = 0
  /** Batches of this test that had to be tried again. */
  const conflicts = () => allConflicts() - conflictsBefore
  const allConflicts = () => servers.reduce((sum, server) => sum + server.conflicts, 0)
  beforeEach(() => {
    conflictsBefore = allConflicts()
  })

  const anyServer = () => pick(servers).ledger

  async function versionsOf(wallet: number): Promise<number[]> {
    const history = await servers[0]!.ledger.store.findTransactions(wallet, {
      after: 0,
      limit: 1e5,
    })
    return history.map(({ version }) => version)
  }

  async function balancesOf(wallets: readonly number[]) {
    return (await servers[0]!.ledger.store.findWallets(wallets)).map(({ balance }) => balance)
  }

  async function expectSoundBooks(): Promise<void> {
    const verified = await verifyLedger(servers[0]!.ledger.store)
    expect(verified, JSON.stringify(verified)).toMatchObject({ ok: true })
  }

  it.runIf(runs)(
    'L4: hundreds of clients at one member: each once, no version left out',
    async () => {
      const [wallet] = await openMembers(servers[0]!, 1)
      const answers = await Promise.all(
        times(CLIENTS, (place) =>
          servers[place % count]!.ledger.post(
            moveCommand({ wallet: wallet!, key: `one/${place}`, moves: [grant(place + 1)] }),
          ),
        ),
      )
      expect(answers.filter(isPosted)).toHaveLength(CLIENTS)
      expect(await versionsOf(wallet!)).toEqual(times(CLIENTS, (place) => place + 1))
      expect((await balancesOf([wallet!]))[0]!.available).toBe((CLIENTS * (CLIENTS + 1)) / 2)
      await expectSoundBooks()
    },
  )

  // One server alone has nobody who could commit in between.
  it.runIf(runs && count > 1)(
    'L4: one key for two members, the other of whom commits between two reads, is a mismatch',
    async () => {
      const [ann, bob] = await openMembers(servers[0]!, 2)
      const claim = (wallet: number): Command => ({
        wallet,
        key: 'claimed/once',
        content: {},
        needs: { records: [{ kind: 'test:claim', ref: 'once' }] },
        decide(view) {
          const draft = openDraft(view)
          grantPoints(draft, {
            kind: 'base',
            source: 'purchase',
            ref: null,
            points: 5,
            earnedAt: 0,
            claimMs: null,
            expiresAt: null,
          })
          putRecord(draft, { kind: 'test:claim', ref: 'once', body: {}, dueAt: null })
          return closeDraft(draft, { type: 'grant', reason: 'test' })
        },
      })
      let between: Promise<Posted | Refusal> | undefined
      const late = await startServer(
        url,
        () => clock.now,
        (store) => ({
          ...store,
          transaction: (work) =>
            store.transaction((session) => {
              const findTransactionsByKey = session.findTransactionsByKey.bind(session)
              session.findTransactionsByKey = async (keys) => {
                const found = await findTransactionsByKey(keys)
                between ??= servers[0]!.ledger.post(claim(ann!))
                await between
                return found
              }
              return work(session)
            }),
        }),
      )
      try {
        expect(await late.ledger.post(claim(bob!))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
        expect(await between).toMatchObject({ replayed: false })
        expect(await balancesOf([ann!, bob!])).toMatchObject([{ available: 5 }, { available: 0 }])
        await expectSoundBooks()
      } finally {
        await late.close()
      }
    },
  )

  it.runIf(runs)(
    'L2: hundreds of clients spend one balance: to the last point, and not one more',
    async () => {
      const [wallet] = await openMembers(servers[0]!, 1, CLIENTS * 2 + 1)
      const answers = await Promise.all(
        times(CLIENTS, (place) => {
          const hold: Move = { move: 'hold', ref: `spend/${place}`, points: 4 }
          return anyServer().post(moveCommand({ wallet: wallet!, key: hold.ref, moves: [hold] }))
        }),
      )
      const spent = Math.floor((CLIENTS * 2 + 1) / 4)
      expect(answers.filter(isPosted)).toHaveLength(spent)
      for (const answer of answers) {
        if (isRefusal(answer)) expect(answer.code).toBe('INSUFFICIENT_POINTS')
      }
      const [balance] = await balancesOf([wallet!])
      expect(balance).toMatchObject({ held: spent * 4, available: CLIENTS * 2 + 1 - spent * 4 })
    },
  )

  it.runIf(runs)('L4: the same key from all servers at once is one transaction', async () => {
    const members = await openMembers(servers[0]!, 20)
    const keys = times(Math.ceil(CLIENTS / 4), (place) => ({
      key: `same/${place}`,
      wallet: members[place % members.length]!,
      moves: [grant(5)],
    }))
    const sent = shuffled([...keys, ...keys, ...keys, ...keys])
    const answers = (await Promise.all(
      sent.map((command, place) => servers[place % count]!.ledger.post(moveCommand(command))),
    )) as Posted[]
    const byKey = groupBy(answers, ({ transaction }) => transaction.key)
    expect(byKey.size).toBe(keys.length)
    for (const same of byKey.values()) {
      expect(same.map(({ replayed }) => replayed).sort()).toEqual([false, true, true, true])
      expect(new Set(same.map(({ transaction }) => transaction.hash)).size).toBe(1)
    }
    const total = (await balancesOf(members)).reduce((sum, { available }) => sum + available, 0)
    expect(total).toBe(keys.length * 5)
  })

  it.runIf(runs)(
    'L4: the same key for other content or another member: the first one counts',
    async () => {
      const members = await openMembers(servers[0]!, 30)
      const keys = times(Math.ceil(CLIENTS / 4), (place) => `mismatch/${place}`)
      const sent = shuffled(
        keys.flatMap((key) => times(4, (place) => ({ key, points: place + 1 }))),
      )
      const answers = await Promise.all(
        sent.map(async ({ key, points }, place) => {
          const wallet = pick(members)
          const command = moveCommand({ wallet, key, moves: [grant(points)] })
          return { key, answer: await servers[place % count]!.ledger.post(command) }
        }),
      )
      for (const [, same] of groupBy(answers, ({ key }) => key)) {
        const refusals = same.map(({ answer }) => answer).filter(isRefusal)
        expect(refusals.map(({ code }) => code)).toEqual(times(3, () => 'IDEMPOTENCY_MISMATCH'))
      }
      await expectSoundBooks()
    },
  )

  it.runIf(runs)(
    'R8: stock is sold to the last one and never above, also when it comes back',
    async () => {
      const limit = Math.floor(CLIENTS / 4)
      const members = await openMembers(servers[0]!, 50, 100_000)
      const counter = 'stock:hot-item'
      const sell = (key: string, wallet: number, delta: 1 | -1): Command => ({
        wallet,
        key,
        content: { delta },
        needs: { counters: [counter] },
        decide(view) {
          const draft = openDraft(view)
          const sold = getCounter(draft, counter)
          if (delta > 0 && sold >= limit) return refuse('SOLD_OUT', { limit })
          addToCounter(draft, counter, delta)
          return closeDraft(draft, { type: 'note', reason: 'test', result: sold + delta })
        },
      })
      const buy = async (wave: string) => {
        const answers = await Promise.all(
          times(CLIENTS, (place) => anyServer().post(sell(`${wave}/${place}`, pick(members), 1))),
        )
        return answers.filter(isPosted).map(({ transaction }) => transaction.result as number)
      }
      const sold = await buy('first')
      // Each saw what all before it had sold: no number twice, none left out, none above.
      expect(sold.sort((a, b) => a - b)).toEqual(times(limit, (place) => place + 1))

      const back = Math.floor(limit / 2)
      await Promise.all(
        times(back, (place) => anyServer().post(sell(`back/${place}`, pick(members), -1))),
      )
      expect((await buy('second')).sort((a, b) => a - b)).toEqual(
        times(back, (place) => limit - back + place + 1),
      )
      expect(await anyServer().store.findCounters([counter])).toEqual(new Map([[counter, limit]]))
    },
  )

  it.runIf(runs)(
    'E9: many counters at once, asked for in any order, hold each to its limit',
    async () => {
      const members = await openMembers(servers[0]!, 40)
      const counters = times(8, (place) => `budget:${place}`)
      const limit = Math.ceil(CLIENTS / 4)
      const spend = (key: string): Command => {
        const wanted = shuffled(counters).slice(0, 3)
        return {
          wallet: pick(members),
          key,
          content: { wanted },
          needs: { counters: wanted },
          decide(view) {
            const draft = openDraft(view)
            if (wanted.some((id) => getCounter(draft, id) >= limit)) return refuse('BUDGET_SPENT')
            for (const id of wanted) addToCounter(draft, id, 1)
            grantPoints(draft, {
              kind: 'base',
              source: 'campaign',
              ref: null,
              points: 1,
              earnedAt: view.now,
              claimMs: null,
              expiresAt: null,
            })
            return closeDraft(draft, { type: 'grant', reason: 'test', result: wanted })
          },
        }
      }
      const answers = await Promise.all(
        times(CLIENTS * 2, (place) => anyServer().post(spend(`budget/${place}`))),
      )
      const counted = new Map<string, number>()
      for (const { transaction } of answers.filter(isPosted)) {
        for (const id of transaction.result as string[]) counted.set(id, (counted.get(id) ?? 0) + 1)
      }
      const stored = await anyServer().store.findCounters(counters)
      for (const id of counters) {
        expect(stored.get(id)).toBe(counted.get(id))
        expect(stored.get(id)).toBeLessThanOrEqual(limit)
      }
      expect(Math.max(...stored.values())).toBe(limit)
      expect(conflicts(), 'everybody locks in the same order').toBe(0)
      await expectSoundBooks()
    },
  )

  it.runIf(runs)('L4: of two members who claim the same order at once one gets it', async () => {
    const members = await openMembers(servers[0]!, 30)
    const claim = (key: string, wallet: number, ref: string): Command => ({
      wallet,
      key,
      content: { ref },
      needs: { records: [{ kind: 'order', ref }] },
      decide(view) {
        const draft = openDraft(view)
        if (findRecord(draft, { kind: 'order', ref })) return refuse('ORDER_TAKEN')
        putRecord(draft, { kind: 'order', ref, body: { wallet }, dueAt: null })
        return closeDraft(draft, { type: 'note', reason: 'test' })
      },
    })
    const orders = times(Math.ceil(CLIENTS / 4), (place) => `order-${place}`)
    const sent = shuffled(orders.flatMap((ref) => times(4, () => ref)))
    const answers = await Promise.all(
      sent.map(async (ref, place) => {
        const command = claim(`claim/${place}`, pick(members), ref)
        return { ref, answer: await servers[place % count]!.ledger.post(command) }
      }),
    )
    for (const [ref, same] of groupBy(answers, ({ ref }) => ref)) {
      const [winner, ...others] = same.map(({ answer }) => answer).filter(isPosted)
      expect(others).toEqual([])
      const record = await anyServer().store.findRecord({ kind: 'order', ref })
      expect(record?.wallet).toBe(winner!.transaction.wallet)
    }
  })

  it.runIf(runs)('R6: a hold that is captured and released at once ends one way', async () => {
    const members = await openMembers(servers[0]!, 20, 1_000)
    const holds = times(Math.ceil(CLIENTS / 4), (place) => ({
      wallet: members[place % members.length]!,
      ref: `race/${place}`,
    }))
    await Promise.all(
      holds.map(({ wallet, ref }) =>
        anyServer().post(
          moveCommand({ wallet, key: ref, moves: [{ move: 'hold', ref, points: 3 }] }),
        ),
      ),
    )
    const ends = (ref: string): Move[] => [
      { move: 'capture', ref, account: 'redeemed:race' },
      { move: 'release', ref, lapsed: { policy: 'forfeit' } },
    ]
    const answers = await Promise.all(
      holds.flatMap(({ wallet, ref }) =>
        shuffled(ends(ref)).map((move) =>
          anyServer().post(moveCommand({ wallet, key: `${ref}/${move.move}`, moves: [move] })),
        ),
      ),
    )
    expect(answers.filter(isPosted)).toHaveLength(holds.length)
    for (const answer of answers) if (isRefusal(answer)) expect(answer.code).toBe('HOLD_NOT_FOUND')
    const captured = answers
      .filter(isPosted)
      .filter(({ transaction }) => transaction.type === 'capture').length
    const balances = await balancesOf(members)
    const sum = (state: 'available' | 'held') =>
      balances.reduce((sum, balance) => sum + balance[state], 0)
    expect(sum('held')).toBe(0)
    expect(sum('available')).toBe(members.length * 1_000 - captured * 3)
  })

  it.runIf(runs)('X7: all servers sweep at once, and each lot expires exactly once', async () => {
    const members = await openMembers(servers[0]!, CLIENTS)
    await Promise.all(
      members.map((wallet) => {
        const moves = [grant(7, { expiresAt: clock.now + DAY }), grant(1)]
        return anyServer().post(moveCommand({ wallet, key: `sweep/${wallet}`, moves }))
      }),
    )
    clock.now += DAY
    const swept = await Promise.all(
      servers.flatMap(({ ledger }) => [ledger.sweep(CLIENTS * 2), ledger.sweep(CLIENTS * 2)]),
    )
    expect(swept.reduce((sum, { transactions }) => sum + transactions, 0)).toBe(CLIENTS)
    for (const balance of await balancesOf(members)) expect(balance.available).toBe(1)
    expect(await servers[0]!.ledger.sweep(10)).toMatchObject({ wallets: 0, transactions: 0 })
  })

  it.runIf(runs)(
    'L8: verifies on the running system, with crossing members and sealing',
    async () => {
      const members = await openMembers(servers[0]!, 60, 50)
      let running = true
      const watch = (async () => {
        let rounds = 0
        while (running || rounds < 3) {
          await expectSoundBooks()
          await Promise.all(servers.map(({ ledger }) => ledger.seal()))
          rounds++
        }
      })()
      for (let wave = 0; wave < 4; wave++) {
        await Promise.all(
          times(CLIENTS, (place) => {
            const ref = `cross/${wave}/${place}`
            const moves: Move[] = [{ move: 'hold', ref, points: 1 + (place % 9) }]
            if (place % 2 === 0) moves.push({ move: 'capture', ref, account: 'redeemed:cross' })
            if (place % 3 === 0) moves.unshift(grant(5))
            return anyServer().post(moveCommand({ wallet: pick(members), key: ref, moves }))
          }),
        )
      }
      running = false
      await watch
      for (const wallet of members) {
        const versions = await versionsOf(wallet)
        expect(versions).toEqual(times(versions.length, (place) => place + 1))
      }
      await expectSoundBooks()
    },
  )
})
