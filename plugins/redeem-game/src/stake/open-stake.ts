import {
  identifier,
  instant,
  type OfferFacts,
  type PluginStore,
  type Refusal,
  readBySchema,
  refuse,
  wordsSchema,
} from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { z } from 'zod'
import { gameWord, type StakeOffer } from '../offer/game-offer.js'
import { findStakeRound, insertStakeRound } from '../store/game-stake-table.js'
import type { StakeRound } from './stake-round.js'

const MOST_OUTCOMES = 50

const newRound = z
  .strictObject({
    id: identifier(),
    title: wordsSchema,
    outcomes: z
      .array(z.strictObject({ id: gameWord(), title: wordsSchema }))
      .min(2)
      .max(MOST_OUTCOMES),
    closesAt: instant(),
  })
  .superRefine(({ outcomes }, context) => {
    const ids = outcomes.map(({ id }) => id)
    ids.forEach((id, place) => {
      if (ids.indexOf(id) === place) return
      const message = 'Expected an id that no other outcome has.'
      context.addIssue({ code: 'custom', path: ['outcomes', place, 'id'], message })
    })
  })

/**
 * Opens a round by the offer's rake as it is now. The same round again is answered with what is there. Refuses
 * INVALID_INPUT (what is wrong of `id`, `title`, `outcomes`, `closesAt`), IDEMPOTENCY_MISMATCH.
 */
export async function openStake(
  store: PluginStore,
  {
    offer,
    input,
    now,
    record,
  }: {
    readonly offer: Pick<OfferFacts<StakeOffer>, 'id' | 'details'>
    readonly input: unknown
    readonly now: number
    /** Run in the transaction that opens it. */
    readonly record: (manager: EntityManager, round: StakeRound) => Promise<void>
  },
): Promise<StakeRound | Refusal> {
  const { data, error } = readBySchema(newRound, input)
  if (!data) {
    const { path = [], message = '' } = error.issues[0] ?? {}
    return refuse('INVALID_INPUT', { field: path.join('.'), detail: message })
  }
  const wanted = { ...data, offerId: offer.id }
  const known = await findSame(store, wanted)
  if (known) return known
  if (data.closesAt <= now) {
    return refuse('INVALID_INPUT', { field: 'closesAt', detail: 'Expected later than now.' })
  }
  const { rake, nobodyWon } = offer.details
  const ended = { status: 'open', outcome: null, endedAt: null } as const
  const round = { ...wanted, openedAt: now, rake, nobodyWon, ...ended, pool: 0, stakes: 0 }
  try {
    await store.write(async (manager) => {
      await insertStakeRound(manager, round)
      await record(manager, round)
    })
    return round
  } catch (fault) {
    if (!store.isDuplicateKey(fault)) throw fault
    const first = await findSame(store, wanted)
    if (!first) throw fault
    return first
  }
}

type Wanted = Pick<StakeRound, 'id' | 'offerId' | 'title' | 'outcomes' | 'closesAt'>

/** The round of this id, where it is the very one that is wanted; null: there is none. */
async function findSame(store: PluginStore, wanted: Wanted): Promise<StakeRound | Refusal | null> {
  const there = await store.read((manager) => findStakeRound(manager, wanted.id))
  if (!there) return null
  return contentOf(there) === contentOf(wanted)
    ? there
    : refuse('IDEMPOTENCY_MISMATCH', { field: 'id' })
}

function contentOf({ offerId, title, outcomes, closesAt }: Wanted): string {
  const words = outcomes.flatMap((it) => [it.id, it.title.en, it.title.zh])
  return JSON.stringify([offerId, title.en, title.zh, words, closesAt])
}
