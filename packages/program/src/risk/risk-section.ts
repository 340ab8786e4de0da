import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** What happens to what a risk rule holds (K2). Which rules are asked is in `rules`. */
export const riskSection = z
  .strictObject({
    holdHours: wholeNumber({ min: 1, max: 720 })
      .default(48)
      .describe(
        'So long the points of what a risk rule holds are frozen, and a redemption waits, unless an operator decides earlier.',
      ),
  })
  .prefault({})
