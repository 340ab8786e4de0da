import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startOfUtcDay } from '../../../../test/support/utc-day.js'
import { foldFigures } from './fold-figures.js'

const DAY = 86_400_000
const figure = fc.record({
  at: fc.integer({ min: 0, max: 5 * DAY }),
  account: fc.constantFrom('available', 'issued:purchase'),
  labels: fc.constantFrom('{}', '{"tier":"gold"}'),
  amount: fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
  transactions: fc.nat(1_000),
})

describe('foldFigures', () => {
  it('keeps every sum of a day, account and labels, in one row', () => {
    fc.assert(
      fc.property(fc.array(figure), (rows) => {
        const folded = foldFigures(rows, startOfUtcDay)
        const names = folded.map(({ at, account, labels }) => `${at} ${account} ${labels}`)
        expect(new Set(names).size).toBe(names.length)
        for (const row of folded) {
          const its = rows.filter(
            ({ at, account, labels }) =>
              at >= row.at && at < row.at + DAY && account === row.account && labels === row.labels,
          )
          expect(row.at % DAY).toBe(0)
          expect(row.amount).toBe(its.reduce((sum, { amount }) => sum + amount, 0n))
          expect(row.transactions).toBe(its.reduce((sum, one) => sum + one.transactions, 0))
        }
      }),
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(figure), (rows) => {
        const folded = foldFigures(rows, startOfUtcDay)
        expect(foldFigures(folded, startOfUtcDay)).toEqual(folded)
      }),
    )
  })

  it('counts days before 1970 too, and days of another zone when told', () => {
    expect(startOfUtcDay(-1)).toBe(-DAY)
    const shanghai = (at: number) => startOfUtcDay(at + 8 * 3_600_000) - 8 * 3_600_000
    const row = { at: 20 * 3_600_000, account: 'a', labels: '{}', amount: 1n, transactions: 1 }
    expect(foldFigures([row], shanghai)[0]!.at).toBe(16 * 3_600_000)
  })
})
