import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as contract from './index.js'
import {
  defineEarnSource,
  grant,
  localDate,
  openCalendar,
  points,
  runDecision,
  step,
} from './index.js'
import {
  type EarnSourceOptions,
  fc,
  type RedemptionChannelOptions,
  testEarnSource,
} from './testing/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

// The README's example, letter for letter; the first test holds the two together.
const visit = defineEarnSource({
  id: 'visit',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Visit', zh: '到店' },
  words: { visit: { en: 'Visit', zh: '到店' } },
  core: false,
  settings: z.strictObject({ points: points().default(10) }),
  event: z.object({ date: localDate() }),
  once: ({ event }) => event.date,
  decide: ({ event, settings, calendar }) =>
    grant({
      points: settings.points,
      because: [step('visit', settings.points, { date: event.date })],
      at: calendar.startOf(event.date),
    }),
})

testEarnSource(visit)

describe('the README', () => {
  it('shows how a plugin is tested', () => {
    const [example = ''] =
      readme.match(/^import \{ testEarnSource[\s\S]+?^testEarnSource.+$/m) ?? []
    expect(example.split('\n')).toEqual([
      "import { testEarnSource } from '@pointwell/plugin/testing'",
      '',
      'testEarnSource(visit)',
    ])
  })

  it('names every option of the kit that an author may need', () => {
    const section = readme.split('## The conformance kit')[1] ?? ''
    const named = [...section.matchAll(/`(\w+)`/g)].map(([, name]) => name)
    const options: Required<EarnSourceOptions> & Required<RedemptionChannelOptions> = {
      runs: 1,
      shorten: true,
      seed: 1,
      deadlineMs: 1,
      effectDeadlineMs: 1,
      arbitraries: {},
      settings: [],
      names: [],
      events: [],
      acts: () => fc.constant({}),
      returnsOf: () => fc.constant({}),
      everythingOf: () => [],
      offers: [],
      orders: [],
      store: () => Promise.reject(new Error('none')),
      givenFor: () => 0,
      faults: {},
    }
    expect(named).toEqual(expect.arrayContaining(Object.keys(options)))
  })

  it('shows a source that works', () => {
    const example = readme.match(/export (const visit = [\s\S]+?\n\}\))\n/)?.[1]
    expect(example).toBeDefined()
    expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain(example)
    const decision = runDecision(visit, {
      event: visit.event.parse({ date: '2021-05-03' }),
      settings: visit.settings.parse({}),
      memory: visit.memory.parse({}),
      member: {
        id: 'm-1',
        joinedAt: 0,
        region: null,
        staff: false,
        birthday: null,
        tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '1' },
        segments: [],
        campaigns: [],
      },
      calendar: openCalendar('Asia/Shanghai'),
      now: Date.parse('2021-05-03T12:00:00+08:00'),
      currency: 'CNY',
    })
    expect(decision).toMatchObject({ points: 10, at: Date.parse('2021-05-02T16:00:00Z') })
  })

  it('names what there is to import', () => {
    const [line = ''] = readme.match(/^\| `@pointwell\/plugin` \|.+$/m) ?? []
    const names = [...line.matchAll(/`(\w+)`/g)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(12)
    expect(Object.keys(contract)).toEqual(expect.arrayContaining(names))
  })
})
