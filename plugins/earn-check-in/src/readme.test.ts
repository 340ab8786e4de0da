import { readFileSync } from 'node:fs'
import { isRefusal, openCalendar, runDecision } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { checkIn } from './check-in.js'
import { checkInEvent } from './event/check-in-event.js'
import { checkInMemory } from './memory/check-in-memory.js'
import { checkInSettings } from './settings/check-in-settings.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('the README', () => {
  it('works its example as the plugin does', () => {
    const rows = [
      ...readme.matchAll(
        /^\| (\d\d-\d\d) \| (check-in|make-up on (\d\d-\d\d)) \| (\d+) \| (\d+) \|$/gm,
      ),
    ]
    expect(rows).toHaveLength(8)
    let memory: unknown = checkInMemory.parse({})
    for (const [, day, , usedOn, points, streak] of rows) {
      const decision = runDecision(checkIn, {
        event: checkInEvent.parse({ date: `2021-${day}`, makeUp: usedOn !== undefined }),
        memory,
        settings: checkInSettings.parse({}),
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
        now: Date.parse(`2021-${usedOn ?? day}T12:00:00+08:00`),
        currency: 'CNY',
      })
      if (isRefusal(decision)) throw new Error(decision.code)
      expect(decision.points).toBe(Number(points))
      expect(decision.details).toMatchObject({ streak: Number(streak) })
      memory = decision.memory
    }
  })

  it('names every setting with its default', () => {
    const told = [...readme.matchAll(/^\| `(.+?)` \| `(.+?)` \|/gm)].map(([, name, value]) => [
      name,
      value,
    ])
    const { makeUp, ...others } = checkInSettings.parse({})
    const defaults = [
      ...Object.entries(others),
      ...Object.entries(makeUp).map(([name, value]) => [`makeUp.${name}`, value] as const),
    ].map(([name, value]) => [name, JSON.stringify(value)])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(defaults))
  })

  it('names every refusal', () => {
    for (const code of Object.keys(checkIn.refusals ?? {})) expect(readme).toContain(`\`${code}\``)
  })
})
