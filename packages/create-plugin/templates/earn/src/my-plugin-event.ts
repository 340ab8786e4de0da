import { identifier, instant } from '@pointwell/plugin'
import { z } from 'zod'

/** Something that a member did. */
export const myPluginEvent = z.object({
  ref: identifier().describe(
    'Names the act among those of this member: sent again, it counts once.',
  ),
  at: instant().describe('When it was done.'),
})

export type MyPluginEvent = z.output<typeof myPluginEvent>
