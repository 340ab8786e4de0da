import { fc, testEarnSource } from '@pointwell/plugin/testing'
import { checkIn } from './check-in.js'

const DAY_MS = 86_400_000
const day = (at: number) => new Date(at).toISOString().slice(0, 10)

/** Days on end, as they are remembered: no run is in another, and each is as long as its days. */
const runs = fc
  .array(
    fc.record({ gap: fc.integer({ min: 2, max: 9 }), length: fc.integer({ min: 1, max: 40 }) }),
    {
      maxLength: 4,
    },
  )
  .map((all) => {
    let end = Date.UTC(2021, 4, 4)
    return all
      .map(({ gap, length }) => {
        const last = end - gap * DAY_MS
        end = last - (length - 1) * DAY_MS
        return { first: day(end), last: day(last), length }
      })
      .reverse()
  })

testEarnSource(checkIn, { arbitraries: { 'memory.runs': runs } })
