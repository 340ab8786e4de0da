import { readFileSync } from 'node:fs'
import { isRefusal, type MemberFacts, openCalendar, runDecision } from '@pointwell/plugin'
import { testEarnSource } from '@pointwell/plugin/testing'
import { describe, expect, it } from 'vitest'
import { earnMyPlugin } from './earn-my-plugin.js'
import { myPluginEvent } from './my-plugin-event.js'
import { myPluginSettings } from './my-plugin-settings.js'

// The whole contract, with random events made from the source's own schemas.
testEarnSource(earnMyPlugin)

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

/** What an act earns that is reported at `now`: points, or the code of a refusal. */
function earns(
  { at, now }: { readonly at: string; readonly now: string },
  campaigns: MemberFacts['campaigns'] = [],
): number | string {
  const decision = runDecision(earnMyPlugin, {
    event: myPluginEvent.parse({ ref: 'act-1', at }),
    settings: myPluginSettings.parse({}),
    memory: earnMyPlugin.memory.parse({}),
    member: { ...member, campaigns },
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse(now),
    currency: 'CNY',
  })
  return isRefusal(decision) ? decision.code : decision.points
}

describe('what an act earns', () => {
  it('is what the README works out', () => {
    const rows = [...readme.matchAll(/^\| (\S+Z) \| (\S+Z) \| `?(\w+)`? \|$/gm)]
    expect(rows.length).toBeGreaterThan(2)
    for (const [, at = '', now = '', told] of rows) expect(`${earns({ at, now })}`).toBe(told)
  })

  it('is more while a campaign runs', () => {
    const campaigns = [{ id: 'may', multiplier: '1.5', extraPoints: 2 }]
    const at = '2026-05-02T10:00:00Z'
    expect(earns({ at, now: at }, campaigns)).toBe(17)
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

  it('names every refusal', () => {
    for (const code of Object.keys(earnMyPlugin.refusals ?? {})) {
      expect(readme).toContain(`\`${code}\``)
    }
  })
})
