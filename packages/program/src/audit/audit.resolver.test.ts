import { isRefusal } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, faultOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { requestCommand } from '../adjustment/adjustment-commands.js'
import type { Acting } from './acting.js'

const SHOWN = `nodes { id at by roles address act targetKind targetId reason before after
  transaction { id type } } pageInfo { hasNextPage endCursor }`
const ENTRIES = `query ($first: Int! = 20, $after: String, $filter: AuditFilterInput) {
  auditEntries(first: $first, after: $after, filter: $filter) { ${SHOWN} } }`
const ADJUST = `mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) {
  ... on Adjustment { id } ... on Refusal { code field } } }`
const UPDATE = `mutation ($input: UpdateMemberInput!, $reason: String) {
  updateMember(input: $input, reason: $reason) { ... on Refusal { code field } } }`

const rosa: Acting = { by: 'rosa', roles: ['rules'], address: '198.51.100.4', reason: 'spring' }
const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '10.00 CNY',
}

const read = async (test: TestProgram, variables: object = {}): Promise<Data> =>
  (await dataOf(test, ENTRIES, { variables: { ...variables } })).auditEntries
const acts = async (test: TestProgram, filter: object = {}) =>
  (await read(test, { filter })).nodes.map((it: Data) => it.act)

describe.each(availableStores())('O5: the audit on %s', (store) => {
  it('keeps what an offer, a policy and a member were before and are after', async () => {
    const test = await openTestProgram(store)
    const { program } = test
    await program.offers.create(tea, rosa)
    await program.offers.update({ id: 'tea', price: { byHand: 500 }, active: false }, rosa)
    await program.policies.update({
      document: { returns: { policy: 'pending-only' } },
      by: 'rosa',
      note: 'as agreed',
      acting: { ...rosa, reason: null },
    })
    await program.members.register({ id: 'ann', region: 'x' })
    const identities = [{ kind: 'phone', value: '123' }]
    await program.members.update({ id: 'ann', region: 'y', identities }, rosa)

    const { nodes } = await read(test)
    expect(nodes).toMatchObject([
      {
        act: 'updateMember',
        targetKind: 'member',
        targetId: 'ann',
        before: { region: 'x' },
        after: { region: 'y', identities: { phone: 1 } },
        transaction: null,
      },
      {
        act: 'updatePolicy',
        targetId: '2',
        reason: 'as agreed',
        before: { version: 1, document: { returns: { policy: 'debt' } } },
        after: { version: 2, document: { returns: { policy: 'pending-only' } } },
      },
      {
        act: 'updateOffer',
        targetId: 'tea',
        before: { version: 1, active: true, price: { byHand: null } },
        after: { version: 2, active: false, price: { byHand: 500 } },
      },
      { act: 'createOffer', before: null, after: { channel: 'shelf', active: true } },
    ])
    expect(nodes[0].before).toEqual({ region: 'x', identities: {} })
    expect(Object.keys(nodes[1].after.document)).toEqual(['returns'])
    for (const node of nodes) {
      expect(node).toMatchObject({ by: 'rosa', roles: ['rules'], address: '198.51.100.4' })
      expect(node.at).toBe(new Date(test.time.now).toISOString())
    }
    expect(JSON.stringify(nodes)).not.toContain('123')
  })

  it('has no entry without the act, and no act without the entry', async () => {
    const test = await openTestProgram(store)
    const { program, database } = test
    await program.members.register({ id: 'ann', region: 'x' })
    const write = (sql: string) =>
      database.write((manager) => database.connection(manager).run(sql))
    await write('ALTER TABLE audit_entry RENAME TO elsewhere')
    await expect(program.offers.create(tea, rosa)).rejects.toThrow()
    await expect(program.members.update({ id: 'ann', region: 'y' }, rosa)).rejects.toThrow()
    await expect(program.members.register({ id: 'bob' }, rosa)).rejects.toThrow()
    await expect(
      program.policies.update({ document: {}, by: 'rosa', acting: rosa }),
    ).rejects.toThrow()
    await write('ALTER TABLE elsewhere RENAME TO audit_entry')
    expect(await program.offers.find('tea')).toBeUndefined()
    expect(await program.members.find('bob')).toBeUndefined()
    expect(await program.members.find('ann')).toMatchObject({ region: 'x' })
    await program.policies.refresh()
    expect(program.policies.page(null, 9)).toHaveLength(1)
    expect(await acts(test)).toEqual([])
    expect(await program.offers.update({ id: 'tea', active: false }, rosa)).toMatchObject({
      code: 'OFFER_NOT_FOUND',
    })
    expect(await acts(test)).toEqual([])
  })

  it('keeps what moved points once, also when it is sent again from elsewhere', async () => {
    const test = await openTestProgram(store)
    await test.program.members.register({ id: 'ann' })
    const variables = {
      input: { memberId: 'ann', points: 50, reason: 'sorry', idempotencyKey: 'k' },
    }
    const first = await dataOf(test, ADJUST, { variables, address: '198.51.100.4' })
    expect(await dataOf(test, ADJUST, { variables, address: '198.51.100.9' })).toEqual(first)
    const { nodes } = await read(test)
    expect(nodes).toMatchObject([
      {
        act: 'adjustPoints',
        by: 'rosa',
        roles: ['admin'],
        address: '198.51.100.4',
        targetId: 'ann',
        reason: 'sorry',
        before: { balance: { available: 0 } },
        after: {
          balance: { available: 50 },
          adjustment: { id: first.adjustPoints.id, points: 50, kind: 'bonus', status: 'done' },
        },
        transaction: { id: '1-1', type: 'ADJUST' },
      },
    ])
  })

  it('has the entry of a server that died right after the commit, once', async () => {
    const test = await openTestProgram(store)
    const { program, ledger } = test
    await program.members.register({ id: 'ann' })
    const member = (await program.members.find('ann'))!
    const asked = { points: 5, kind: null, reason: 'sorry', idempotencyKey: 'k', by: 'rosa' }
    const { policies } = program
    // The ledger's own door: what the programme does after the commit was never done.
    const posted = await ledger.post(requestCommand(member, asked, { policies, acting: rosa }))
    expect(isRefusal(posted)).toBe(false)
    expect(await acts(test)).toEqual([])
    await program.jobs.runDue()
    expect((await read(test)).nodes).toMatchObject([
      { act: 'adjustPoints', by: 'rosa', reason: 'spring', transaction: { id: '1-1' } },
    ])
    await program.adjustments.request({ ...asked, memberId: 'ann' }, rosa)
    await program.jobs.runDue()
    expect(await acts(test)).toHaveLength(1)
  })

  it('is found by who, what, which and when, in pages', async () => {
    const test = await openTestProgram(store)
    const { program, time } = test
    const start = time.now
    await program.offers.create(tea, rosa)
    time.now += 1_000
    await program.offers.create({ ...tea, id: 'cup' }, { ...rosa, by: 'fred' })
    time.now += 1_000
    await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }], rosa)
    const at = (n: number) => new Date(start + n * 1_000).toISOString()
    expect(await acts(test, { by: 'fred' })).toEqual(['createOffer'])
    expect(await acts(test, { act: 'registerMember' })).toHaveLength(2)
    expect(await acts(test, { targetKind: 'offer' })).toHaveLength(2)
    expect(await acts(test, { targetKind: 'offer', targetId: 'cup' })).toHaveLength(1)
    expect(await acts(test, { targetKind: 'member', targetId: 'bob' })).toEqual(['registerMember'])
    expect(await acts(test, { targetKind: 'member', targetId: 'eve' })).toEqual([])
    expect(await acts(test, { from: at(1) })).toHaveLength(3)
    expect(await acts(test, { until: at(1) })).toEqual(['createOffer'])
    expect(await acts(test, { from: at(1), until: at(2), by: 'fred' })).toHaveLength(1)
    expect(await acts(test, { from: at(0), until: at(9), by: 'eve' })).toEqual([])

    const seen: string[] = []
    let after: string | null = null
    for (let page = 1; page <= 4; page++) {
      const { nodes, pageInfo }: Data = await read(test, { first: 1, after })
      seen.push(nodes[0].targetId)
      expect(pageInfo.hasNextPage).toBe(page < 4)
      after = pageInfo.endCursor
    }
    expect(seen).toEqual(['bob', 'ann', 'cup', 'tea'])
    expect(
      await faultOf(test, ENTRIES, { variables: { filter: { targetId: 'tea' } } }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'filter.targetKind' })
  })

  it('is of operators only, and wants a reason that can be read, if any', async () => {
    const test = await openTestProgram(store)
    await test.program.members.register({ id: 'ann' })
    const input = { id: 'ann', region: 'y' }
    await dataOf(test, UPDATE, { viewer: viewerOf.storefront, variables: { input } })
    expect(await acts(test)).toEqual([])
    for (const reason of ['', ' ', 'x'.repeat(501)]) {
      const { updateMember } = await dataOf(test, UPDATE, {
        variables: { input: { ...input, region: 'z' }, reason },
      })
      expect(updateMember).toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
    }
    expect(await test.program.members.find('ann')).toMatchObject({ region: 'y' })
    await dataOf(test, UPDATE, { variables: { input, reason: 'moved' } })
    expect((await read(test)).nodes).toMatchObject([{ reason: 'moved', before: {}, after: {} }])
  })

  it('has one entry of each act that two servers write at once', async () => {
    const test = await openTestProgram(store)
    if (store === 'memory') return
    const other = await openTestProgram(store, { url: test.url, time: test.time })
    await test.program.members.register({ id: 'ann' })
    const ask = ({ program }: TestProgram, n: number) =>
      program.adjustments.request(
        { memberId: 'ann', points: 1, kind: null, reason: 'r', idempotencyKey: `${n}`, by: 'rosa' },
        rosa,
      )
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => ask(n % 2 ? test : other, n >> 1)),
    )
    expect(answers.filter(isRefusal)).toEqual([])
    const { nodes } = await read(test)
    expect(nodes.map((it: Data) => it.transaction.id).toSorted()).toEqual(
      Array.from({ length: 6 }, (_, n) => `1-${n + 1}`).toSorted(),
    )
  })
})
