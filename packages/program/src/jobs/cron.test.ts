import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cronSchema, nextByCron } from './cron.js'

const LONDON = 'Europe/London'
const from = (at: string) => Date.parse(at)
const times = (
  cron: string,
  { zone, after, most }: { zone: string; after: string; most: number },
) => {
  const found: string[] = []
  for (let at = from(after); found.length < most; ) {
    at = nextByCron(cron, { zone, after: at })!
    found.push(new Date(at).toISOString().slice(0, 16))
  }
  return found
}

describe('O2: times of a cron expression', () => {
  it('go by the clocks of the zone, once a day also where they are changed', () => {
    // 01:30 is skipped on 29 March, and comes twice on 25 October.
    expect(times('30 1 * * *', { zone: LONDON, after: '2026-03-28T00:00Z', most: 3 })).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ])
    expect(times('30 1 * * *', { zone: LONDON, after: '2026-10-24T00:00Z', most: 3 })).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
  })

  it('come once each day, whatever the zone and wherever one begins', () => {
    const drawn = fc.record({
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
      zone: fc.constantFrom(LONDON, 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'),
      after: fc.integer({ min: from('2026-01-01T00:00Z'), max: from('2027-01-01T00:00Z') }),
    })
    fc.assert(
      fc.property(drawn, ({ hour, minute, zone, after }) => {
        const dateOf = (at: number) =>
          new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(at))
        const cron = `${minute} ${hour} * * *`
        const days: string[] = []
        for (let at = after, n = 0; n < 5; n++) {
          const next = nextByCron(cron, { zone, after: at })!
          expect(next).toBeGreaterThan(at)
          at = next
          days.push(dateOf(at))
        }
        const start = Date.parse(`${days[0]}T12:00Z`)
        const following = days.map((_, n) =>
          new Date(start + n * 86_400_000).toISOString().slice(0, 10),
        )
        expect(days).toEqual(following)
      }),
    )
  })

  it.each([
    ['30 3 * * *', true],
    ['*/15 0-6 1,15 * mon-fri', true],
    ['0 0 29 2 *', true],
    ['0 0 31 2 *', false],
    ['60 1 * * *', false],
    ['* * * *', false],
    ['0 30 3 * * *', false],
    ['@daily', false],
    ['30  3 * * *', false],
    ['', false],
  ])('%j as a setting: %s', (cron, right) => {
    expect(cronSchema().safeParse(cron).success).toBe(right)
  })
})
