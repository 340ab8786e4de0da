import { z } from 'zod'
import type { Words } from '../contract/words.js'
import { text } from './text.js'

/** What a member or an operator reads, in every language shipped; each up to 500 characters. */
export const wordsSchema = z.strictObject({
  en: text({ max: 500 }),
  zh: text({ max: 500 }),
}) satisfies z.ZodType<Words>
