import { openCalendar, type PluginStore, runEffect, runMemberChange } from '@pointwell/plugin'
import { describe, expect, test } from 'vitest'
import { openPluginDatabases, pluginDatabases } from '../../../../test/support/plugin-databases.js'
import { goodsOffer } from '../offer/goods-offer.js'
import { goodsSettings } from '../settings/goods-settings.js'
import { decidePick } from '../shipment/decide-pick.js'
import { decideSend } from '../shipment/decide-send.js'
import { decideTopUp } from '../shipment/decide-top-up.js'
import type { GoodsContext } from '../shipment/new-shipment.js'
import type { Decided } from '../shipment/shipment.js'
import { changeShipment } from '../store/change-shipment.js'
import { countCodes, importCodes, voidCodes } from '../store/code-pool.js'
import { GoodsCodeEntity } from '../store/goods-code.entity.js'
import {
  findShipment,
  findShipmentsOf,
  findWork,
  placeOfShipment,
} from '../store/shipment-table.js'
import { redeemGoods } from './redeem-goods.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const DAY_MS = 86_400_000
const MANY = 64
const DETAILS = {
  pot: { type: 'physical' },
  phone: { type: 'virtual', gives: { kind: 'top-up' } },
  film: { type: 'virtual', gives: { kind: 'code' } },
  club: { type: 'virtual', gives: { kind: 'own', sku: 'club-1', returnable: true } },
}
type What = keyof typeof DETAILS

interface Given {
  readonly id?: string
  readonly what?: What
  readonly memberId?: string
  readonly now?: number
  readonly order?: GoodsContext['redemption']['order']
  readonly signal?: AbortSignal
}

function contextOf(store: PluginStore, given: Given = {}): Omit<GoodsContext, 'signal'> {
  const { id = 'r-1', what = 'pot', memberId = 'ada', now = NOW, order = {} } = given
  return {
    settings: goodsSettings.parse({}),
    offer: {
      id: what,
      title: { en: what, zh: '好物' },
      details: goodsOffer.parse(DETAILS[what]),
      cashValueMinor: 3_000,
      currency: 'CNY',
    },
    redemption: { id, memberId, points: 3_000, order, at: NOW },
    calendar: openCalendar('Asia/Shanghai'),
    now,
    store,
  }
}
/** As the programme calls it: behind the wall that turns a fault into `unknown`. */
const fulfil = (store: PluginStore, { signal, ...given }: Given = {}) =>
  runEffect(redeemGoods, 'fulfil', contextOf(store, given), { ...(signal && { signal }) })
const cancel = (store: PluginStore, given: Given = {}) =>
  runEffect(redeemGoods, 'cancel', { ...contextOf(store, given), receipt: null })
const times = <T>(count: number, work: (index: number) => T): Promise<Awaited<T>[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const stock = (store: PluginStore, codes: readonly string[], offerId = 'film') =>
  importCodes(store, { offerId, codes, now: NOW, written: async () => {} })
const codesNamed = (count: number) => Array.from({ length: count }, (_, n) => `CODE-${n}`)
const change = (
  store: PluginStore,
  redemptionId: string,
  decide: Parameters<typeof changeShipment>[1]['decide'],
) => changeShipment(store, { redemptionId, decide })

test('R10: is an open-loop channel with settings that have defaults', () => {
  expect(redeemGoods).toMatchObject({ id: 'goods', kind: 'redemption-channel', loop: 'open' })
  expect(redeemGoods.settings.parse({})).toEqual({
    receivedAfterDays: 10,
    cancelUntil: 'picked',
    returnDays: 7,
    accountPatterns: ['1##########'],
  })
})

describe.each(pluginDatabases())('on %s', (on) => {
  // Two servers, and on MySQL as many connections as there are callers.
  const open = () => openPluginDatabases(on, redeemGoods, { servers: 2, poolSize: MANY / 2 })

  test('the migration goes up, down and up again', async () => {
    const [store] = await openPluginDatabases(on, redeemGoods, { migrate: false })
    const migrations = ['CreateGoods1767225603110', 'AddDeclinedReturns1767225603115']
    expect(await store.migrate()).toEqual(migrations)
    await fulfil(store)
    for (const name of migrations.toReversed()) expect(await store.undoLastMigration()).toBe(name)
    await expect(findShipment(store, 'r-1')).rejects.toThrow()
    await store.migrate()
    expect(await findShipment(store, 'r-1')).toBeUndefined()
  })

  test('R6: what is ordered is ordered once, however often it is asked at once', async () => {
    const servers = await open()
    const order = { address: 'a-17' }
    const answers = await times(MANY, (n) => fulfil(servers[n % 2]!, { order, now: NOW + n }))
    for (const answer of answers) {
      expect(answer).toEqual({ outcome: 'fulfilled', receipt: { kind: 'physical' } })
    }
    expect(await findShipment(servers[0], 'r-1')).toMatchObject({
      status: 'ordered',
      addressRef: 'a-17',
      returnDays: 7,
      version: 1,
    })
  })

  test('R6: a top-up is unknown until it is done or cannot be', async () => {
    const [store, other] = await open()
    const phone = { what: 'phone', order: { account: '13912345678' } } as const
    for (const id of ['done', 'not']) {
      expect(await fulfil(store, { ...phone, id })).toMatchObject({ outcome: 'unknown' })
      expect(await fulfil(other!, { ...phone, id })).toMatchObject({ outcome: 'unknown' })
      // Whoever cancels now is told that it is on its way.
      expect(await cancel(store, { ...phone, id })).toEqual({
        outcome: 'refused',
        code: 'GOODS_WAITING',
      })
    }
    await change(store, 'done', (it) =>
      decideTopUp(it, { outcome: 'given', note: 'ref-1', now: NOW }),
    )
    await change(store, 'not', (it) => decideTopUp(it, { outcome: 'failed', note: 'no', now: NOW }))
    expect(await fulfil(other!, { ...phone, id: 'done' })).toEqual({
      outcome: 'fulfilled',
      receipt: { kind: 'top-up', reference: 'ref-1' },
    })
    expect(await fulfil(other!, { ...phone, id: 'not' })).toEqual({
      outcome: 'refused',
      code: 'GOODS_FAILED',
    })
    expect(await cancel(store, { ...phone, id: 'done' })).toEqual({
      outcome: 'refused',
      code: 'GOODS_GIVEN',
    })
  })

  test('R6: of a top-up done and failed at once one stands, and the answer is its', async () => {
    const servers = await open()
    for (let round = 0; round < 12; round += 1) {
      const id = `r-${round}`
      await fulfil(servers[0], { id, what: 'phone' })
      await times(8, (n) =>
        change(servers[n % 2]!, id, (it) =>
          decideTopUp(it, { outcome: n % 3 ? 'given' : 'failed', note: 'n', now: NOW }),
        ),
      )
      const { status, version } = (await findShipment(servers[0], id))!
      expect(version).toBe(2)
      const outcome = { given: 'fulfilled', failed: 'refused' }[status as 'given' | 'failed']
      expect(await fulfil(servers[1]!, { id, what: 'phone' })).toMatchObject({ outcome })
    }
  })

  describe('codes', () => {
    test(`R6 R10: ${MANY} redemptions at once, each asked twice, get a code of their own`, async () => {
      const servers = await open()
      await stock(servers[0], codesNamed(MANY))
      const answers = await times(MANY * 2, (n) =>
        fulfil(servers[n % 2]!, { what: 'film', id: `r-${n % MANY}` }),
      )
      const told = new Map<string, Set<string>>()
      answers.forEach((answer, n) => {
        const id = `r-${n % MANY}`
        // Who met too many others may not know yet; asked again it does.
        if (answer.outcome === 'unknown') return
        expect(answer.outcome).toBe('fulfilled')
        const { code } = (answer as { receipt: { code: string } }).receipt
        told.set(id, (told.get(id) ?? new Set()).add(code))
      })
      for (let n = 0; n < MANY; n += 1) {
        const answer = await fulfil(servers[0], { what: 'film', id: `r-${n}` })
        const { code } = (answer as { receipt: { code: string } }).receipt
        told.set(`r-${n}`, (told.get(`r-${n}`) ?? new Set()).add(code))
      }
      const codes = [...told.values()].flatMap((it) => [...it])
      expect(codes).toHaveLength(MANY)
      expect(codes.sort()).toEqual(codesNamed(MANY).sort())
      expect(await countCodes(servers[0], 'film')).toEqual({ free: 0, given: MANY, void: 0 })
    })

    test('R8: of more redemptions than codes as many are refused, and stay so when codes come', async () => {
      const servers = await open()
      await stock(servers[0], codesNamed(5))
      await times(24, (n) => fulfil(servers[n % 2]!, { what: 'film', id: `r-${n}` }))
      await stock(servers[0], ['LATE-1', 'LATE-2'])
      const answers = []
      for (let n = 0; n < 24; n += 1) {
        answers.push(await fulfil(servers[0], { what: 'film', id: `r-${n}` }))
      }
      const outcomes = answers.map(({ outcome }) => outcome)
      expect(outcomes.filter((it) => it === 'fulfilled')).toHaveLength(5)
      expect(answers).toContainEqual({ outcome: 'refused', code: 'GOODS_SOLD_OUT' })
      expect(await countCodes(servers[0], 'film')).toEqual({ free: 2, given: 5, void: 0 })
      expect(await fulfil(servers[0], { what: 'film', id: 'new' })).toMatchObject({
        outcome: 'fulfilled',
      })
    })

    test('a call that died between two steps has given no code, or the one the next call finds', async () => {
      const [store] = await open()
      await stock(store, codesNamed(3))
      const died = (after: boolean): PluginStore => ({
        isDuplicateKey: (fault) => store.isDuplicateKey(fault),
        read: (work) => store.read(work),
        write: async (work) => {
          const answer = await store.write(async (manager) => {
            const answer = await work(manager)
            if (!after) throw new Error('the server went down')
            return answer
          })
          if (after) throw new Error('the server went down')
          return answer
        },
      })
      for (const [id, after] of [
        ['before', false],
        ['after', true],
      ] as const) {
        expect(await fulfil(died(after), { what: 'film', id })).toMatchObject({
          outcome: 'unknown',
        })
        const left = { free: after ? 1 : 3, given: after ? 2 : 0, void: 0 }
        expect([id, await countCodes(store, 'film')]).toEqual([id, left])
        const known = (await findShipment(store, id))?.code
        const answer = await fulfil(store, { what: 'film', id })
        const { code } = (answer as { receipt: { code: string } }).receipt
        if (after) expect(code).toBe(known)
        expect(await fulfil(store, { what: 'film', id })).toEqual(answer)
      }
      expect(await countCodes(store, 'film')).toEqual({ free: 1, given: 2, void: 0 })
      const rows = await store.read((manager) =>
        manager.findBy(GoodsCodeEntity, { status: 'given' }),
      )
      for (const { code, redemptionId } of rows) {
        expect((await findShipment(store, redemptionId!))?.code).toBe(code)
      }
    })

    test('imported again, by several at once and with others among them, are there once', async () => {
      const servers = await open()
      const lists = [codesNamed(20), codesNamed(30), codesNamed(10)]
      const fresh = await times(9, (n) => stock(servers[n % 2]!, lists[n % 3]!))
      const all = fresh.flatMap((it) => [...it])
      expect(all.sort()).toEqual(codesNamed(30).sort())
      expect(await countCodes(servers[0], 'film')).toEqual({ free: 30, given: 0, void: 0 })
      // Those of another offer are others.
      await stock(servers[0], codesNamed(2), 'other')
      expect(await countCodes(servers[0], 'other')).toEqual({ free: 2, given: 0, void: 0 })
    })

    test('that nobody got can be taken out, and nobody gets them; one that was given stays', async () => {
      const [store, other] = await open()
      await stock(store, codesNamed(8))
      const written: unknown[] = []
      const take = (on: PluginStore, codes: string[]) =>
        voidCodes(on, { offerId: 'film', codes, written: async (_, it) => void written.push(it) })
      const answer = await fulfil(store, { what: 'film' })
      const { code } = (answer as { receipt: { code: string } }).receipt
      const statuses = await take(store, [code, ...codesNamed(9)])
      expect(statuses.get(code)).toBe('given')
      expect(statuses.get('CODE-8')).toBeUndefined()
      expect([...statuses.values()].filter((it) => it === 'void')).toHaveLength(7)
      await take(other!, codesNamed(9))
      expect(written).toEqual([
        { before: { free: 7, given: 1, void: 0 }, after: { free: 0, given: 1, void: 7 } },
      ])
      expect(await fulfil(store, { what: 'film', id: 'r-2' })).toMatchObject({
        code: 'GOODS_SOLD_OUT',
      })
      expect(await stock(store, codesNamed(8))).toEqual(new Set())
    })
  })

  describe('R7: cancel', () => {
    test('before anything was given keeps a late fulfil from giving it', async () => {
      const [store] = await open()
      await stock(store, codesNamed(1))
      for (const what of ['pot', 'phone', 'film', 'club'] as const) {
        const one = { what, id: what }
        expect(await cancel(store, one)).toEqual({ outcome: 'cancelled' })
        expect(await fulfil(store, one)).toEqual({ outcome: 'refused', code: 'GOODS_CANCELLED' })
        expect(await cancel(store, one)).toEqual({ outcome: 'cancelled' })
      }
      expect(await countCodes(store, 'film')).toEqual({ free: 1, given: 0, void: 0 })
      expect(
        await findShipmentsOf(store, { memberId: 'ada', after: null, limit: 9, now: NOW }),
      ).toEqual([])
    })

    test('with fulfil at once leaves nothing that is sent', async () => {
      const servers = await open()
      for (let round = 0; round < 16; round += 1) {
        const id = `r-${round}`
        const answers = await times(8, (n) =>
          n % 2 ? fulfil(servers[0], { id }) : cancel(servers[1]!, { id }),
        )
        answers.forEach((answer, n) => {
          if (n % 2 === 0) expect(answer).toEqual({ outcome: 'cancelled' })
        })
        expect(['cancelled', 'never']).toContain((await findShipment(servers[0], id))?.status)
      }
    })

    test('and a pick at once: exactly one wins', async () => {
      const servers = await open()
      for (let round = 0; round < 24; round += 1) {
        const id = `r-${round}`
        await fulfil(servers[0], { id })
        const [picked, cancelled] = await Promise.all([
          change(servers[round % 2]!, id, (it) => decidePick(it, { now: NOW })),
          cancel(servers[1 - (round % 2)]!, { id }),
        ])
        const { status, version } = (await findShipment(servers[0], id))!
        expect(version).toBe(2)
        if (status === 'picking') {
          expect(cancelled).toEqual({ outcome: 'refused', code: 'GOODS_PICKING' })
        } else {
          expect(status).toBe('cancelled')
          expect(cancelled).toEqual({ outcome: 'cancelled' })
          expect(picked).toMatchObject({ code: 'GOODS_CANCELLED' })
        }
      }
    })

    test('of a product of one’s own goes for the days that the settings give', async () => {
      const [store] = await open()
      await fulfil(store, { what: 'club', id: 'a' })
      await fulfil(store, { what: 'club', id: 'b' })
      expect(await cancel(store, { what: 'club', id: 'a', now: NOW + 7 * DAY_MS })).toEqual({
        outcome: 'cancelled',
      })
      expect(await cancel(store, { what: 'club', id: 'b', now: NOW + 8 * DAY_MS })).toEqual({
        outcome: 'refused',
        code: 'GOODS_GIVEN',
      })
    })
  })

  describe('lists', () => {
    test('of a member come newest first, of work oldest first, each once', async () => {
      const [store] = await open()
      for (let n = 0; n < 23; n += 1) {
        await fulfil(store, { id: `r-${String(n).padStart(2, '0')}`, now: NOW + Math.floor(n / 5) })
      }
      await fulfil(store, { id: 'other', memberId: 'Ada', now: NOW - 1 })
      const mine: string[] = []
      let after: { at: number; id: string } | null = null
      for (let page = 0; page < 6; page += 1) {
        const found = await findShipmentsOf(store, { memberId: 'ada', after, limit: 5, now: NOW })
        mine.push(...found.map(({ redemptionId }) => redemptionId))
        after = found.length > 0 ? placeOfShipment(found.at(-1)!) : after
      }
      const ids = Array.from({ length: 23 }, (_, n) => `r-${String(n).padStart(2, '0')}`)
      expect(mine).toEqual([...ids].reverse())
      const work: string[] = []
      after = null
      for (let page = 0; page < 6; page += 1) {
        const found = await findWork(store, { status: 'ordered', after, limit: 5 })
        work.push(...found.map(({ redemptionId }) => redemptionId))
        after = found.length > 0 ? placeOfShipment(found.at(-1)!) : after
      }
      expect(work).toEqual(['other', ...ids])
    })

    test('by status go by what it is now', async () => {
      const [store] = await open()
      await fulfil(store)
      await change(store, 'r-1', (it) => decidePick(it, { now: NOW }))
      const arrivesBy = NOW + DAY_MS
      await change(store, 'r-1', (it) =>
        decideSend(it, { carrier: 'SF', tracking: '1', arrivesBy, now: NOW }),
      )
      const count = async (status: 'sent' | 'received', now: number) =>
        (await findShipmentsOf(store, { memberId: 'ada', status, after: null, limit: 9, now }))
          .length
      expect([await count('sent', arrivesBy - 1), await count('received', arrivesBy - 1)]).toEqual([
        1, 0,
      ])
      expect([await count('sent', arrivesBy), await count('received', arrivesBy)]).toEqual([0, 1])
    })
  })

  describe('M8: members', () => {
    test('who are erased leave neither id, address nor account; what was not sent is cancelled', async () => {
      const [store] = await open()
      const change1 = { memberId: 'ada', pseudonym: 'erased-1' }
      await fulfil(store, { id: 'open', order: { address: 'ada-home' } })
      await fulfil(store, { id: 'gone', order: { address: 'ada-home' } })
      await fulfil(store, { id: 'phone', what: 'phone', order: { account: '13912345678' } })
      await change(store, 'gone', (it) => decidePick(it, { now: NOW }))
      await change(store, 'gone', (it) =>
        decideSend(it, { carrier: 'SF', tracking: '1', arrivesBy: NOW + 1, now: NOW }),
      )
      const before = (await findShipment(store, 'open'))!
      await runMemberChange(redeemGoods, 'erased', change1, { store })
      await runMemberChange(redeemGoods, 'erased', change1, { store })
      const rows = await Promise.all(['open', 'gone', 'phone'].map((id) => findShipment(store, id)))
      expect(JSON.stringify(rows)).not.toMatch(/ada|139/)
      expect(rows.map((it) => it?.status)).toEqual(['cancelled', 'sent', 'cancelled'])
      expect(rows.every((it) => it?.memberId === 'erased-1')).toBe(true)
      // Who had read it before writes nothing of it back.
      let asked = 0
      await changeShipment(store, {
        redemptionId: 'open',
        decide: (it) => {
          asked += 1
          return decidePick(asked === 1 ? before : it, { now: NOW }) as Decided
        },
      })
      expect(asked).toBe(2)
      expect(JSON.stringify(await findShipment(store, 'open'))).not.toMatch(/ada/)
    })

    test('who are merged go on with all that was the other’s', async () => {
      const [store] = await open()
      await fulfil(store, { id: 'a', memberId: 'twin' })
      await fulfil(store, { id: 'b' })
      await runMemberChange(redeemGoods, 'merged', { from: 'twin', into: 'ada' }, { store })
      await runMemberChange(redeemGoods, 'merged', { from: 'twin', into: 'ada' }, { store })
      const found = await findShipmentsOf(store, {
        memberId: 'ada',
        after: null,
        limit: 9,
        now: NOW,
      })
      expect(found.map(({ redemptionId }) => redemptionId)).toEqual(['b', 'a'])
    })
  })
})
