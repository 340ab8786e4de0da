import { rate } from '@pointwell/plugin'
import { z } from 'zod'
import { word } from '../policy/word.js'

/** What the operator's own people earn (E12). */
export const staffSection = z
  .strictObject({
    rate: rate()
      .default('0')
      .describe('What staff members earn is multiplied by it, and rounded down. `0`: nothing.'),
    bySource: z
      .record(word(), rate())
      .default({})
      .describe('Another rate for what some sources give.'),
  })
  .prefault({})
