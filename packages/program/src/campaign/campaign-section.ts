import { points, rate, termSchema, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { isoInstant } from '../policy/iso-instant.js'
import { someOf } from '../policy/some-of.js'
import { word } from '../policy/word.js'

const campaign = z
  .strictObject({
    id: word(),
    title: wordsSchema,
    from: isoInstant(),
    until: isoInstant().describe('The first instant after it.'),
    sources: someOf,
    tiers: someOf,
    regions: someOf,
    segments: someOf.describe('Members of any of these segments; null: all members.'),
    badges: someOf.describe('Members with any of these badges; null: all members.'),
    activity: z
      .array(z.enum(['high', 'medium', 'low']))
      .max(3)
      .nullable()
      .default(null)
      .describe('Members who are so active; null: all members.'),
    multiplier: rate().default('1'),
    extraPoints: points().default(0),
    kind: word()
      .nullable()
      .default(null)
      .describe(
        'The points kind of what it adds, a lot of its own with the expiry of that kind; null: it is of the kind that it is added to.',
      ),
    expiry: termSchema
      .nullable()
      .default(null)
      .describe(
        'How long what it adds lasts; null: as the policy says for its kind. What the policy has for the member’s tier goes before it.',
      ),
    budget: points()
      .nullable()
      .default(null)
      .describe('Points that it may add in all, to all members together; null: as many as come.'),
    department: word()
      .nullable()
      .default(null)
      .describe('Which department pays for what it adds; null: none in particular.'),
  })
  .refine(({ from, until }) => from < until, {
    path: ['until'],
    error: 'Expected later than `from`.',
  })

/** Times at which members earn more (E11). */
export const campaignsSection = z.array(campaign).max(500).default([])
