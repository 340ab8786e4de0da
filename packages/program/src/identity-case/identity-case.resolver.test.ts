import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { statementsOf } from '../../../../test/support/statements-of.js'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const REPORT = `mutation ($input: ReportIdentitiesInput!) { reportIdentities(input: $input) {
  ... on IdentitiesReported { reported } ... on Refusal { code field }
} }`
const CASES = `query ($status: IdentityCaseStatus, $first: Int) { identityCases(status: $status, first: $first) {
  nodes { id evidence kind value found allowed status memberIds decidedBy decisionReason } } }`
const DECIDE = `mutation ($id: ID!, $decision: IdentityCaseDecision!) {
  decideIdentityCase(id: $id, decision: $decision, reason: "looked at it") {
    ... on IdentityCase { id status decidedBy decisionReason } ... on Refusal { code field }
  } }`

type Store = Parameters<typeof openTestProgram>[0]
const MEMBERS = ['ann', 'bob', 'cat', 'dan', 'eve']

async function openShop(store: Store, options: Parameters<typeof openTestProgram>[1] = {}) {
  const test = await openTestProgram(store, options)
  if (!options.url) await test.program.members.registerMany(MEMBERS.map((id) => ({ id })))
  return test
}

const report = async (
  test: TestProgram,
  memberId: string,
  value: string,
  more: Record<string, unknown> = {},
) => {
  const input = { memberId, identities: [{ kind: 'device', value }], ...more }
  return (await dataOf(test, REPORT, { variables: { input } })).reportIdentities
}
const cases = async (test: TestProgram, status: string | null = null) =>
  (await dataOf(test, CASES, { variables: { status } })).identityCases.nodes
const decide = async (test: TestProgram, id: string, decision: 'CLEAR' | 'CONFIRM') =>
  (await dataOf(test, DECIDE, { variables: { id, decision } })).decideIdentityCase
let orders = 0
const earn = async ({ program, time }: TestProgram, memberId: string) => {
  const earned = await program.earn({
    source: 'purchase',
    memberId,
    event: {
      orderId: `order-${orders++}`,
      at: time.now,
      lines: [{ id: '1', quantity: 10, priceMinor: 1_00 }],
    },
  })
  if (isRefusal(earned)) throw new Error(earned.code)
  return earned
}
const pointsOf = async (test: TestProgram, memberId: string) => (await earn(test, memberId)).points
const runJobs = async (test: TestProgram) => {
  test.time.now += HOUR_MS
  const runs = await test.program.jobs.runDue()
  return runs.find(({ name }) => name === 'review-identities')
}

describe.each(availableStores())('over-linked identities on %s', (store) => {
  it('E12: a device of more members than allowed stops all of them, until an operator decides', async () => {
    const test = await openShop(store)
    for (const member of ['ann', 'bob', 'cat']) {
      expect(await report(test, member, 'd1')).toEqual({ reported: 1 })
    }
    await report(test, 'cat', 'd1')
    expect(await pointsOf(test, 'ann')).toBe(10)
    expect(await cases(test)).toEqual([])
    await report(test, 'dan', 'd1')
    const [opened] = await cases(test, 'OPEN')
    expect(opened).toEqual({
      id: opened.id,
      evidence: 'SHARED',
      kind: 'device',
      value: 'd1',
      found: 4,
      allowed: 3,
      status: 'OPEN',
      memberIds: ['ann', 'bob', 'cat', 'dan'],
      decidedBy: null,
      decisionReason: null,
    })
    const nothing = await earn(test, 'ann')
    expect(nothing.points).toBe(0)
    expect(nothing.transaction.explanation).toContainEqual({ step: 'identities', points: -10 })
    expect(await pointsOf(test, 'eve')).toBe(10)
    // Whoever comes to it is in it.
    await report(test, 'eve', 'd1')
    expect(await pointsOf(test, 'eve')).toBe(0)

    expect(await decide(test, opened.id, 'CLEAR')).toEqual({
      id: opened.id,
      status: 'CLEARED',
      decidedBy: 'rosa',
      decisionReason: 'looked at it',
    })
    for (const member of MEMBERS) expect(await pointsOf(test, member)).toBe(10)
    // What is all right stays so, also when it is seen again.
    await report(test, 'eve', 'd1')
    expect(await pointsOf(test, 'eve')).toBe(10)
    expect(await decide(test, opened.id, 'CONFIRM')).toMatchObject({ status: 'CONFIRMED' })
    expect(await pointsOf(test, 'eve')).toBe(0)
    expect(await cases(test, 'OPEN')).toEqual([])
    const entries = await test.program.audit.page({ filter: {}, before: null, limit: 9 })
    expect(entries).toMatchObject([
      { act: 'decideIdentityCase', before: { status: 'cleared' }, after: { status: 'confirmed' } },
      { act: 'decideIdentityCase', before: { status: 'open' }, after: { status: 'cleared' } },
    ])
  })

  it('E12: a return of what earned nothing takes nothing, and of what earned before takes it back', async () => {
    const test = await openShop(store, {
      firstPolicy: { identities: { shared: { device: 1 } } },
    })
    const back = (once: string) =>
      test.program.returnEarned({
        source: 'purchase',
        once,
        taken: { returnId: 'r', lines: [{ line: '1', quantity: 4 }] },
      })
    const before = await earn(test, 'ann')
    await report(test, 'ann', 'd1')
    await report(test, 'bob', 'd1')
    const during = await earn(test, 'ann')
    const [{ id }] = await cases(test)
    await decide(test, id, 'CLEAR')
    expect(await back(during.once)).toMatchObject({ points: -0 })
    expect(await back(before.once)).toMatchObject({ points: -4 })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(6)
  })

  it('E12: a limit that is lowered stops who has more, and one that is raised lets them go', async () => {
    const test = await openShop(store)
    const { program } = test
    const cards = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ kind: 'card', value: `c${n}` }))
    await program.members.update({ id: 'ann', identities: cards(4) })
    await runJobs(test)
    expect(await pointsOf(test, 'ann')).toBe(10)
    const limitTo = (identities: object) =>
      program.policies.update({ document: { identities }, by: 'rosa' })
    await limitTo({ limits: { card: 3 } })
    expect(await runJobs(test)).toMatchObject({ result: '2 looked at' })
    expect(await cases(test)).toMatchObject([
      { evidence: 'LINKED', kind: 'card', value: null, found: 4, allowed: 3, memberIds: ['ann'] },
    ])
    expect(await pointsOf(test, 'ann')).toBe(0)
    expect(await runJobs(test)).toMatchObject({ result: 'nothing has changed' })
    await limitTo({ limits: { card: 9 } })
    await runJobs(test)
    expect(await cases(test)).toMatchObject([{ status: 'LAPSED' }])
    expect(await pointsOf(test, 'ann')).toBe(10)
    // Fewer may earn than may be linked, and that counts at once.
    await limitTo({ limits: { card: 9 }, earningLimits: { card: 4 } })
    expect(await pointsOf(test, 'ann')).toBe(10)
    await program.members.update({ id: 'ann', identities: cards(5) })
    expect(await pointsOf(test, 'ann')).toBe(0)
    expect(await cases(test)).toMatchObject([{ status: 'OPEN', found: 5, allowed: 4 }])
    await program.members.update({ id: 'ann', identities: cards(2) })
    expect(await pointsOf(test, 'ann')).toBe(10)
    await program.members.register({
      id: 'new',
      identities: cards(5).map((card) => ({ ...card, value: `new ${card.value}` })),
    })
    expect(await pointsOf(test, 'new')).toBe(0)
  })

  it('E12: what was seen long ago does not count', async () => {
    const test = await openShop(store, {
      firstPolicy: { identities: { shared: { device: 1 }, sharedDays: 30 } },
    })
    await report(test, 'ann', 'd1')
    test.time.now += 31 * DAY_MS
    await report(test, 'bob', 'd1')
    expect(await cases(test)).toEqual([])
    await report(test, 'cat', 'd1')
    expect(await cases(test)).toMatchObject([{ found: 2, memberIds: ['bob', 'cat'] }])
    // A month later nobody has decided, and nobody has been seen with it again.
    test.time.now += 31 * DAY_MS
    await runJobs(test)
    expect(await cases(test)).toMatchObject([{ status: 'LAPSED' }])
    expect(await pointsOf(test, 'cat')).toBe(10)
  })

  it('refuses what it cannot count, and decides no case that there is not', async () => {
    const test = await openShop(store)
    expect(await report(test, 'zoe', 'd1')).toEqual({ code: 'MEMBER_NOT_FOUND', field: 'memberId' })
    expect(await report(test, 'ann', ' d1')).toMatchObject({ code: 'INVALID_INPUT' })
    expect(
      await report(test, 'ann', 'd1', { identities: [{ kind: 'phone', value: '1' }] }),
    ).toEqual({ code: 'INVALID_INPUT', field: 'identities.0.kind' })
    const at = new Date(test.time.now + DAY_MS).toISOString()
    expect(await report(test, 'ann', 'd1', { at })).toMatchObject({ code: 'EVENT_IN_FUTURE' })
    for (const id of ['9', 'x']) {
      expect(await decide(test, id, 'CLEAR')).toEqual({
        code: 'IDENTITY_CASE_NOT_FOUND',
        field: 'id',
      })
    }
    expect(
      await test.program.policies.update({
        document: { identities: { earningLimits: { moon: 1 } } },
        by: 'rosa',
      }),
    ).toMatchObject({ faults: [{ path: 'identities.earningLimits.moon' }] })
  })
})

const sharedStores = availableStores().filter((store) => store !== 'memory')

describe.each(sharedStores)('over-linked identities on several servers on %s', (store) => {
  it('E12: two servers that see one device too often at once find it', async () => {
    const first = await openShop(store)
    const second = await openShop(store, { url: first.url, time: first.time })
    for (let round = 0; round < 8; round++) {
      await Promise.all(
        ['ann', 'bob', 'cat', 'dan'].map((member, n) =>
          report(n % 2 === 0 ? first : second, member, `d${round}`),
        ),
      )
    }
    const found = await cases(first)
    expect(found).toHaveLength(8)
    for (const one of found) expect(one.memberIds).toEqual(['ann', 'bob', 'cat', 'dan'])
    await Promise.all(
      found.map(({ id }: { id: string }, n: number) =>
        decide(n % 2 === 0 ? first : second, id, 'CLEAR'),
      ),
    )
    expect(await pointsOf(second, 'ann')).toBe(10)
  })

  it('A4: a page of cases is the same number of statements, however many there are', async () => {
    const test = await openShop(store, {
      firstPolicy: { identities: { shared: { device: 1 } } },
    })
    for (let n = 0; n < 5; n++) {
      await report(test, 'ann', `d${n}`)
      await report(test, 'bob', `d${n}`)
    }
    const read = async (first: number) => {
      const statements = await statementsOf(test, async () => {
        const { identityCases } = await dataOf(test, CASES, { variables: { first } })
        expect(identityCases.nodes).toHaveLength(first)
      })
      return statements.length
    }
    expect(await read(1)).toBe(2)
    expect(await read(5)).toBe(2)
  })
})

describe('E12: whatever is seen with whom, and whatever operators decide', () => {
  it('stops exactly those in a case that is open or confirmed', async () => {
    const act = fc.oneof(
      { weight: 5, arbitrary: fc.record({ member: fc.nat(4), device: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.record({ device: fc.nat(2), clear: fc.boolean() }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
        const test = await openShop('memory', {
          firstPolicy: { identities: { shared: { device: 2 } } },
        })
        const seen = [0, 1, 2].map(() => new Set<number>())
        const verdicts: ('none' | 'stopped' | 'cleared')[] = ['none', 'none', 'none']
        for (const it of acts) {
          if ('member' in it) {
            await report(test, MEMBERS[it.member]!, `d${it.device}`)
            seen[it.device]!.add(it.member)
            const isOver = seen[it.device]!.size > 2
            if (isOver && verdicts[it.device] === 'none') verdicts[it.device] = 'stopped'
          } else if (verdicts[it.device] !== 'none') {
            const all = await cases(test)
            const { id } = all.find(({ value }: { value: string }) => value === `d${it.device}`)
            await decide(test, id, it.clear ? 'CLEAR' : 'CONFIRM')
            verdicts[it.device] = it.clear ? 'cleared' : 'stopped'
          }
        }
        for (const [n, member] of MEMBERS.entries()) {
          const isStopped = verdicts.some(
            (verdict, device) => verdict === 'stopped' && seen[device]!.has(n),
          )
          expect(await pointsOf(test, member)).toBe(isStopped ? 0 : 10)
        }
      }),
      { numRuns: 25 },
    )
  })
})
