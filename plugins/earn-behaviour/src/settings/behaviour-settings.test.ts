import { describe, expect, it } from 'vitest'
import { behaviourSettings, MOST_BEHAVIOURS } from './behaviour-settings.js'

const title = { en: 'It', zh: '它' }
const faultsOf = (settings: object) =>
  behaviourSettings.safeParse(settings).error?.issues.map(({ path }) => path.join('.'))
const faultOf = (behaviour: object) =>
  faultsOf({ behaviours: { it: { title, points: 1, ...behaviour } } })

describe('E1: the settings', () => {
  it('take their own output', () => {
    const settings = behaviourSettings.parse({})
    expect(behaviourSettings.parse(settings)).toEqual(settings)
  })

  it.each([
    ['points', { points: -1 }],
    ['points', { points: 0.5 }],
    ['points', { points: 1_000_000_001 }],
    ['times', { times: 0 }],
    ['times', { times: 1_001 }],
    ['per', { per: 'hour' }],
    ['pointsLimit', { pointsLimit: 0 }],
    ['kind', { kind: '' }],
    ['expiry.days', { expiry: { term: 'days', days: 0 } }],
    ['core', { core: 'yes' }],
    ['title.zh', { title: { en: 'It' } }],
  ])('name the fault of %s: %j', (path, behaviour) => {
    expect(faultOf(behaviour)).toEqual([`behaviours.it.${path}`])
  })

  it('name a behaviour that is not a word, what nobody knows, and a list that is too long', () => {
    expect(faultsOf({ behaviours: { 'Not a word': { title, points: 1 } } })).toEqual([
      'behaviours.Not a word',
    ])
    expect(faultOf({ limit: 3 })).toEqual(['behaviours.it'])
    const many = Array.from({ length: MOST_BEHAVIOURS + 1 }, (_, n) => [
      `b${n}`,
      { title, points: 1 },
    ])
    expect(faultsOf({ behaviours: Object.fromEntries(many) })).toEqual(['behaviours'])
    expect(faultsOf({ daysLate: 4 })).toEqual(['daysLate'])
  })
})
