import { isRefusal, type Ledger, verifyLedger } from '@pointwell/ledger'
import type { Plugin } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  balanceOf,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { bell, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'
import type { ProgramDatabase } from '../database/program-database.js'
import type { Erasure } from './erasure-rows.js'
import { openErasures } from './open-erasures.js'

const MINUTES_MS = 180_000

/** A source that keeps data of members and says who names whom. */
function keeper({ fail = () => false }: { fail?: (operation: string) => boolean } = {}) {
  const told: string[] = []
  const tell = async (operation: string, memberId: string) => {
    if (fail(operation)) throw new Error('no table just now')
    told.push(`${operation} ${memberId}`)
  }
  const plugin = {
    ...bell,
    members: {
      erased: ({ memberId }: { memberId: string }) => tell('erased', memberId),
      merged: async () => {},
      async namedBy(memberId: string) {
        await tell('namedBy', memberId)
        return ['bob', 'nobody']
      },
    },
  } as unknown as Plugin
  return { plugin, told }
}

async function start(store: StoreName, options: Parameters<typeof openTestProgram>[1] = {}) {
  const test = await openTestProgram(store, { plugins: [shop, bell], ...options })
  for (const id of ['ann', 'bob']) await test.program.members.register({ id })
  return test
}

async function live({ program }: TestProgram, memberId: string) {
  const line = { id: '1', quantity: 1, priceMinor: 100_00 }
  const event = { orderId: `of-${memberId}`, at: MONDAY_NOON, lines: [line] }
  expect(await program.earn({ source: 'purchase', memberId, event })).toMatchObject({ points: 100 })
  await program.earn({ source: 'bell', memberId, event: { at: MONDAY_NOON } })
}

const erase = ({ program }: Pick<TestProgram, 'program'>, memberId: string, idempotencyKey = 'k') =>
  program.erasures.erase({ memberId, idempotencyKey, acting: null })

const takeUp = ({ program }: Pick<TestProgram, 'program'>) => {
  const failed: unknown[] = []
  const report = (_: string, fault: unknown) => void failed.push(fault)
  return program.erasures.takeUpDue(100, report).then((looked) => ({ looked, failed }))
}

/** Everything that the programme's tables say of members, and the books. */
async function traces({ database, ledger }: TestProgram, wallet: number): Promise<string> {
  const tables = await database.read(async (manager) => {
    const sql = database.connection(manager)
    const names = ['member', 'member_erasure', 'kept_event', 'audit_entry', 'message']
    return Promise.all(names.map((name) => sql.select(`SELECT * FROM ${name}`)))
  })
  const books = await Promise.all([
    ledger.store.findWallets([wallet]),
    ledger.store.findLots([wallet], { open: false }),
    ledger.store.findTransactions(wallet, { after: 0, limit: 100 }),
    ...['earn:purchase', 'earn:bell'].map((kind) =>
      ledger.store.findRecordsOf(wallet, kind, { beforeRef: null, limit: 100 }),
    ),
  ])
  return JSON.stringify([tables, books])
}

/** A server that dies at its n-th step: before it is done, or after it and before anybody hears of it. */
function dying(test: TestProgram, { at, after }: { at: number; after: boolean }) {
  let steps = 0
  let died = false
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (died) throw new Error('dead')
    const isLast = steps++ === at
    if (isLast) died = true
    if (isLast && !after) throw new Error('dead')
    const done = await work()
    if (isLast) throw new Error('dead')
    return done
  }
  const { database, ledger } = test
  const dyingDatabase: ProgramDatabase = Object.assign(Object.create(database), {
    write: (work: never) => step(() => database.write(work)),
  })
  const dyingLedger: Ledger = {
    ...ledger,
    post: (command) => step(() => ledger.post(command)),
    retell: (wallet, retelling) => step(() => ledger.retell(wallet, retelling)),
  }
  return { database: dyingDatabase, ledger: dyingLedger, hasDied: () => died }
}

describe.each(availableStores())('M8: members who ask to be erased, on %s', (store) => {
  it('goes on wherever a server died', async () => {
    const test = await start(store)
    let deaths = 0
    for (const after of [false, true]) {
      for (let at = 0; ; at++) {
        const id = `member-${at}-${after ? 'after' : 'before'}-1`
        await test.program.members.register({ id })
        await live(test, id)
        const { wallet } = (await test.program.members.find(id))!
        const { hasDied, ...parts } = dying(test, { at, after })
        const { program } = test
        const erasures = openErasures({
          ...parts,
          policies: program.policies,
          members: program.members,
          plugins: [shop, bell],
          store: program.store('bell'),
          names: program,
          audit: { record: async () => {} },
        })
        await erasures
          .erase({ memberId: id, idempotencyKey: 'k', acting: null })
          .catch((fault: Error) => expect(fault.message).toBe('dead'))
        if (hasDied()) deaths++
        test.time.now += MINUTES_MS
        await takeUp(test)
        const erased = (await erase(test, id)) as Erasure
        expect([id, erased.state, erased.forfeited]).toEqual([id, 'done', 105])
        expect(await traces(test, wallet)).not.toContain(id)
        expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
        if (!hasDied()) break
      }
    }
    expect(deaths).toBeGreaterThan(12)
  })

  it('a plugin that fails holds it up, and is asked again until it does its part', async () => {
    let failing: string | null = 'namedBy'
    const { plugin, told } = keeper({ fail: (operation) => operation === failing })
    const faults: unknown[] = []
    const test = await start(store, {
      plugins: [shop, plugin],
      onPluginFault: (fault) => faults.push(fault.operation),
    })
    await live(test, 'ann')
    expect(await erase(test, 'ann')).toMatchObject({ state: 'ended', doneAt: null })
    expect(await test.program.members.find('ann')).toBeUndefined()
    expect(await test.program.members.register({ id: 'ann' })).toMatchObject({
      code: 'TRY_AGAIN_LATER',
    })
    failing = 'erased'
    expect(await takeUp(test)).toMatchObject({ looked: 1, failed: [{ operation: 'erased' }] })
    expect(await erase(test, 'ann', 'another key')).toMatchObject({ state: 'named' })
    failing = null
    // What failed is passed over for a while.
    expect(await takeUp(test)).toMatchObject({ looked: 0, failed: [] })
    test.time.now += MINUTES_MS
    expect(await takeUp(test)).toMatchObject({ looked: 1, failed: [] })
    expect(told).toEqual(['namedBy ann', 'erased ann'])
    expect(faults).toEqual(['namedBy', 'erased', 'erased'])
    expect(await test.program.members.register({ id: 'ann' })).toMatchObject({ created: true })
    expect(await takeUp(test)).toMatchObject({ looked: 0 })
    expect(await balanceOf(test, 'ann')).toMatchObject({ version: 0 })
  })

  it('whoever asks at the same moment, of whatever server, asks for the same', async () => {
    const test = await start(store)
    await live(test, 'ann')
    const other =
      store === 'memory'
        ? test
        : await openTestProgram(store, { plugins: [shop, bell], time: test.time, url: test.url })
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((key, place) => erase(place % 2 ? other : test, 'ann', key)),
    )
    await takeUp(test)
    const done = answers.filter((it): it is Erasure => !isRefusal(it))
    expect(new Set(done.map(({ pseudonym }) => pseudonym)).size).toBe(1)
    for (const refused of answers.filter(isRefusal)) {
      expect(refused.code).toBe('MEMBER_NOT_FOUND')
    }
    const totals = await test.ledger.store.findTotalsAt(test.time.now)
    expect(totals.get('voided:erased')).toBe(105n)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('waits for a channel that has not answered, and says for which redemption', async () => {
    let outcome: 'unknown' | 'fulfilled' = 'unknown'
    const slow = scriptedChannel({
      fulfil: async () =>
        outcome === 'unknown' ? { outcome } : { outcome: 'fulfilled', receipt: null },
    })
    const test = await start(store, { plugins: [shop, bell, slow] })
    await live(test, 'ann')
    await test.program.offers.create({
      id: 'tea',
      channel: slow.id,
      title: { en: 'Tea', zh: '茶' },
      cashValue: '1.00 CNY',
      price: { byHand: 10 },
      details: {},
    } as never)
    const asked = { memberId: 'ann', offerId: 'tea', idempotencyKey: 'k' }
    const redemption = (await test.program.redemptions.redeem(asked)) as { id: string }
    expect(await erase(test, 'ann')).toMatchObject({
      code: 'ERASURE_BLOCKED',
      figures: { detail: `The redemption ${redemption.id} is unknown.` },
    })
    expect(await test.program.members.find('ann')).toBeDefined()
    outcome = 'fulfilled'
    test.time.now += MINUTES_MS
    await test.program.redemptions.takeUpDue(10)
    expect(await erase(test, 'ann')).toMatchObject({ state: 'done', forfeited: 95 })
  })

  it('a member who is called like a figure is erased, and figures stay what they are', async () => {
    const test = await start(store)
    await test.program.members.register({ id: '1' })
    await live(test, '1')
    const { wallet } = (await test.program.members.find('1'))!
    const erased = (await erase(test, '1')) as Erasure
    const records = await test.ledger.store.findRecordsOf(wallet, 'earn:bell', {
      beforeRef: null,
      limit: 9,
    })
    expect(records).toMatchObject([
      {
        ref: `${erased.pseudonym}/2026-01-05`,
        body: {
          memberId: erased.pseudonym,
          facts: { id: erased.pseudonym, tier: { earnMultiplier: '1' } },
        },
      },
    ])
    const [granted] = await test.ledger.store.findTransactions(wallet, { after: 0, limit: 1 })
    expect(granted).toMatchObject({ content: {}, explanation: [{ step: 'base', points: 100 }, {}] })
    await test.program.members.register({ id: '1' })
    expect(
      await test.program.earn({ source: 'bell', memberId: '1', event: { at: MONDAY_NOON } }),
    ).toMatchObject({ points: 5, replayed: false })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('what was on its way into the wallet when it was closed is refused', async () => {
    const test = await start(store)
    const profile = (await test.program.members.find('ann'))!
    await erase(test, 'ann')
    const posted = await test.ledger.post({
      wallet: profile.wallet,
      key: 'late',
      content: {},
      decide: () => {
        throw new Error('is not asked')
      },
    })
    expect(posted).toMatchObject({ code: 'WALLET_ENDED' })
    expect(await erase(test, 'nobody')).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
    expect(await erase(test, 'bob', '')).toMatchObject({ code: 'INVALID_INPUT' })
  })
})
