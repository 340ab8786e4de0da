import { readFileSync } from 'node:fs'
import {
  type MemberFacts,
  openCalendar,
  RECENT_FIGURES,
  type RecentFigures,
  runAssessment,
} from '@pointwell/plugin'
import { testRiskRule } from '@pointwell/plugin/testing'
import { describe, expect, it } from 'vitest'
import { myPluginSettings } from './my-plugin-settings.js'
import { riskMyPlugin } from './risk-my-plugin.js'

// The whole contract, with random acts and figures.
testRiskRule(riskMyPlugin)

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const member: MemberFacts = {
  id: 'ann',
  joinedAt: 0,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '1' },
  segments: [],
  campaigns: [],
}
const nothing = Object.fromEntries(RECENT_FIGURES.map((name) => [name, 0])) as RecentFigures

/** What the rule says of an act of a member who did so much within the hour before. */
function says(kind: 'earn' | 'redeem', recent: Partial<RecentFigures>) {
  return runAssessment(riskMyPlugin, {
    act: { kind, plugin: 'tea', points: 10, event: {} },
    recent: { ...nothing, ...recent },
    settings: myPluginSettings.parse({}),
    member,
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse('2026-05-02T10:00:00Z'),
    currency: 'CNY',
  })
}

describe('what the rule says', () => {
  it('is what the README works out', () => {
    const rows = [...readme.matchAll(/^\| (earn|redeem) \| (\d+) \| (\d+) \| `(\w+)` \|$/gm)]
    expect(rows.length).toBeGreaterThan(3)
    for (const [, kind, earns, redemptions, told] of rows) {
      const recent = { earnsLastHour: Number(earns), redemptionsLastHour: Number(redemptions) }
      expect(says(kind as 'earn' | 'redeem', recent).answer).toBe(told)
    }
  })
})

describe('the README', () => {
  it('names every setting with its default', () => {
    const told = [...readme.matchAll(/^\| `(\w+)` \| `(.+?)` \|/gm)].map(([, name, value]) => [
      name,
      JSON.parse(value ?? ''),
    ])
    expect(Object.fromEntries(told)).toEqual(myPluginSettings.parse({}))
  })

  it('names every reason', () => {
    for (const reason of Object.keys(riskMyPlugin.words ?? {})) {
      expect(readme).toContain(`\`${reason}\``)
    }
  })
})
