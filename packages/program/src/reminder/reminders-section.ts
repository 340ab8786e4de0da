import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** When members are reminded of points that run out (X6). */
export const remindersSection = z
  .strictObject({
    daysBefore: z
      .array(wholeNumber({ min: 0, max: 366 }))
      .max(10)
      .refine((days) => new Set(days).size === days.length, { error: 'Expected each once.' })
      .default([30, 15, 7])
      .describe(
        'So many days before the last day of points their member is told; empty: nobody is.',
      ),
  })
  .prefault({})
