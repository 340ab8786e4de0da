import { openCalendar } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { periodOf } from '../period/period-of.js'
import {
  behaviourSettings,
  MOST_BEHAVIOURS,
  MOST_POINTS_A_PERIOD,
} from '../settings/behaviour-settings.js'
import { type BehaviourMemory, behaviourMemory, MOST_COUNTED } from './behaviour-memory.js'
import { rememberAct } from './remember-act.js'

const DAY_MS = 86_400_000
const calendar = openCalendar('Asia/Shanghai')
const noon = Date.parse('2021-05-10T12:00:00+08:00')
const named = (ids: readonly string[]) =>
  behaviourSettings.parse({
    behaviours: Object.fromEntries(
      ids.map((id) => [id, { title: { en: id, zh: id }, points: 1, per: 'day' }]),
    ),
  })
const remember = (
  memory: BehaviourMemory,
  id: string,
  { at = noon, now = noon, points = 1, settings = named([id]) } = {},
) =>
  rememberAct(memory, {
    id,
    period: periodOf('day', at, calendar),
    points,
    settings,
    calendar,
    now,
  })
const fresh = () => behaviourMemory.parse({})

describe('rememberAct', () => {
  it('counts ever and in the period', () => {
    const twice = remember(remember(fresh(), 'a'), 'a', { points: 4 })
    expect(twice.done).toEqual({ a: { ever: [2, 5], periods: { 'd2021-05-10': [2, 5] } } })
  })

  it('forgets periods that nobody can tell of any more, of all behaviours', () => {
    const settings = named(['a', 'b'])
    const some = [6, 7, 8].reduce(
      (memory, day) =>
        remember(memory, 'a', { at: noon - (10 - day) * DAY_MS, now: noon - DAY_MS }),
      fresh(),
    )
    expect(Object.keys(some.done.a!.periods)).toEqual(['d2021-05-06', 'd2021-05-07', 'd2021-05-08'])
    const later = remember(some, 'b', { settings })
    expect(Object.keys(later.done.a!.periods)).toEqual(['d2021-05-07', 'd2021-05-08'])
    expect(later.done.a!.ever).toEqual([3, 3])
    expect(later.forgottenBefore).toBe('2021-05-07')
    expect(remember(later, 'b', { settings, now: noon - 2 * DAY_MS }).forgottenBefore).toBe(
      '2021-05-07',
    )
  })

  it('forgets what is no longer in the settings only where there is no room', () => {
    const ids = Array.from({ length: MOST_BEHAVIOURS }, (_, n) => `b${n}`)
    const full = ids.reduce((memory, id) => remember(memory, id), fresh())
    expect(Object.keys(full.done)).toEqual(ids)
    const more = remember(full, 'new', { settings: named(['new', 'b0']) })
    expect(Object.keys(more.done)).toEqual(['b0', ...ids.slice(2), 'new'])
  })

  it('fits into what a source may remember, whatever is set and done', () => {
    const ids = Array.from({ length: MOST_BEHAVIOURS }, (_, n) => `${'b'.repeat(22)}${10 + n}`)
    const settings = named(ids)
    let memory = fresh()
    for (const day of [-3, -2, -1, 0, 1, 2]) {
      for (const id of ids) {
        memory = remember(memory, id, { at: noon + day * DAY_MS, settings })
      }
    }
    const most = (times: number) => [times, MOST_POINTS_A_PERIOD]
    const worst = {
      ...memory,
      done: Object.fromEntries(
        Object.entries(memory.done).map(([id, { periods }]) => [
          id,
          {
            ever: most(MOST_COUNTED),
            periods: Object.fromEntries(Object.keys(periods).map((key) => [key, most(1_000)])),
          },
        ]),
      ),
    }
    expect(behaviourMemory.safeParse(worst).success).toBe(true)
    expect(Object.keys(Object.values(worst.done)[0]!.periods)).toHaveLength(6)
    expect(JSON.stringify(worst).length).toBeLessThanOrEqual(8_192)
  })
})
