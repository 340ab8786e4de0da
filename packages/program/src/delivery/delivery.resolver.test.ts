import { defineNotifier, type NotifierMessage } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { DAY_MS, HOUR_MS, openTestProgram } from '../../../../test/support/test-program.js'

type Answer = { outcome: 'delivered' | 'again' | 'dead'; detail?: string }

const noon = (date: string) => Date.parse(`${date}T12:00:00+08:00`)
const LIST = `query ($state: DeliveryState, $notifier: ID, $first: Int = 20, $after: String) {
  deliveries(first: $first, after: $after, state: $state, notifier: $notifier) {
    pageInfo { hasNextPage endCursor }
    nodes { id notifier memberId state attempts queuedAt nextTryAt endedAt detail message { kind title } } } }`
const REDELIVER = `mutation ($id: ID!) { redeliver(id: $id, reason: "their address is right again") {
  ... on Delivery { state attempts detail } ... on Refusal { code field } } }`
const ACTS = '{ auditEntries(first: 9) { nodes { act targetKind targetId before after by } } }'

/** A notifier that keeps what it is given, and answers what a test says, or that it is delivered. */
function openBird(id: string) {
  const given: { message: NotifierMessage; settings: unknown }[] = []
  const answers: (() => Promise<Answer> | Answer)[] = []
  const notifier = defineNotifier({
    id,
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Bird', zh: '鸟' },
    settings: z.object({ wings: z.int().default(2) }),
    async deliver({ message, settings }) {
      given.push({ message, settings })
      return answers.shift()?.() ?? { outcome: 'delivered' }
    },
  })
  return { notifier, given, answers }
}

/** Ann has points of which she is told on the 25th of February, Bob of as many. */
async function open(store: StoreName, { notifiers = {} }: { notifiers?: object } = {}) {
  const bird = openBird('bird')
  const horn = openBird('horn')
  const time = { now: noon('2026-01-05') }
  const faults: string[] = []
  const options = {
    plugins: [bird.notifier, horn.notifier],
    firstPolicy: { notifiers },
    time,
    onPluginFault: ({
      plugin,
      operation,
      reason,
    }: {
      plugin: string
      operation: string
      reason: string
    }) => void faults.push(`${plugin} ${operation} ${reason}`),
  }
  const test = await openTestProgram(store, options)
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  for (const memberId of ['ann', 'bob']) {
    const gift = { memberId, points: 1_000, kind: 'campaign', reason: 'a gift', by: 'rosa' }
    await test.program.adjustments.request({ ...gift, idempotencyKey: memberId })
  }
  const remind = async () => {
    const ran = (await test.program.jobs.runDue()).find(({ name }) => name === 'reminders')
    expect(ran?.error).toBeUndefined()
  }
  const list = async (variables: Record<string, unknown> = {}) =>
    (await dataOf(test, LIST, { viewer: viewerOf.operator('viewer'), variables })).deliveries.nodes
  const redeliver = async (id: string) =>
    (await dataOf(test, REDELIVER, { viewer: viewerOf.operator('support'), variables: { id } }))
      .redeliver
  return { ...test, options, bird, horn, time, faults, remind, list, redeliver }
}

const idsOf = ({ given }: ReturnType<typeof openBird>) =>
  given.map(({ message }) => message.memberId).sort()

describe.each(availableStores())('O1: notifiers on %s', (store) => {
  it('deliver each message once, each of them, in words and figures', async () => {
    const { program, bird, horn, time, remind, list } = await open(store)
    time.now = noon('2026-02-25')
    await remind()
    await program.deliveries.deliverDue()
    expect(idsOf(bird)).toEqual(['ann', 'bob'])
    expect(idsOf(horn)).toEqual(['ann', 'bob'])
    const { message, settings } = bird.given.find((it) => it.message.memberId === 'ann')!
    expect(settings).toEqual({ wings: 2 })
    expect(message).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      memberId: 'ann',
      kind: 'expiring',
      title: { en: 'Your points run out soon', zh: '积分即将过期' },
      body: {
        en: '1,000 points run out at the end of 2026-02-28.',
        zh: '您有 1,000 积分将于 2026-02-28 日终过期。',
      },
      figures: { date: '2026-02-28', points: 1_000, days: 3 },
      at: time.now,
    })
    const all = [...bird.given, ...horn.given].map((it) => it.message.id)
    expect(new Set(all).size).toBe(4)

    time.now += 20 * 60_000
    await remind()
    await program.jobs.runDue()
    expect([bird.given.length, horn.given.length]).toEqual([2, 2])
    expect(await list()).toHaveLength(4)
    expect(await list({ notifier: 'horn', state: 'DELIVERED', first: 1 })).toEqual([
      {
        id: expect.any(String),
        notifier: 'horn',
        memberId: expect.stringMatching(/ann|bob/),
        state: 'DELIVERED',
        attempts: 1,
        queuedAt: '2026-02-25T04:00:00.000Z',
        nextTryAt: null,
        endedAt: '2026-02-25T04:00:00.000Z',
        detail: null,
        message: { kind: 'expiring', title: 'Your points run out soon' },
      },
    ])
  })

  it('list in pages, without gap or repetition', async () => {
    const test = await open(store)
    test.time.now = noon('2026-02-25')
    await test.remind()
    const seen: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const variables = { first: 1, after }
      const { deliveries } = await dataOf(test, LIST, { variables })
      seen.push(...deliveries.nodes.map(({ id }: { id: string }) => id))
      after = deliveries.pageInfo.endCursor
      more = deliveries.pageInfo.hasNextPage
    }
    expect(seen).toHaveLength(4)
    expect(seen.map(Number)).toEqual(seen.map(Number).sort((a, b) => b - a))
    expect(new Set(seen).size).toBe(4)
  })

  it('are asked again, later each time, with the same message, until they have delivered it', async () => {
    const { program, bird, time, remind, list } = await open(store, {
      notifiers: { horn: { enabled: false } },
    })
    const late = (): Answer => ({ outcome: 'again', detail: 'no wind' })
    bird.answers.push(late, late, late, late)
    time.now = noon('2026-02-25')
    await remind()
    await program.deliveries.deliverDue()
    const waits: number[] = []
    for (let n = 0; n < 2; n++) {
      const waiting = await list({ state: 'WAITING' })
      expect(waiting).toHaveLength(2)
      expect(waiting[0]).toMatchObject({ attempts: n + 1, detail: 'no wind', endedAt: null })
      const next = Date.parse(waiting[0].nextTryAt)
      waits.push(next - time.now)
      time.now = next - 1
      expect(await program.deliveries.deliverDue()).toEqual({ tried: 0, failed: 0 })
      time.now = next
      expect((await program.deliveries.deliverDue()).tried).toBe(2)
    }
    expect(waits).toEqual([1_000, 2_000])
    expect(bird.given).toHaveLength(6)
    expect(new Set(bird.given.map(({ message }) => message.id)).size).toBe(2)
    expect((await list()).map(({ state }: { state: string }) => state)).toEqual([
      'DELIVERED',
      'DELIVERED',
    ])
  })

  it('that say it is of no use are asked no more, until an operator says so', async () => {
    const test = await open(store, { notifiers: { horn: { enabled: false } } })
    const { program, bird, time, remind, list, redeliver } = test
    bird.answers.push(() => ({ outcome: 'dead', detail: `no such nest ${'x'.repeat(600)}` }))
    time.now = noon('2026-02-25')
    await remind()
    await program.deliveries.deliverDue()
    const [dead, none] = await list({ state: 'DEAD' })
    expect(none).toBeUndefined()
    expect(dead).toMatchObject({ state: 'DEAD', attempts: 1, nextTryAt: null })
    expect(dead.detail).toMatch(/^no such nest x{487}$/)
    time.now += DAY_MS
    expect(await program.deliveries.deliverDue()).toEqual({ tried: 0, failed: 0 })

    expect(await redeliver(dead.id)).toMatchObject({ state: 'WAITING', attempts: 0 })
    expect(await redeliver(dead.id)).toEqual({ code: 'DELIVERY_NOT_DEAD', field: 'id' })
    for (const id of ['999', '0', '-1', 'x', '9'.repeat(40)]) {
      expect(await redeliver(id)).toEqual({ code: 'DELIVERY_NOT_FOUND', field: 'id' })
    }
    expect(await program.deliveries.deliverDue()).toEqual({ tried: 1, failed: 0 })
    expect(await list({ state: 'DEAD' })).toEqual([])
    const { auditEntries } = await dataOf(test, ACTS, { viewer: viewerOf.operator('admin') })
    expect(auditEntries.nodes.filter(({ act }: { act: string }) => act === 'redeliver')).toEqual([
      {
        act: 'redeliver',
        targetKind: 'delivery',
        targetId: dead.id,
        before: { state: 'dead', detail: dead.detail },
        after: { state: 'waiting' },
        by: expect.any(String),
      },
    ])
  })

  it('give up after the hours that the policy says, with the last reason', async () => {
    const notifiers = { horn: { enabled: false }, bird: { giveUpAfterHours: 5 } }
    const { program, bird, time, remind, list } = await open(store, { notifiers })
    time.now = noon('2026-02-25')
    await remind()
    for (let n = 0; n < 400; n++) bird.answers.push(() => ({ outcome: 'again', detail: 'storm' }))
    for (let hour = 0; hour < 5; hour++) {
      await program.deliveries.deliverDue()
      time.now += HOUR_MS
    }
    const asked = bird.given.length
    expect(asked).toBe(10)
    await program.deliveries.deliverDue()
    expect(bird.given).toHaveLength(asked)
    expect(await list({ state: 'DEAD' })).toMatchObject([
      { detail: 'given up after 5 hours: storm', attempts: 5 },
      { detail: 'given up after 5 hours: storm', attempts: 5 },
    ])
  })

  it('G4: that throw or answer nonsense harm nobody else, and are told of', async () => {
    const { program, bird, horn, time, faults, remind, list } = await open(store)
    const no = (): never => {
      throw new Error('no wings')
    }
    bird.answers.push(no, () => ({ outcome: 'eaten' }) as never)
    time.now = noon('2026-02-25')
    await remind()
    expect(await program.deliveries.deliverDue()).toEqual({ tried: 4, failed: 2 })
    expect(faults.sort()).toEqual(['bird deliver nonsense', 'bird deliver threw'])
    expect(idsOf(horn)).toEqual(['ann', 'bob'])
    const details = (await list({ state: 'WAITING' })).map(
      ({ detail }: { detail: string }) => detail,
    )
    expect(details.sort()).toEqual([
      'it threw Error: no wings',
      'its outcome is none of delivered, again, dead',
    ])
    time.now += HOUR_MS
    expect(await program.deliveries.deliverDue()).toEqual({ tried: 2, failed: 0 })
  })

  it('are switched off and on while the programme runs', async () => {
    const { program, bird, horn, time, remind, list } = await open(store)
    const update = async (document: object) =>
      expect(await program.policies.update({ document, by: 'rosa' })).toHaveProperty('updated')
    bird.answers.push(
      () => ({ outcome: 'again' }),
      () => ({ outcome: 'again' }),
    )
    time.now = noon('2026-02-13')
    await remind()
    await program.deliveries.deliverDue()
    await update({ notifiers: { bird: { enabled: false, settings: { wings: 4 } } } })
    time.now = noon('2026-02-14')
    expect(await program.deliveries.deliverDue()).toEqual({ tried: 0, failed: 0 })
    expect(await list({ state: 'WAITING' })).toHaveLength(2)

    await update({ notifiers: { bird: { settings: { wings: 4 } }, horn: { enabled: false } } })
    time.now = noon('2026-02-15')
    expect(await program.deliveries.deliverDue()).toEqual({ tried: 2, failed: 0 })
    expect(bird.given.at(-1)?.settings).toEqual({ wings: 4 })
    time.now = noon('2026-02-25')
    await remind()
    await program.deliveries.deliverDue()
    expect([bird.given.length, horn.given.length]).toEqual([6, 2])
  })

  it('M8: an erased member is told nothing more, and one who was merged by its name of now', async () => {
    const { program, bird, time, remind, list } = await open(store, {
      notifiers: { horn: { enabled: false } },
    })
    bird.answers.push(
      () => ({ outcome: 'again' }),
      () => ({ outcome: 'again' }),
    )
    time.now = noon('2026-02-25')
    await remind()
    await program.deliveries.deliverDue()
    const merged = { from: 'ann', into: 'cat', reason: 'one', idempotencyKey: 'm', by: 'rosa' }
    await program.members.register({ id: 'cat' })
    expect(await program.merges.merge(merged)).toMatchObject({ finishedAt: expect.any(Number) })
    const asked = { memberId: 'bob', idempotencyKey: 'e', acting: null }
    expect(await program.erasures.erase(asked)).toMatchObject({ state: 'done' })
    bird.given.length = 0
    time.now += HOUR_MS
    await program.deliveries.deliverDue()
    expect(idsOf(bird)).toEqual(['cat'])
    expect(await list()).toMatchObject([{ memberId: 'cat' }])
  })

  it('a server that is gone amid a delivery leaves it to another, and comes too late itself', async () => {
    const test = await open(store, { notifiers: { horn: { enabled: false } } })
    const { program, bird, time, remind, list } = test
    let wake = (_: Answer): void => {}
    const asleep = () => new Promise<Answer>((resolve) => (wake = resolve))
    bird.answers.push(asleep, () => ({ outcome: 'delivered' }))
    time.now = noon('2026-02-25')
    await remind()
    const first = program.deliveries.deliverDue()
    while (bird.given.length < 2) await new Promise((resolve) => setImmediate(resolve))

    time.now += 60_000
    const other = await openTestProgram(store, { ...test.options, url: test.url })
    expect((await other.program.deliveries.deliverDue()).tried).toBeLessThanOrEqual(2)
    expect(await list({ state: 'DELIVERED' })).toHaveLength(2)
    wake({ outcome: 'dead', detail: 'too late' })
    await first
    expect(await list({ state: 'DEAD' })).toEqual([])
  })

  it('of two servers that look at once only one has each', async () => {
    const test = await open(store)
    test.time.now = noon('2026-02-25')
    await test.remind()
    const other = await openTestProgram(store, { ...test.options, url: test.url })
    await Promise.all(
      [test, other, test, other].map(({ program }) => program.deliveries.deliverDue()),
    )
    expect(idsOf(test.bird)).toEqual(['ann', 'bob'])
    expect(idsOf(test.horn)).toEqual(['ann', 'bob'])
  })
})
