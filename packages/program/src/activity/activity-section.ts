import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { KEPT_DAYS } from './active-days.js'

/** What makes a member active (M5). */
export const activitySection = z
  .strictObject({
    windowDays: wholeNumber({ min: 1, max: KEPT_DAYS })
      .default(30)
      .describe('Active days are counted over so many days, the present one among them.'),
    highFrom: wholeNumber({ min: 2, max: KEPT_DAYS })
      .default(5)
      .describe('From so many active days on a member’s activity is high.'),
    mediumFrom: wholeNumber({ min: 1, max: KEPT_DAYS })
      .default(2)
      .describe('From so many active days on it is medium; below that, low.'),
  })
  .refine(({ highFrom, mediumFrom }) => mediumFrom < highFrom, {
    path: ['highFrom'],
    error: 'Expected more than `mediumFrom`.',
  })
  .refine(({ highFrom, windowDays }) => highFrom <= windowDays, {
    path: ['highFrom'],
    error: 'Expected at most `windowDays`.',
  })
  .prefault({})
