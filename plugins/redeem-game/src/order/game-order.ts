import { identifier, text } from '@pointwell/plugin'
import { z } from 'zod'
import { gameWord } from '../offer/game-offer.js'

const left = <T extends z.ZodType>(schema: T) => schema.nullable().default(null)

/** What a member says when playing. All of it is fixed before anything is drawn. */
export const gameOrder = z
  .strictObject({
    pick: left(gameWord()).describe('Of a guess: the option.'),
    clientSeed: left(text({ max: 64 })).describe(
      'A text of the member’s own that the draw depends on; without one it is the redemption’s id.',
    ),
    commitment: left(z.string().regex(/^[0-9a-f]{64}$/)).describe(
      'The commitment that the member saw: where another round has begun since, it is not played.',
    ),
    round: left(identifier()).describe('Of a stake: the round.'),
    outcome: left(gameWord()).describe('Of a stake: the outcome that it is on.'),
  })
  .prefault({})

export type GameOrder = z.output<typeof gameOrder>
