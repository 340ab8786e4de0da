import { identifier, type RequestContext, readBySchema, refuse } from '@pointwell/plugin'
import {
  type Connection,
  PageArgs,
  pageByTime,
  type RefusalType,
  type TimePlace,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { beginRound, currentRound, findRound } from '../fair/seed-rounds.js'
import { findGame } from '../offer/find-game.js'
import { isDrawn } from '../offer/game-offer.js'
import type { Play } from '../play/play.js'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import type { GameSettings } from '../settings/game-settings.js'
import {
  findItems,
  findPlay,
  findPlaysOf,
  markHanded,
  markUsed,
  readPlay,
} from '../store/game-play-table.js'
import { findGameState } from '../store/game-state.js'
import { checkReason } from './check-reason.js'
import {
  GameSeedRotatedType,
  HandOverPrizeInput,
  HandOverPrizeResult,
  PrizeHandedOverType,
  ReviveUsedType,
  RotateGameSeedInput,
  RotateGameSeedResult,
  UseReviveInput,
  UseReviveResult,
} from './game.inputs.js'
import { GameFairnessType, GameObject, gameFairnessType, gameObject } from './game.object.js'
import { GamePlayConnection, GamePlayType, gamePlayType } from './game-play.object.js'
import { type GamePlayedType, PlayGameInput, PlayGameResult } from './play-game.js'
import { PlayProofType, playProofType } from './play-proof.object.js'
import { playedOf } from './played-of.js'

const PLAYS = 'gamePlays'
const ITEMS = 'wonItems'
const session = identifier()

@Resolver()
export class GameResolver {
  @Extensions({
    access: ['member', 'storefront', 'viewer', 'support', 'rules', 'finance'],
  })
  @Query(() => GameObject, {
    nullable: true,
    description: 'A game with its odds; null: there is no such game.',
  })
  async game(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'The offer.' }) offerId: string,
  ): Promise<GameObject | null> {
    const offer = await findGame(context, offerId)
    if (!offer) return null
    const { given } = await storeOf(context).read((manager) => findGameState(manager, offerId))
    const { closedIn } = settingsOf(context)
    return gameObject(offer, { given, closedIn, language: context.language })
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => GameFairnessType, {
    nullable: true,
    description:
      'What the next play is drawn with, published before it: ask first, and give your own `clientSeed` and this `commitment` with the play. Null: there is no such game, or nothing is drawn in it.',
  })
  async gameFairness(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'The offer.' }) offerId: string,
  ): Promise<GameFairnessType | null> {
    const offer = await findGame(context, offerId)
    return offer && isDrawn(offer.details) ? fairnessOf(context, offerId) : null
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => PlayProofType, {
    nullable: true,
    description:
      'All that a play was drawn with, and whether it comes out again. Null: there is no such play, or nothing was drawn in it.',
  })
  async verifyPlay(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The play.' }) id: string,
  ): Promise<PlayProofType | null> {
    const store = storeOf(context)
    const play = await readPlay(store, id)
    if (!play?.draw) return null
    const { draw, offerId } = play
    const [round, redemption] = await Promise.all([
      store.read((manager) => findRound(manager, { offerId, number: draw.round })),
      context.program.findRedemption(id),
    ])
    return playProofType(play, { draw, round, receipt: redemption?.receipt ?? null })
  }

  @Extensions({ access: ['member', 'storefront', 'support'] })
  @Query(() => GamePlayConnection, { description: 'A member’s plays, the newest first.' })
  async gamePlays(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
  ): Promise<Connection<GamePlayType>> {
    const owner = context.actingFor(memberId)
    const [current = owner] = await context.program.idsOf(owner)
    const find: FindPlays = (wanted) =>
      findPlaysOf(storeOf(context), { memberId: current, ...wanted })
    return playsPage(PLAYS, { page, find, context })
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => GamePlayConnection, {
    description: 'Plays that won a thing, the oldest first: what there is to be handed over.',
  })
  wonItems(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('handedOver', () => Boolean, {
      defaultValue: false,
      description: 'Those that were handed over, instead of those that were not.',
    })
    handedOver: boolean,
  ): Promise<Connection<GamePlayType>> {
    const item = handedOver ? 'handed' : 'open'
    const find: FindPlays = (wanted) => findItems(storeOf(context), { item, ...wanted })
    return playsPage(ITEMS, { page, find, context })
  }

  @Extensions({ access: ['member', 'storefront'] })
  @Mutation(() => PlayGameResult, {
    description:
      'Plays a game for its price: holds the points, draws, and spends them with what was won posted beside. Repeated with the same key it answers with the same play.',
  })
  async playGame(
    @Ctx() context: RequestContext,
    @Arg('input', () => PlayGameInput, { description: 'What is played, and by whom.' })
    input: PlayGameInput,
  ): Promise<GamePlayedType | RefusalType> {
    const memberId = context.actingFor(input.memberId)
    const { offerId, quoteId, idempotencyKey, pick, clientSeed, commitment } = input
    if (offerId && !(await findGame(context, offerId))) {
      return toRefusalType(refuse('GAME_NOT_FOUND', { field: 'offerId' }), context.language)
    }
    const order = {
      pick: pick ?? null,
      clientSeed: clientSeed ?? null,
      commitment: commitment ?? null,
    }
    const request = { memberId, offerId, quoteId, idempotencyKey, order }
    return playedOf(context, await context.program.redeem(request))
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => UseReviveResult, {
    description: 'Uses a life for a game that goes on, once: another game is refused.',
  })
  async useRevive(
    @Ctx() context: RequestContext,
    @Arg('input', () => UseReviveInput, { description: 'The life, and the game.' })
    { redemptionId: id, sessionId }: UseReviveInput,
  ): Promise<ReviveUsedType | RefusalType> {
    const { language } = context
    const { error } = readBySchema(session, sessionId)
    if (error) {
      const detail = error.issues[0]?.message ?? ''
      return toRefusalType(refuse('INVALID_INPUT', { field: 'sessionId', detail }), language)
    }
    const store = storeOf(context)
    await markUsed(store, { id, sessionId, at: context.now() })
    const play = await readPlay(store, id)
    if (!play?.use) {
      return toRefusalType(refuse('GAME_PLAY_NOT_FOUND', { field: 'redemptionId' }), language)
    }
    if (play.use.sessionId !== sessionId) {
      return toRefusalType(refuse('REVIVE_USED', { field: 'redemptionId' }), language)
    }
    return Object.assign(new ReviveUsedType(), { play: gamePlayType(play, context) })
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => HandOverPrizeResult, {
    description: 'Marks a thing that was won as handed over. Twice is once.',
  })
  async handOverPrize(
    @Ctx() context: RequestContext,
    @Arg('input', () => HandOverPrizeInput, { description: 'Which.' })
    { playId: id, reason = null }: HandOverPrizeInput,
  ): Promise<PrizeHandedOverType | RefusalType> {
    const wrong = checkReason(reason)
    if (wrong) return toRefusalType(wrong, context.language)
    const store = storeOf(context)
    const at = context.now()
    await store.write(async (manager) => {
      if (!(await markHanded(manager, { id, at }))) return
      const act = { name: 'handOverPrize', context, reason }
      await context.program.recordAct(manager, act, {
        target: { kind: 'game-play', id },
        member: (await findPlay(manager, id))?.memberId ?? null,
        before: { handedAt: null },
        after: { handedAt: at },
        key: null,
      })
    })
    const play = await readPlay(store, id)
    if (!play?.prize?.isItem) {
      const unknown = refuse('GAME_PLAY_NOT_FOUND', { field: 'playId' })
      return toRefusalType(unknown, context.language)
    }
    return Object.assign(new PrizeHandedOverType(), { play: gamePlayType(play, context) })
  }

  @Extensions({ access: ['rules'] })
  @Mutation(() => RotateGameSeedResult, {
    description: 'Ends the round of a game: its seed is shown, and another round begins.',
  })
  async rotateGameSeed(
    @Ctx() context: RequestContext,
    @Arg('input', () => RotateGameSeedInput, { description: 'Which game, and why.' })
    { offerId, reason }: RotateGameSeedInput,
  ): Promise<GameSeedRotatedType | RefusalType> {
    const wrong = checkReason(reason)
    if (wrong) return toRefusalType(wrong, context.language)
    const offer = await findGame(context, offerId)
    if (!offer || !isDrawn(offer.details)) {
      return toRefusalType(refuse('GAME_NOT_FOUND', { field: 'offerId' }), context.language)
    }
    const act = { name: 'rotateGameSeed', context, reason }
    await beginRound(storeOf(context), {
      offerId,
      now: context.now(),
      mayEnd: () => true,
      record: (manager, { ended, begun }) =>
        context.program.recordAct(manager, act, {
          target: { kind: 'game', id: offerId },
          before: ended && { round: ended.number, commitment: ended.commitment },
          after: { round: begun.number, commitment: begun.commitment },
          key: null,
        }),
    })
    const fairness = await fairnessOf(context, offerId)
    return Object.assign(new GameSeedRotatedType(), { fairness })
  }
}

/** The round that the next play falls into; begun now where there is none or its time is over, so that whoever
 * asks is told what holds. */
async function fairnessOf(context: RequestContext, offerId: string): Promise<GameFairnessType> {
  const store = storeOf(context)
  const now = context.now()
  const open = await currentRound(store, { offerId, settings: settingsOf(context), now })
  const before = { offerId, number: open.number - 1 }
  return gameFairnessType(open, await store.read((manager) => findRound(manager, before)))
}

function storeOf({ program }: RequestContext) {
  return program.store(GAME_PLUGIN_ID)
}

function settingsOf({ program }: RequestContext): GameSettings {
  return program.settings(GAME_PLUGIN_ID) as GameSettings
}

type FindPlays = (wanted: {
  readonly after: TimePlace | null
  readonly limit: number
}) => Promise<readonly Play[]>

function playsPage(
  list: string,
  {
    page,
    find,
    context,
  }: { readonly page: PageArgs; readonly find: FindPlays; readonly context: RequestContext },
): Promise<Connection<GamePlayType>> {
  const nodeOf = (play: Play) => gamePlayType(play, context)
  return pageByTime({ list, page, find, placeOf: ({ at, id }) => ({ at, id }), nodeOf })
}
