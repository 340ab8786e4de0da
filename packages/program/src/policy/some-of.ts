import { z } from 'zod'

/** Which of some names it goes for. */
export const someOf = z
  .array(z.string().min(1).max(64))
  .max(1_000)
  .nullable()
  .default(null)
  .describe('Null: all.')
