import { decimal, wholeNumber, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { extensionSchema } from '../expiry/extended-end.js'
import { word } from '../policy/word.js'
import { defaultRenewalTasks } from './default-renewal-tasks.js'
import { KEPT_DAYS } from './renewal-memory.js'

const amount = decimal({ places: 4, min: '0.0001' }).describe(
  'In major units of the programme’s currency; what counts for the tier counts here.',
)

/** What a member has to do. What it can be told by is in a source's grant: `qualifyingMinor`, `streak`,
 * `behaviour`. */
const condition = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('spend'), amount })
    .describe('Confirmed orders of the window, together.'),
  z.strictObject({ type: z.literal('order'), amount }).describe('One confirmed order.'),
  z
    .strictObject({ type: z.literal('streak'), days: wholeNumber({ min: 2, max: KEPT_DAYS }) })
    .describe('So many days in a row, all of them in the window.'),
  z
    .strictObject({ type: z.literal('behaviour'), behaviour: word() })
    .describe('An act by its name.'),
  z.strictObject({ type: z.literal('act') }).describe('Any act of the task’s `sources`.'),
])

const task = z.strictObject({
  id: word(),
  title: wordsSchema,
  when: condition,
  extend: extensionSchema,
  kinds: z
    .array(word())
    .max(100)
    .nullable()
    .default(null)
    .describe('Points kinds that it renews; null: those that are `renewable`.'),
  sources: z
    .array(z.string().min(1).max(64))
    .max(100)
    .nullable()
    .default(null)
    .describe('Whose acts count; null: those of all.'),
})

export type RenewalTask = z.output<typeof task>

/** What makes points last longer shortly before they run out (X5). */
export const renewalSection = z
  .strictObject({
    windowDays: wholeNumber({ min: 1, max: KEPT_DAYS })
      .default(30)
      .describe('Acts count on a lot’s last so many days.'),
    timesPerLot: wholeNumber({ min: 1, max: 100 })
      .default(1)
      .describe('How often tasks renew the same lot.'),
    tasks: z.array(task).max(50).prefault(defaultRenewalTasks),
  })
  .prefault({})
