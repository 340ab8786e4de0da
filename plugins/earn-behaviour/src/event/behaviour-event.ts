import { identifier, instant } from '@pointwell/plugin'
import { z } from 'zod'
import { behaviourId } from '../settings/behaviour-settings.js'

/** Something that a member did (E6). */
export const behaviourEvent = z.object({
  behaviour: behaviourId().describe('Which behaviour of the policy it was.'),
  ref: identifier().describe(
    'Names the act among those of this member and behaviour: sent again, it counts once.',
  ),
  at: instant().describe('When it was done: it counts in the period of that moment.'),
})

export type BehaviourEvent = z.output<typeof behaviourEvent>
