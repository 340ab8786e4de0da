import { describe, expect, it } from 'vitest'
import { reviewSettings } from './review-settings.js'

const faultsOf = (settings: object) =>
  reviewSettings.safeParse(settings).error?.issues.map(({ path }) => path.join('.'))

describe('E1: the settings', () => {
  it('take their own output', () => {
    const settings = reviewSettings.parse({})
    expect(reviewSettings.parse(settings)).toEqual(settings)
  })

  it.each([
    ['points', { points: -1 }],
    ['points', { points: 0.5 }],
    ['pointsWithPhotos', { pointsWithPhotos: 1_000_000_001 }],
    ['photos', { photos: 0 }],
    ['photos', { photos: 101 }],
    ['minCharacters', { minCharacters: -1 }],
    ['minCharacters', { minCharacters: 10_001 }],
    ['', { point: 5 }],
  ])('name the fault of %s: %j', (path, settings) => {
    expect(faultsOf(settings)).toEqual([path])
  })
})
