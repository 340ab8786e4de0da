import { z } from 'zod'

/** What an operator sets: a part of the policy. Each setting has a default. */
export const myPluginSettings = z.strictObject({
  address: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable()
    .default(null)
    .describe('Where messages are sent to, by POST; null: nowhere yet, and messages wait.'),
  language: z
    .enum(['both', 'en', 'zh'])
    .default('both')
    .describe('Which words are sent: those of one language, or of both.'),
})

export type MyPluginSettings = z.output<typeof myPluginSettings>
