import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** Whether and how long members are asked what they think of what they had for points (R13). */
export const surveySection = z
  .strictObject({
    open: wholeNumber({ min: 0, max: 366 })
      .default(30)
      .describe(
        'For so many days of 24 hours after a redemption was fulfilled it can be answered; 0: nobody is asked.',
      ),
    changeDays: wholeNumber({ min: 0, max: 366 })
      .default(7)
      .describe('For so many days of 24 hours an answer can be changed; 0: it stands as given.'),
  })
  .prefault({})
