import { isRefusal, type Ledger, verifyLedger } from '@pointwell/ledger'
import type { MemberChanges, Plugin } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  shelf,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { bell, shop } from '../../../../test/support/test-program-plugins.js'

const MERGE = `mutation ($input: MergeMembersInput!) { mergeMembers(input: $input) {
  ... on MemberMerge { id from into reason requestedBy finishedAt member { id } }
  ... on Refusal { code field limit } } }`
const ASKED = { from: 'ann', into: 'bob', reason: 'one person', idempotencyKey: 'm' }

const POLICY = {
  identities: { limits: { phone: 1, card: 3 } },
  membership: { enabled: true },
  caps: { pointsPerDay: { limit: 100 } },
  adjustments: { approvalAbove: null },
}

async function openBoth(store: StoreName, options: Parameters<typeof openTestProgram>[1] = {}) {
  const test = await openTestProgram(store, { firstPolicy: POLICY, ...options })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }, { id: 'cat' }])
  return test
}

const merge = async (test: TestProgram, more: object = {}): Promise<Data> =>
  (await dataOf(test, MERGE, { variables: { input: { ...ASKED, ...more } } })).mergeMembers

let orders = 0
const order = (test: TestProgram, memberId: string, yuan: number, orderId = `o${orders++}`) =>
  test.program.earn({
    source: 'purchase',
    memberId,
    event: {
      orderId,
      at: MONDAY_NOON,
      lines: [{ id: 'a', quantity: 1, priceMinor: yuan * 100 }],
      confirmed: true,
    },
  })
const ring = (test: TestProgram, memberId: string) =>
  test.program.earn({ source: 'bell', memberId, event: { at: test.time.now } })
const isSound = async ({ ledger }: TestProgram) => (await verifyLedger(ledger.store)).ok

describe.each(availableStores())('M8: merging on %s', (store) => {
  it('the former id is another name of the member, and what it did stays to be read', async () => {
    const test = await openBoth(store)
    await order(test, 'ann', 40, 'first')
    await order(test, 'bob', 30)
    expect(await merge(test)).toMatchObject({ from: 'ann', into: 'bob', member: { id: 'bob' } })
    const query = `query ($id: ID!) { member(id: $id) { id wallet { balance { available } }
      mergedFrom { id wallet { balance { available } transactions(first: 5) { nodes { type } } } } } }`
    for (const viewer of [viewerOf.operator('support'), viewerOf.member('ann')]) {
      const { member } = await dataOf(test, query, { viewer, variables: { id: 'ann' } })
      expect(member).toMatchObject({ id: 'bob', wallet: { balance: { available: 70 } } })
      expect(member.mergedFrom).toMatchObject([
        { id: 'ann', wallet: { balance: { available: 0 } } },
      ])
      const types = member.mergedFrom[0].wallet.transactions.nodes.map((it: Data) => it.type)
      expect(types.slice(0, 2)).toEqual(['MERGE', 'GRANT'])
    }
    expect(await order(test, 'ann', 40, 'first')).toMatchObject({ replayed: true })
    expect(await order(test, 'bob', 40, 'first')).toMatchObject({ replayed: true })
    expect(await isSound(test)).toBe(true)
  })

  it('E8: today’s caps and what was done once today count for both', async () => {
    const test = await openBoth(store)
    await order(test, 'ann', 60)
    await ring(test, 'ann')
    await order(test, 'bob', 30)
    await merge(test)
    for (const id of ['ann', 'bob']) expect(await ring(test, id)).toMatchObject({ replayed: true })
    expect(await order(test, 'bob', 50)).toMatchObject({ points: 5 })
  })

  it('a chain of merges leads to the last, and nothing goes round in circles', async () => {
    const test = await openBoth(store)
    await order(test, 'ann', 20)
    await merge(test)
    expect(await merge(test, { from: 'bob', into: 'ann', idempotencyKey: 'n' })).toMatchObject({
      code: 'MERGE_WITH_SELF',
    })
    expect(await merge(test, { from: 'ann', into: 'cat', idempotencyKey: 'n' })).toMatchObject({
      code: 'MEMBER_MERGED',
      field: 'from',
    })
    await merge(test, { from: 'bob', into: 'cat', idempotencyKey: 'n' })
    for (const id of ['ann', 'bob', 'cat']) {
      expect((await test.program.members.find(id))!.id).toBe('cat')
      expect((await balanceOf(test, id)).balance.available).toBe(20)
    }
    const { formerly } = (await test.program.members.find('ann'))!
    expect(formerly!.map(({ id }) => id)).toEqual(['ann', 'bob'])
    expect((await test.program.members.page(0, 10)).map(({ id }) => id)).toEqual(['cat'])
    expect(await isSound(test)).toBe(true)
  })

  it('refuses before anything is written', async () => {
    const test = await openBoth(store)
    const phone = (value: string) => ({ identities: [{ kind: 'phone', value }] })
    await test.program.members.update({ id: 'ann', ...phone('1') })
    await test.program.members.update({ id: 'bob', ...phone('2') })
    const refused: [object, object][] = [
      [{}, { code: 'IDENTITY_LIMIT', field: 'from', limit: 1 }],
      [{ from: 'zoe' }, { code: 'MEMBER_NOT_FOUND', field: 'from' }],
      [{ into: 'zoe' }, { code: 'MEMBER_NOT_FOUND', field: 'into' }],
      [{ into: 'ann' }, { code: 'MERGE_WITH_SELF', field: 'into' }],
      [{ reason: ' ' }, { code: 'INVALID_INPUT', field: 'reason' }],
      [{ idempotencyKey: '' }, { code: 'INVALID_INPUT', field: 'idempotencyKey' }],
    ]
    for (const [asked, answer] of refused) expect(await merge(test, asked)).toMatchObject(answer)
    expect(await test.program.merges.page({ before: null, limit: 5 })).toEqual([])
    await test.program.members.update({ id: 'ann', identities: [] })
    const done = await merge(test)
    expect(await merge(test)).toEqual(done)
    expect(await merge(test, { reason: 'another' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'reason',
    })
  })

  it('M1, M2: of birthday, identities and term the better of the two stays', async () => {
    const test = await openBoth(store)
    const { program, time } = test
    await program.members.update({ id: 'ann', birthday: { month: 5, day: 1 }, region: 'north' })
    await program.members.update({ id: 'bob', region: 'south' })
    await program.members.update({ id: 'ann', identities: [{ kind: 'card', value: '7' }] })
    const termed = { reason: null, by: 'rosa' }
    const until = (days: number) => time.now + days * DAY_MS
    await program.memberships.change({
      ...termed,
      memberId: 'ann',
      until: until(90),
      idempotencyKey: 'a',
    })
    await program.memberships.change({
      ...termed,
      memberId: 'bob',
      until: until(10),
      idempotencyKey: 'b',
    })
    await order(test, 'bob', 25)
    time.now += 20 * DAY_MS
    expect((await balanceOf(test, 'bob')).balance).toMatchObject({ available: 0, frozen: 25 })
    await merge(test)
    const bob = (await program.members.find('bob'))!
    expect(bob).toMatchObject({ birthday: { month: 5, day: 1 }, region: 'south' })
    expect((await program.members.findIdentities([bob.wallet])).get(bob.wallet)).toHaveLength(1)
    const wallet = await balanceOf(test, 'bob')
    expect(wallet.balance).toMatchObject({ available: 25, frozen: 0 })
    expect(wallet.lock!.usableUntil).toBe(time.now + 70 * DAY_MS)
    expect(await isSound(test)).toBe(true)
  })

  it('a server that dies at any step leaves nothing lost, and the job does the rest', async () => {
    for (const dies of ['before the books', 'after the books', 'in a plugin'] as const) {
      let alive = false
      const members: MemberChanges = {
        erased: async () => {},
        merged: async () => {
          if (!alive && dies === 'in a plugin') throw new Error('dead')
        },
      }
      const keeper = { ...bell, members } as Plugin
      const test = await openBoth(store, { plugins: [shop, keeper, shelf] })
      const { ledger, program, time } = test
      const real: Ledger['merge'] = ledger.merge
      ledger.merge = async (asked) => {
        if (!alive && dies === 'before the books') throw new Error('dead')
        const posted = await real(asked)
        if (!alive && dies === 'after the books') throw new Error('dead')
        return posted
      }
      await order(test, 'ann', 30)
      await order(test, 'bob', 20)
      const asked = { ...ASKED, by: 'rosa' }
      await expect(program.merges.merge(asked), dies).rejects.toThrow()
      const [begun] = await program.merges.page({ before: null, limit: 1 })
      expect(begun, dies).toMatchObject({ finishedAt: null })
      // Whoever is asked in between: a refusal that says try again, or the right answer.
      const between = await order(test, 'ann', 10, `between-${dies.replaceAll(' ', '-')}`)
      if (isRefusal(between)) expect(between.code).toBe('WALLET_MERGED')
      expect(await merge(test, { from: 'cat', into: 'bob', idempotencyKey: 'n' })).toMatchObject({
        code: 'MERGE_RUNNING',
      })
      alive = true
      time.now += 60_000
      await Promise.all([program.merges.takeUpDue(10), program.merges.takeUpDue(10)])
      expect(await program.merges.find(begun!.id), dies).not.toMatchObject({ finishedAt: null })
      const sum = isRefusal(between) ? 50 : 60
      for (const id of ['ann', 'bob']) {
        expect((await balanceOf(test, id)).balance.available, dies).toBe(sum)
      }
      expect(await order(test, 'ann', 10, `between-${dies.replaceAll(' ', '-')}`)).toMatchObject({
        replayed: !isRefusal(between),
      })
      expect(await isSound(test), dies).toBe(true)
    }
  })

  it.skipIf(store === 'memory')('asked on several servers at once it is done once', async () => {
    const test = await openBoth(store)
    const other = await openTestProgram(store, { url: test.url, time: test.time })
    await order(test, 'ann', 30)
    const requests = [test, other, test, other].map(({ program }, n) =>
      program.merges.merge({ ...ASKED, by: 'rosa', idempotencyKey: n < 2 ? 'm' : `m${n}` }),
    )
    const earning = [test, other].map((server, n) => order(server, 'ann', 5, `along-${n}`))
    const answers = await Promise.all(requests)
    const along = await Promise.all(earning)
    expect(answers.some((it) => !isRefusal(it))).toBe(true)
    expect(await test.program.merges.page({ before: null, limit: 9 })).toHaveLength(1)
    const more = along.filter((it) => !isRefusal(it)).length * 5
    expect((await balanceOf(test, 'bob')).balance.available).toBe(30 + more)
    expect(await isSound(test)).toBe(true)
  })
})
