import { JsonScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { SeedRound } from '../fair/seed-rounds.js'
import { verifyDraw } from '../fair/verify-draw.js'
import type { GameType } from '../offer/game-offer.js'
import { type Play, type PlayDraw, readTable } from '../play/play.js'
import type { PrizeTable } from '../table/prize-table.js'
import { GameTypeEnum } from './game.object.js'

@ObjectType('PlayProof', {
  description:
    'All that a play was drawn with, so that anybody can draw it again; nothing of who played.',
  simpleResolvers: true,
})
export class PlayProofType {
  @Field(() => ID, { description: 'The play.' })
  id!: string

  @Field(() => ID, { description: 'The game.' })
  offerId!: string

  @Field(() => GameTypeEnum, { description: 'How the game is played.' })
  type!: GameType

  @Field(() => Int, { description: 'The round it was drawn in.' })
  round!: number

  @Field(() => String, { description: 'SHA-256 of the seed’s 32 bytes, published before.' })
  commitment!: string

  @Field(() => String, {
    nullable: true,
    description: 'The seed, 64 hex digits; null: its round has not ended.',
  })
  serverSeed!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The client seed; null: it went with a member who is erased.',
  })
  clientSeed!: string | null

  @Field(() => PointsScalar, { description: 'The play’s number in the round, from 1.' })
  nonce!: number

  @Field(() => JsonScalar, {
    description:
      '`{ tickets, rows: [{ id, tickets, points, costMinor }] }`: rows have tickets one after the other from 0; the rest win nothing.',
  })
  table!: PrizeTable

  @Field(() => String, { description: 'HMAC-SHA256 by the seed over `clientSeed:nonce`, as hex.' })
  digest!: string

  @Field(() => PointsScalar, { description: 'The digest modulo the number of tickets.' })
  ticket!: number

  @Field(() => ID, { nullable: true, description: 'The row that it fell on; null: on none.' })
  result!: string | null

  @Field(() => ID, { nullable: true, description: 'Of a guess: the option that was picked.' })
  pick!: string | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it comes out again as it is written down. False: the seed, the table or the result was changed since. Null: the seed is not shown yet, or the client seed is gone.',
  })
  recomputes!: boolean | null
}

export function playProofType(
  { id, offerId, type, pick }: Play,
  {
    draw,
    round,
    receipt,
  }: { readonly draw: PlayDraw; readonly round: SeedRound | null; readonly receipt: unknown },
): PlayProofType {
  return Object.assign(new PlayProofType(), {
    id,
    offerId,
    type,
    round: draw.round,
    commitment: draw.commitment,
    serverSeed: round && round.revealedAt !== null ? round.serverSeed : null,
    clientSeed: draw.clientSeed,
    nonce: draw.nonce,
    table: readTable(draw),
    digest: draw.digest,
    ticket: draw.ticket,
    result: draw.result,
    pick,
    recomputes: verifyDraw({ draw, round, receipt }),
  })
}
