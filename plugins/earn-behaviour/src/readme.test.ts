import { readFileSync } from 'node:fs'
import { isRefusal, openCalendar, runDecision } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { behaviour } from './behaviour.js'
import { behaviourEvent } from './event/behaviour-event.js'
import { behaviourMemory } from './memory/behaviour-memory.js'
import { behaviourSettings, MOST_BEHAVIOURS } from './settings/behaviour-settings.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const defaults = behaviourSettings.parse({})

describe('the README', () => {
  it('works its example as the plugin does', () => {
    const rows = [
      ...readme.matchAll(
        /^\| (\d\d-\d\d) (\d\d:\d\d) \| `(.+?)` \| (\w) \| (?:(\d+)|`(\w+)`) \| (\d*) ?\|$/gm,
      ),
    ]
    expect(rows).toHaveLength(8)
    let memory: unknown = behaviourMemory.parse({})
    for (const [, day, time, id, ref, points, code, left] of rows) {
      const at = Date.parse(`2021-${day}T${time}:00+08:00`)
      const decision = runDecision(behaviour, {
        event: behaviourEvent.parse({ behaviour: id, ref, at }),
        memory,
        settings: defaults,
        member: {
          id: 'm-1',
          joinedAt: 0,
          region: null,
          staff: false,
          birthday: null,
          tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
          segments: [],
          campaigns: [],
        },
        calendar: openCalendar('Asia/Shanghai'),
        now: at,
        currency: 'CNY',
      })
      if (isRefusal(decision)) {
        expect(decision.code).toBe(code)
        continue
      }
      expect(decision.points).toBe(Number(points))
      expect(decision.details).toMatchObject({ left: Number(left) })
      memory = decision.memory
    }
  })

  it('names every setting with its default', () => {
    const told = Object.fromEntries(
      [...readme.matchAll(/^\| `(\w+)` \| (?:`(.+?)`|see below)? ?\|/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    )
    const [one] = Object.values(
      behaviourSettings.parse({
        behaviours: { it: { title: { en: 'It', zh: '它' }, points: 1 } },
      }).behaviours,
    )
    const { title, points, ...others } = one!
    const known = Object.entries({ daysLate: defaults.daysLate, ...others }).map(
      ([name, value]) => [name, JSON.stringify(value)],
    )
    const needed = Object.keys({ title, points, behaviours: {} }).map((name) => [name, undefined])
    expect(told).toEqual(Object.fromEntries([...known, ...needed]))
    expect(readme).toContain(`${MOST_BEHAVIOURS} at most; given`)
  })

  it('names every behaviour there is to begin with', () => {
    const told = [
      ...readme.matchAll(
        /^\| `([\w-]+)` \| (\d+) \| (\d+) \| (\w+) \| (?:`(\w+)` )?\| (\w+) \|$/gm,
      ),
    ].map(([, id, points, times, per, kind = null, core]) => [
      id,
      { points: Number(points), times: Number(times), per, kind, core: core === 'yes' },
    ])
    const known = Object.entries(defaults.behaviours).map(
      ([id, { points, times, per, kind, core }]) => [id, { points, times, per, kind, core }],
    )
    expect(told).toEqual(known)
  })

  it('names every refusal', () => {
    for (const code of Object.keys(behaviour.refusals ?? {})) {
      expect(readme).toContain(`\`${code}\``)
    }
  })
})
