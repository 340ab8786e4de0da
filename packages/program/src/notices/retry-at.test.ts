import { expect, it } from 'vitest'
import { retryAt } from './retry-at.js'

it.each([
  [1, 1_000],
  [2, 2_000],
  [5, 16_000],
  [12, 2_048_000],
  [13, 3_600_000],
  [5_000, 3_600_000],
])('waits after attempt %i for %i ms', (attempts, ms) => {
  expect(retryAt(7, attempts) - 7).toBe(ms)
})
