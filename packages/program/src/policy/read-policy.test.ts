import { defineEarnSource, defineRedemptionChannel, grant, points, step } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { policyJsonSchema, policySchema } from './policy-document.js'
import { openPolicyReader } from './read-policy.js'

const title = { en: 'Bell', zh: '铃' }
const bell = defineEarnSource({
  id: 'bell',
  version: '1.0.0',
  contract: '^1.0.0',
  title,
  core: false,
  settings: z.object({
    each: points().default(5),
    deep: z.object({ more: points().default(0) }).prefault({}),
    most: z.array(z.object({ byTier: z.record(z.string(), points()) })).optional(),
    gifts: z.record(z.string(), z.object({ kind: z.string().nullable() })).optional(),
  }),
  event: z.strictObject({ at: z.int() }),
  memory: z.object({}),
  scope: 'member',
  once: ({ event }) => String(event.at),
  decide: ({ settings, event }) =>
    grant({ points: settings.each, because: [step('base', settings.each)], at: event.at }),
})
const shelf = defineRedemptionChannel({
  id: 'shelf',
  version: '1.0.0',
  contract: '^1.0.0',
  title,
  loop: 'closed',
  settings: z.object({ days: points().default(30) }),
  offer: z.strictObject({}),
  order: z.strictObject({}),
  fulfil: async () => ({ outcome: 'fulfilled', receipt: null }),
})
const plugins = { sources: [bell], channels: [shelf] }
const read = openPolicyReader(plugins)
const faultsOf = (document: unknown) => (read(document).faults ?? []).map(({ path }) => path).sort()

describe('E1: the policy document', () => {
  it('M3, X2: is a whole programme when nothing is said', () => {
    const document = read({}).document!
    expect(
      document.tiers.levels.map(({ id, threshold, earnMultiplier }) => [
        id,
        threshold,
        earnMultiplier,
      ]),
    ).toEqual([
      ['regular', '0', '1'],
      ['silver', '5000', '1.2'],
      ['gold', '20000', '1.5'],
    ])
    expect(
      document.tiers.levels.every(({ birthdayMultiplier }) => birthdayMultiplier === '2'),
    ).toBe(true)
    expect(document.tiers.levels[2]?.expiry).toEqual({ term: 'never' })
    const months = Object.entries(document.kinds).map(([id, { expiry }]) => [
      id,
      expiry.term === 'months' ? expiry.months : expiry.term,
    ])
    expect(Object.fromEntries(months)).toEqual({
      base: 24,
      premium: 36,
      bonus: 12,
      welcome: 6,
      purchase: 12,
      task: 3,
      campaign: 1,
    })
    expect(document.returns).toEqual({ policy: 'debt' })
    expect(document.reinstate).toEqual({ policy: 'grace', days: 30 })
    expect(document.sources).toEqual({
      bell: { kind: 'task', settings: { each: 5, deep: { more: 0 } } },
    })
    expect(document.channels).toEqual({ shelf: { settings: { days: 30 } } })
  })

  it('takes its own output, as JSON, for the same', () => {
    const first = read({
      campaigns: [
        {
          id: 'spring',
          title,
          from: '2026-03-01T00:00:00+08:00',
          until: '2026-04-01T00:00:00+08:00',
        },
      ],
    }).document!
    expect(read(JSON.parse(JSON.stringify(first))).document).toEqual(first)
  })

  it.each<[string, object, string[]]>([
    ['an unknown section', { tires: {} }, ['tires']],
    ['an unknown setting deep down', { tiers: { grace: 3 } }, ['tiers.grace']],
    [
      'an unknown setting of a plugin',
      { sources: { bell: { settings: { eech: 1 } } } },
      ['sources.bell.settings.eech'],
    ],
    [
      'a deep one of a plugin',
      { sources: { bell: { settings: { deep: { x: 1 } } } } },
      ['sources.bell.settings.deep.x'],
    ],
    [
      'a bad setting of a plugin',
      { sources: { bell: { settings: { each: -1 } } } },
      ['sources.bell.settings.each'],
    ],
    [
      'a tier that is not there, deep in a plugin’s settings',
      { sources: { bell: { settings: { most: [{ byTier: { gold: 1, gould: 2 } }] } } } },
      ['sources.bell.settings.most.0.byTier.gould'],
    ],
    [
      'a kind that is not there, deep in a source’s settings',
      {
        sources: {
          bell: {
            settings: { gifts: { a: { kind: 'gone' }, b: { kind: 'task' }, c: { kind: null } } },
          },
        },
      },
      ['sources.bell.settings.gifts.a.kind'],
    ],
    ['a plugin that is not there', { channels: { moon: {} } }, ['channels.moon']],
    ['a kind that is not there', { sources: { bell: { kind: 'gone' } } }, ['sources.bell.kind']],
    [
      'a kind that every object has',
      { sources: { bell: { kind: 'constructor' } } },
      ['sources.bell.kind'],
    ],
    ['a zone that is not there', { programme: { zone: 'Mars/Olympus' } }, ['programme.zone']],
    ['a currency that is not there', { programme: { currency: 'ABC' } }, ['programme.currency']],
    [
      'more digits than the currency has',
      {
        programme: { currency: 'JPY' },
        tiers: {
          levels: [
            { id: 'a', title, threshold: '0' },
            { id: 'b', title, threshold: '0.5' },
          ],
        },
      },
      ['tiers.levels.1.threshold'],
    ],
    [
      'thresholds that fall',
      {
        tiers: {
          levels: [
            { id: 'a', title, threshold: '0' },
            { id: 'b', title, threshold: '9' },
            { id: 'c', title, threshold: '9' },
          ],
        },
      },
      ['tiers.levels.2.threshold'],
    ],
    [
      'a first tier that not everybody has',
      { tiers: { levels: [{ id: 'a', title, threshold: '1' }] } },
      ['tiers.levels.0.threshold'],
    ],
    [
      'two tiers of one name',
      {
        tiers: {
          levels: [
            { id: 'a', title, threshold: '0' },
            { id: 'a', title, threshold: '1' },
          ],
        },
      },
      ['tiers.levels.1.id'],
    ],
    [
      'a cap for no tier',
      { caps: { pointsPerDay: { limit: 1, byTier: { tin: 2 } } } },
      ['caps.pointsPerDay.byTier.tin'],
    ],
    [
      'a cap for no source',
      { caps: { perSource: { gone: [{ limit: 1, period: 'day' }] } } },
      ['caps.perSource.gone'],
    ],
    [
      'a cap for no source’s behaviour',
      { caps: { perBehaviour: { gone: { ring: [] } } } },
      ['caps.perBehaviour.gone'],
    ],
    [
      'a cap for a behaviour that its source does not have',
      { caps: { perBehaviour: { bell: { ring: [{ limit: 1, period: 'day' }] } } } },
      ['caps.perBehaviour.bell.ring'],
    ],
    [
      'caps on orders and items for no tier',
      {
        caps: {
          pointsPerOrder: { limit: 1, byTier: { gone: 2 } },
          pointsPerItem: { limit: 1, byTier: { gone: 2 } },
        },
      },
      ['caps.pointsPerItem.byTier.gone', 'caps.pointsPerOrder.byTier.gone'],
    ],
    [
      'two caps a day',
      {
        caps: {
          perSource: {
            bell: [
              { limit: 1, period: 'day' },
              { limit: 2, period: 'day' },
            ],
          },
        },
      },
      ['caps.perSource.bell.1.period'],
    ],
    [
      'a campaign that ends before it starts',
      {
        campaigns: [
          { id: 'a', title, from: '2026-03-01T00:00:00Z', until: '2026-02-01T00:00:00Z' },
        ],
      },
      ['campaigns.0.until'],
    ],
    [
      'a campaign for nobody there is',
      {
        campaigns: [
          {
            id: 'a',
            title,
            from: '2026-03-01T00:00:00Z',
            until: '2026-04-01T00:00:00Z',
            tiers: ['tin'],
            sources: ['gone'],
            badges: ['gone'],
          },
        ],
      },
      ['campaigns.0.badges.0', 'campaigns.0.sources.0', 'campaigns.0.tiers.0'],
    ],
    ['words in one language only', { programme: { name: { en: 'Shop' } } }, ['programme.name.zh']],
    [
      'a term that is none',
      { kinds: { task: { title, expiry: { term: 'months', months: 0 } } } },
      ['kinds.task.expiry.months'],
    ],
    [
      'what no reader could show',
      { programme: { name: { en: 'a\u0000b', zh: 'x' } } },
      ['programme.name.en'],
    ],
  ])('names %s', (_, document, paths) => {
    expect(faultsOf(document)).toEqual(paths)
  })

  it('names every fault, not the first', () => {
    const faults = faultsOf({ tires: {}, quotes: { minutes: 0 }, events: { maxAgeDays: 1.5 } })
    expect(faults).toEqual(['events.maxAgeDays', 'quotes.minutes', 'tires'])
  })

  it.each([null, 1, 'x', [], [{}]])('refuses what is no document: %j', (document) => {
    expect(read(document).faults).toHaveLength(1)
  })

  it('G2: comes as JSON Schema with the plugins’ settings', () => {
    const schema = policyJsonSchema(plugins) as { properties: Record<string, never> }
    expect(schema.properties).toHaveProperty(
      'sources.properties.bell.properties.settings.properties.each',
    )
    expect(schema.properties).toHaveProperty(
      'channels.properties.shelf.properties.settings.properties.days',
    )
    expect(() => JSON.stringify(schema)).not.toThrow()
    // Put together of its parts, it is what zod makes of the whole.
    for (const some of [plugins, { sources: [], channels: [] }]) {
      const whole = z.toJSONSchema(policySchema(some), { io: 'input', unrepresentable: 'any' })
      expect(policyJsonSchema(some)).toEqual(whole)
    }
  })
})
