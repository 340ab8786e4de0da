import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { gameSettings } from './game-settings.js'

describe('G2: settings of the channel', () => {
  test('have a default for every field', () => {
    expect(gameSettings.parse({})).toEqual({ roundDays: 7, roundPlays: 10_000, closedIn: [] })
  })

  test.each([
    ['roundDays', { roundDays: 0 }],
    ['roundDays', { roundDays: 367 }],
    ['roundPlays', { roundPlays: 0 }],
    ['roundPlays', { roundPlays: 1_000_001 }],
    ['closedIn.0', { closedIn: [''] }],
    ['', { unknown: true }],
  ])('name %j as the fault of %j', (path, settings) => {
    const { error } = gameSettings.safeParse(settings)
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  test('describe every field for the form', () => {
    const { properties } = z.toJSONSchema(gameSettings, { io: 'input' })
    expect(Object.keys(properties ?? {})).toEqual(Object.keys(gameSettings.shape))
    for (const field of Object.values(properties ?? {})) {
      expect(field).toHaveProperty('description', expect.stringMatching(/\w{3}/))
      expect(field).toHaveProperty('default')
    }
  })
})
