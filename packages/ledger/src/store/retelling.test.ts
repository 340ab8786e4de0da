import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { type OpenStore, openFreshStore } from '../../../../test/support/ledger-stores.js'
import { type Move, moveCommand } from '../../../../test/support/move-command.js'
import {
  type Command,
  closeDraft,
  type JsonObject,
  type Ledger,
  openDraft,
  openLedger,
  putRecord,
  type Retelling,
  verifyLedger,
} from '../index.js'

const NAME = 'Ada'
const swap = (text: string) => text.replaceAll(NAME, 'x')
const swapJson = <T>(value: T): T => JSON.parse(swap(JSON.stringify(value))) as T

const RETELLING: Retelling = {
  transaction: ({ key, reason, content, explanation, result }) => ({
    key: swap(key),
    reason: swap(reason),
    content: swapJson(content),
    explanation: swapJson(explanation),
    result: swapJson(result),
  }),
  record: ({ ref, body, dueAt }) => ({ ref: swap(ref), body: swapJson(body), dueAt }),
  ref: swap,
  memo: swapJson,
  notice: (_topic, body) => (body.drop === true ? null : swapJson(body)),
}

function grant(points: number, ref: string | null): Move {
  const terms = { kind: 'base', source: 'test', earnedAt: 1, claimMs: null, expiresAt: null }
  return { move: 'grant', points, ref, ...terms }
}

function note(wallet: number, key: string): Command {
  return {
    wallet,
    key,
    content: { asked: `by ${NAME}`, n: 1 },
    needs: { records: [{ kind: 'letter', ref: `to ${NAME} ${key}` }] },
    decide(view) {
      const draft = openDraft(view)
      const body: JsonObject = { from: NAME }
      putRecord(draft, { kind: 'letter', ref: `to ${NAME} ${key}`, body, dueAt: 5 })
      return closeDraft(draft, {
        type: 'note',
        reason: `for ${NAME}`,
        explanation: [{ step: 'said', points: 0, figures: { by: NAME } }],
        result: { told: NAME },
      })
    },
  }
}

describe.each(availableStores())('M8: history in other words, on %s', (name) => {
  let open: OpenStore
  beforeAll(async () => {
    open = await openFreshStore(name)
  })
  afterAll(() => open.close())
  let wallets = 0

  async function start(): Promise<{ ledger: Ledger; one: number; other: number }> {
    const one = ++wallets
    const other = ++wallets
    const ledger = openLedger({
      store: open.stores[0],
      clock: () => 10,
      notices: ({ wallet }) => [
        { topic: `t${wallet}`, body: { about: NAME } },
        { topic: `t${wallet}`, body: { about: NAME, drop: true } },
      ],
    })
    await ledger.openWallets([one, other])
    for (const wallet of [one, other]) {
      await ledger.post(
        moveCommand({
          wallet,
          key: `${NAME}/${wallet}`,
          moves: [grant(100, `${NAME}/1`), { move: 'memo', memo: { friend: NAME } }],
        }),
      )
      await ledger.post(note(wallet, `note ${NAME} ${wallet}`))
    }
    await ledger.seal()
    return { ledger, one, other }
  }

  const everything = async (wallet: number) => {
    const [store] = open.stores
    return {
      wallet: await store.findWallets([wallet]),
      lots: await store.findLots([wallet], { open: false }),
      history: await store.findTransactions(wallet, { after: 0, limit: 100 }),
      records: await store.findRecordsOf(wallet, 'letter', { beforeRef: null, limit: 10 }),
      notices: await store.findDueNotices([`t${wallet}`], { now: 10, limit: 100 }),
    }
  }

  it('no word of the old is left, and every hash is what it was', async () => {
    const { ledger, one, other } = await start()
    const before = await everything(one)
    const others = await everything(other)
    expect(JSON.stringify(before).split(NAME)).toHaveLength(19)
    expect(await ledger.retell(one, RETELLING)).toBe(9)
    const after = await everything(one)
    expect(JSON.stringify(after)).not.toContain(NAME)
    expect(after.history.map(({ hash }) => hash)).toEqual(before.history.map(({ hash }) => hash))
    expect(after.notices).toHaveLength(2)
    expect(await everything(other)).toEqual(others)
    expect(await verifyLedger(open.stores[1])).toMatchObject({ ok: true })
  })

  it('is the same when it is done again, and goes on', async () => {
    const { ledger, one } = await start()
    await ledger.retell(one, RETELLING)
    const once = await everything(one)
    expect(await ledger.retell(one, RETELLING)).toBe(0)
    expect(await everything(one)).toEqual(once)
    await ledger.post(moveCommand({ wallet: one, key: `then ${one}`, moves: [grant(1, NAME)] }))
    await ledger.seal()
    await ledger.retell(one, RETELLING)
    expect(await verifyLedger(open.stores[1])).toMatchObject({ ok: true })
  })

  it('a key that is another now is not known by its old name', async () => {
    const { ledger, one } = await start()
    await ledger.retell(one, RETELLING)
    expect(await open.stores[1].findTransactionByKey(`${NAME}/${one}`)).toBeUndefined()
    expect(await open.stores[1].findTransactionByKey(`x/${one}`)).toMatchObject({ version: 1 })
    expect(
      await ledger.store.findRecord({ kind: 'letter', ref: `to x note x ${one}` }),
    ).toMatchObject({ body: { from: 'x' } })
  })

  it('a digest cannot be recounted from a guess: what made it impossible is gone', async () => {
    const { ledger, one } = await start()
    const [before] = (await everything(one)).history
    await ledger.retell(one, RETELLING)
    const [after] = (await everything(one)).history
    expect(before?.salt).toMatch(/^[\w-]{12}$/)
    expect(after?.salt).toBeUndefined()
    expect(after?.erased).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(after)).not.toContain(before?.salt)
  })

  it('nobody has a wallet that is not there', async () => {
    const { ledger } = await start()
    expect(await ledger.retell(9_999, RETELLING)).toBe(0)
  })

  it('a wallet that ends is empty, owes nothing, and takes nothing more', async () => {
    const { ledger, one } = await start()
    const last = { wallet: one, key: `last ${one}`, moves: [{ move: 'end', reason: 'erased' }] }
    const before = await ledger.store.findTotalsAt(10)
    expect(await ledger.post(moveCommand(last as never))).toMatchObject({
      transaction: { result: [{ forfeited: 100, forgiven: 0 }] },
    })
    const [wallet] = await ledger.store.findWallets([one])
    expect(Object.values(wallet!.balance)).toEqual([0, 0, 0, 0, 0, 0])
    const after = await ledger.store.findTotalsAt(10)
    const moved = (account: string) => (after.get(account) ?? 0n) - (before.get(account) ?? 0n)
    expect([moved('available'), moved('voided:erased')]).toEqual([-100n, 100n])
    expect(await ledger.post(note(one, `late ${one}`))).toMatchObject({ code: 'WALLET_ENDED' })
    expect(await verifyLedger(open.stores[1])).toMatchObject({ ok: true })
  })

  it('what an ended wallet owed is let off', async () => {
    const { ledger, one } = await start()
    const post = (key: string, moves: Move[]) =>
      ledger.post(moveCommand({ wallet: one, key: `${key} ${one}`, moves }))
    await post('spend', [
      { move: 'hold', ref: `h${one}`, points: 100 },
      { move: 'capture', ref: `h${one}`, account: 'redeemed:coupon' },
      { move: 'clawback', lots: [1], points: 30, forgivenBefore: 0, policy: 'debt' },
    ])
    expect(await ledger.store.findWallets([one])).toMatchObject([{ balance: { debt: 30 } }])
    expect(await post('end', [{ move: 'end', reason: 'erased' }])).toMatchObject({
      transaction: { result: [{ forfeited: 0, forgiven: 30 }] },
    })
    expect(await ledger.store.findWallets([one])).toMatchObject([{ balance: { debt: 0 } }])
    expect(await verifyLedger(open.stores[1])).toMatchObject({ ok: true })
  })
})
