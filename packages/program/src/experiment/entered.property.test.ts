import { createHash } from 'node:crypto'
import { verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  shelf,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'

const RUNS: Record<StoreName, number> = { memory: 25, sqlite: 6, mysql: 4 }

const PRICES = `query ($memberId: ID) {
  tea: offer(id: "tea", memberId: $memberId) { price }
  cup: offer(id: "cup", memberId: $memberId) { price } }`
const QUOTE = `mutation ($memberId: ID!, $offerId: ID!) {
  quote(offerId: $offerId, memberId: $memberId) { ... on Quote { id points } } }`
const MEMBERS_NOW = '{ members(first: 50) { nodes { id variants { experiment variant } } } }'
const HISTORY = `query ($id: ID!) { member(id: $id) { wallet {
  transactions(first: 50) { nodes { id variants { experiment variant } } } } } }`
const RESULTS = `query ($of: ID!) { surveyResults(from: "2026-01-01", to: "2026-12-31") {
  byVariant(experiment: $of) { variant fulfilled } } }`

const title = { en: 'x', zh: 'x' }
const MEMBERS = Array.from({ length: 6 }, (_, n) => `m-${n}`)
const EXPERIMENTS = ['wake', 'hello'] as const
const OFFERS = { tea: 'wake', cup: 'hello' } as const
type Offer = keyof typeof OFFERS
const OWN: Record<Offer, number> = { tea: 5, cup: 3 }
const TRIED: Record<Offer, Record<string, number>> = { tea: { a: 7, b: 11 }, cup: { a: 13, b: 17 } }
const SHARES = [
  ['a', 0.5],
  ['b', 0.3],
] as const

/** What is tried, as the model has it. */
interface Tried {
  readonly id: string
  readonly from: number
  readonly until: number | null
  readonly segments: readonly string[] | null
  readonly rolledOut: string | null
}

const who = fc.constantFrom(...MEMBERS)
const of = fc.constantFrom(...EXPERIMENTS)
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('buy' as const), who }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('review' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('begin' as const),
      of,
      inHours: fc.integer({ min: 0, max: 30 }),
      forHours: fc.option(fc.integer({ min: 1, max: 90 })),
      segments: fc.constantFrom(null, ['awake'], ['sleeping'], ['sleeping', 'awake']),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('stop' as const), of }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('rollOut' as const),
      of,
      variant: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('takeOut' as const), of }) },
)
const story = fc.array(
  fc.record({ waitHours: fc.integer({ min: 0, max: 40 }), looksAt: who, act }),
  { minLength: 4, maxLength: 20 },
)
type Story = ReturnType<typeof story.generate>['value']

/** All who fell asleep are in it, wake up and stay; it ends, begins anew, and is rolled out. */
const EVERYTHING: Story = (
  [
    [1, { act: 'buy', who: 'm-0' }],
    [1, { act: 'buy', who: 'm-1' }],
    [1, { act: 'buy', who: 'm-2' }],
    [60, { act: 'review' }],
    [1, { act: 'begin', of: 'wake', inHours: 2, forHours: null, segments: ['sleeping'] }],
    [1, { act: 'review' }],
    [2, { act: 'review' }],
    [1, { act: 'buy', who: 'm-0' }],
    [30, { act: 'review' }],
    [30, { act: 'buy', who: 'm-3' }],
    [1, { act: 'begin', of: 'wake', inHours: 0, forHours: 70, segments: ['awake'] }],
    [1, { act: 'review' }],
    [30, { act: 'buy', who: 'm-1' }],
    [1, { act: 'rollOut', of: 'wake', variant: 'b' }],
    [1, { act: 'review' }],
    [30, { act: 'review' }],
    [1, { act: 'takeOut', of: 'wake' }],
    [1, { act: 'begin', of: 'wake', inHours: 0, forHours: null, segments: ['sleeping', 'awake'] }],
    [1, { act: 'buy', who: 'm-2' }],
    [1, { act: 'review' }],
  ] as [number, Story[number]['act']][]
).map(([waitHours, act], n) => ({ waitHours, act, looksAt: MEMBERS[n % 4]! }))

async function open(store: StoreName) {
  const experiments = EXPERIMENTS.map((id) => ({ ...NEVER, id }))
  const test = await openTestProgram(store, {
    plugins: [shop, bell, shelf],
    firstPolicy: documentOf(experiments),
  })
  const { program, time } = test
  await program.members.registerMany(MEMBERS.map((id) => ({ id })))
  for (const memberId of MEMBERS) {
    assertDone(await program.earn({ source: 'bell', memberId, event: { at: time.now } }))
  }
  for (const [id, experiment] of Object.entries(OFFERS)) {
    const variants = SHARES.map(([variant]) => ({ variant, byHand: TRIED[id as Offer][variant] }))
    const price = { byHand: OWN[id as Offer], byExperiment: { experiment, variants } }
    const offer = { id, channel: 'shelf', title, cashValue: '1.00 CNY', price }
    assertDone(await program.offers.create(offer as never))
  }
  return test
}

const NEVER = { from: MONDAY_NOON + 999 * DAY_MS, until: null, segments: null, rolledOut: null }
const iso = (at: number | null) => at && new Date(at).toISOString()

function documentOf(experiments: readonly Tried[]) {
  return {
    kinds: {
      base: { title, expiry: { term: 'never' } },
      fleeting: { title, expiry: { term: 'days', days: 1 } },
    },
    sources: {
      purchase: { kind: 'fleeting' },
      bell: { kind: 'base', settings: { each: 1_000_000 } },
    },
    segments: {
      list: [
        { id: 'awake', title, anyOf: [{ daysSinceOrder: { max: 1 } }] },
        { id: 'sleeping', title, anyOf: [{ daysSinceOrder: { min: 2 } }] },
      ],
    },
    experiments: experiments.map((it) => ({
      ...it,
      title,
      from: iso(it.from),
      until: iso(it.until),
      variants: SHARES.map(([id, share]) => ({ id, share: `${share}` })),
    })),
  }
}

/** Days since an epoch, in the programme's zone. */
const dayOf = (at: number) => Math.floor((at + 8 * HOUR_MS) / DAY_MS)

/** Who is in what, by nothing of the code's own. */
class Model {
  experiments: readonly Tried[] = EXPERIMENTS.map((id) => ({ ...NEVER, id }))
  private readonly ordered = new Map<string, number>()
  private readonly entered = new Map<string, number>()
  private last: string | undefined

  buys(member: string, now: number) {
    this.ordered.set(member, now)
  }

  /** Whether there is a review to be done; it is. */
  reviews(now: number): boolean {
    const entering = this.experiments.filter(
      ({ from, until, rolledOut, segments }) =>
        segments && from <= now && (rolledOut !== null || until === null || now < until),
    )
    const rules = entering.map(({ id, from, segments }) => `${id} ${from} ${segments}`)
    const why = `${dayOf(now)} ${rules}`
    if (this.last === why) return false
    this.last = why
    for (const member of MEMBERS) {
      const ordered = this.ordered.get(member)
      if (ordered === undefined) continue
      const segment = dayOf(now) - dayOf(ordered) >= 2 ? 'sleeping' : 'awake'
      for (const experiment of entering) {
        if (!experiment.segments!.includes(segment) || this.isOf(experiment, member)) continue
        this.entered.set(`${experiment.id} ${member}`, now)
      }
    }
    return true
  }

  private isOf({ id, from, segments }: Tried, member: string | null): boolean {
    if (segments === null) return true
    const at = this.entered.get(`${id} ${member}`)
    return at !== undefined && at >= from
  }

  private assigned({ id }: Tried, member: string): string | undefined {
    const hash = createHash('sha256')
      .update(`${id}\n${MEMBERS.indexOf(member) + 1}`)
      .digest('hex')
    let place = Number(BigInt(`0x${hash.slice(0, 12)}`) % 1_000_000n) / 1_000_000
    for (const [variant, share] of SHARES) {
      if (place < share) return variant
      place -= share
    }
    return undefined
  }

  /** As GraphQL shows it. */
  variantsOf(member: string, now: number) {
    return this.experiments
      .filter(
        (it) =>
          it.rolledOut === null &&
          it.from <= now &&
          (it.until === null || now < it.until) &&
          this.isOf(it, member),
      )
      .flatMap((it) => {
        const variant = this.assigned(it, member)
        return variant === undefined ? [] : [{ experiment: it.id, variant }]
      })
      .sort((a, b) => a.experiment.localeCompare(b.experiment))
  }

  priceOf(offer: Offer, member: string | null, now: number): number {
    const experiment = this.experiments.find(({ id }) => id === OFFERS[offer])
    if (!experiment) return OWN[offer]
    const { id, rolledOut } = experiment
    if (rolledOut !== null) {
      return this.isOf(experiment, member) ? TRIED[offer][rolledOut]! : OWN[offer]
    }
    const own = member === null ? [] : this.variantsOf(member, now)
    const variant = own.find((it) => it.experiment === id)?.variant
    return variant === undefined ? OWN[offer] : TRIED[offer][variant]!
  }

  change(of: string, changed: (before: Tried | undefined) => Tried | undefined) {
    const after = changed(this.experiments.find(({ id }) => id === of))
    const others = this.experiments.filter(({ id }) => id !== of)
    this.experiments = after ? [...others, after] : others
  }
}

async function play(test: TestProgram, steps: Story) {
  const { program, ledger, time } = test
  const model = new Model()
  const seen = new Map<string, number>()
  const told = new Map<string, { member: string; variants: object[] }>()
  const redeemed = new Map<string, number>()
  let keys = 0

  /** All that was written since: each with the variants that its member is in now. */
  const look = async (variants: (member: string) => object[]) => {
    for (const [n, member] of MEMBERS.entries()) {
      const known = seen.get(member) ?? 0
      for (const tx of await ledger.store.findNewestTransactions([n + 1], 30)) {
        if (tx.version <= known) continue
        expect(tx.recordedAt).toBe(time.now)
        const wanted = variants(member)
        const labels = Object.entries(tx.labels).flatMap(([name, variant]) =>
          name.startsWith('experiment:') ? [{ experiment: name.slice(11), variant }] : [],
        )
        expect(labels.toSorted((a, b) => (a.experiment < b.experiment ? -1 : 1))).toEqual(wanted)
        told.set(tx.id, { member, variants: wanted })
        seen.set(member, Math.max(seen.get(member) ?? 0, tx.version))
        kinds.add(`${tx.type} ${wanted.length > 0 ? 'in' : 'out'}`)
      }
    }
  }
  const inNow = (member: string) => model.variantsOf(member, time.now)
  const change = async () => {
    const document = documentOf(model.experiments)
    const updated = await program.policies.update({ document, by: 'rosa' })
    expect(updated).not.toHaveProperty('faults')
  }

  await look(() => [])
  for (const { waitHours, looksAt, act } of steps) {
    // Never twice in one moment, so that what comes after another is later.
    time.now += waitHours * HOUR_MS + 1
    const { now } = time
    const before = new Map(MEMBERS.map((member) => [member, inNow(member)]))
    await ledger.sweep(1_000)
    if (act.act === 'buy') {
      const event = {
        orderId: `o${keys++}`,
        at: now,
        // More than is redeemed, so that some of it runs out.
        lines: [{ id: '1', quantity: 1, priceMinor: 1_000_00 }],
      }
      assertDone(await program.earn({ source: 'purchase', memberId: act.who, event }))
      model.buys(act.who, now)
    } else if (act.act === 'review') {
      const { signal } = new AbortController()
      const report = (what: string, fault: unknown) => {
        throw new Error(`${what}: ${fault}`)
      }
      const said = await program.reviews.run({ now, signal, report })
      expect(said).toBe(model.reviews(now) ? `${MEMBERS.length} members` : 'nothing to do')
    } else {
      model.change(act.of, (known) => {
        if (act.act === 'begin') {
          const { of: id, inHours, forHours, segments } = act
          const from = now + inHours * HOUR_MS
          const until = forHours === null ? null : from + forHours * HOUR_MS
          return { id, from, until, segments, rolledOut: null }
        }
        if (act.act === 'takeOut' || !known) return undefined
        if (act.act === 'rollOut') return { ...known, rolledOut: act.variant }
        return known.from < now ? { ...known, until: now } : undefined
      })
      await change()
    }
    // Whoever enters by a review was not in it yet.
    await look((member) => before.get(member)!)

    const { members } = await dataOf(test, MEMBERS_NOW)
    expect(members.nodes).toEqual(
      expect.arrayContaining(MEMBERS.map((id) => ({ id, variants: inNow(id) }))),
    )
    for (const memberId of [looksAt, null]) {
      const shown = await dataOf(test, PRICES, { variables: { memberId } })
      for (const offer of ['tea', 'cup'] as const) {
        expect(Number(shown[offer].price)).toBe(model.priceOf(offer, memberId, now))
      }
    }
    for (const offerId of ['tea', 'cup'] as const) {
      const price = model.priceOf(offerId, looksAt, now)
      const memberId = looksAt
      const { quote } = await dataOf(test, QUOTE, { variables: { memberId, offerId } })
      expect(Number(quote.points)).toBe(price)
      const idempotencyKey = `k${keys++}`
      for (const request of [{ quoteId: quote.id }, { offerId, idempotencyKey }]) {
        const redemption = await program.redemptions.redeem({ memberId, ...request })
        assertDone(redemption)
        expect([redemption.status, redemption.points]).toEqual(['fulfilled', price])
        for (const { experiment, variant } of inNow(memberId)) {
          const name = `${experiment} ${variant}`
          redeemed.set(name, (redeemed.get(name) ?? 0) + 1)
        }
      }
    }
    await look(inNow)
  }

  for (const id of MEMBERS) {
    const { member } = await dataOf(test, HISTORY, { variables: { id } })
    for (const node of member.wallet.transactions.nodes as Data[]) {
      expect(node.variants).toEqual(told.get(node.id)!.variants)
    }
  }
  for (const { id } of model.experiments) {
    const { surveyResults } = await dataOf(test, RESULTS, { variables: { of: id } })
    expect(surveyResults.byVariant).toEqual(
      SHARES.map(([variant]) => ({ variant, fulfilled: redeemed.get(`${id} ${variant}`) ?? 0 })),
    )
  }
  expect((await verifyLedger(ledger.store)).ok).toBe(true)
}

/** Which types of transactions there were, of members in an experiment and of others. */
const kinds = new Set<string>()

describe.each(availableStores())('T1, M6: experiments on segments on %s', (store) => {
  it('are of whoever was found in one of them since they began, whatever happens', async () => {
    kinds.clear()
    await play(await open(store), EVERYTHING)
    // Or this test would show nothing.
    expect([...kinds]).toEqual(
      expect.arrayContaining(
        ['grant', 'expire', 'hold', 'capture'].flatMap((type) => [`${type} in`, `${type} out`]),
      ),
    )
    await fc.assert(
      fc.asyncProperty(story, async (steps) => play(await open(store), steps)),
      { numRuns: RUNS[store] },
    )
  })
})
