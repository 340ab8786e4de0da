import { decimal, points, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { periodSchema } from '../policy/policy-sections.js'

/** What is done when demand outruns stock (R14). */
export const playbookSection = z
  .strictObject({
    compensationFactor: decimal({ places: 6, min: '0', max: '100' })
      .default('1.5')
      .describe('Who missed out is given so many times the points that it would have cost.'),
    budget: z
      .strictObject({ period: periodSchema, points: points() })
      .nullable()
      .default(null)
      .describe('What may be given in a period, the reserve among it; null: no bound.'),
    reserveShare: decimal({ places: 6, min: '0', max: '1' })
      .default('0.2')
      .describe('Such a share of the budget is kept.'),
    extension: z
      .strictObject({
        withinDays: wholeNumber({ min: 1, max: 3_660 }).default(30),
        days: wholeNumber({ min: 1, max: 3_660 }).default(30),
      })
      .prefault({})
      .describe('Points of theirs that end within so many days last so many days longer.'),
  })
  .prefault({})
