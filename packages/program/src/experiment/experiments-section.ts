import { decimal, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { isoInstant } from '../policy/iso-instant.js'
import { someOf } from '../policy/some-of.js'
import { word } from '../policy/word.js'

const MOST_VARIANTS = 20
const MOST_EXPERIMENTS = 50

const variant = z.strictObject({
  id: word(),
  title: wordsSchema.nullable().default(null),
  share: decimal({ places: 6, min: '0', max: '1' }).describe(
    'Of all members that it is of, so many are in it: `0.5` is half. Who is in none of an experiment’s variants is not in the experiment.',
  ),
})

const experiment = z
  .strictObject({
    id: word(),
    title: wordsSchema,
    from: isoInstant(),
    until: isoInstant()
      .nullable()
      .default(null)
      .describe('The first instant after it; null: until somebody stops it.'),
    segments: someOf.describe(
      'Members who were found in any of these segments since it began, to its end; null: all members.',
    ),
    variants: z.array(variant).min(1).max(MOST_VARIANTS),
    rolledOut: word()
      .nullable()
      .default(null)
      .describe(
        'The variant that everybody whom it is of gets from now on: the experiment is over. Null: none yet.',
      ),
  })
  .refine(({ from, until }) => until === null || from < until, {
    path: ['until'],
    error: 'Expected later than `from`.',
  })

/** What is tried on a part of the members (T1). */
export const experimentsSection = z.array(experiment).max(MOST_EXPERIMENTS).default([])

export type Experiment = z.output<typeof experiment>
