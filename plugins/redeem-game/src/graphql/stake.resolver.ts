import { isRefusal, type Refusal, type RequestContext, refuse } from '@pointwell/plugin'
import {
  type Connection,
  PageArgs,
  pageByTime,
  type RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import { endStakeRound, openStakeRound } from '../stake/operate-stake.js'
import type { StakeRound } from '../stake/stake-round.js'
import { findStakeRound, findStakeRounds, sumStakes } from '../store/game-stake-table.js'
import { checkReason } from './check-reason.js'
import { type GamePlayedType, JoinStakeInput, JoinStakeResult } from './play-game.js'
import { playedOf } from './played-of.js'
import {
  OpenStakeInput,
  OpenStakeResult,
  SettleStakeInput,
  SettleStakeResult,
  StakeEndedType,
  StakeOpenedType,
  VoidStakeInput,
  VoidStakeResult,
} from './stake.inputs.js'
import { StakeRoundConnection, StakeRoundType, stakeRoundType } from './stake.object.js'

const LIST = 'stakeRounds'

@Resolver()
export class StakeResolver {
  @Extensions({ access: ['member', 'storefront', 'viewer', 'support', 'rules', 'finance'] })
  @Query(() => StakeRoundType, {
    nullable: true,
    description: 'A round of stakes; null: there is none of this id.',
  })
  async stakeRound(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
  ): Promise<StakeRoundType | null> {
    const round = await findRound(context, id)
    return round && shownOf(context, round)
  }

  @Extensions({ access: ['member', 'storefront', 'viewer', 'support', 'rules', 'finance'] })
  @Query(() => StakeRoundConnection, { description: 'Rounds of a game, the newest first.' })
  async stakeRounds(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('offerId', () => ID, { description: 'The game.' }) offerId: string,
  ): Promise<Connection<StakeRoundType>> {
    const { language, program } = context
    const store = program.store(GAME_PLUGIN_ID)
    return pageByTime({
      list: LIST,
      page,
      async find(wanted) {
        const rounds = await findStakeRounds(store, { offerId, ...wanted })
        const ids = rounds.map(({ id }) => id)
        const sumsOf = await sumStakes(store, ids)
        return rounds.map((round) => ({ round, sums: sumsOf(round.id) }))
      },
      placeOf: ({ round: { openedAt: at, id } }) => ({ at, id }),
      nodeOf: ({ round, sums }) => stakeRoundType(round, { sums, language, now: context.now() }),
    })
  }

  @Extensions({ access: ['member', 'storefront'] })
  @Mutation(() => JoinStakeResult, {
    description:
      'Puts one unit of the game’s price on an outcome, until the round closes. Each key is one stake.',
  })
  async joinStake(
    @Ctx() context: RequestContext,
    @Arg('input', () => JoinStakeInput, { description: 'On what, and for whom.' })
    input: JoinStakeInput,
  ): Promise<GamePlayedType | RefusalType> {
    const memberId = context.actingFor(input.memberId)
    const { roundId, outcome, idempotencyKey } = input
    const round = await findRound(context, roundId)
    if (!round) return refused(context, refuse('STAKE_NOT_FOUND', { field: 'roundId' }))
    if (!round.outcomes.some(({ id }) => id === outcome)) {
      return refused(context, refuse('STAKE_OUTCOME_UNKNOWN', { field: 'outcome' }))
    }
    const order = { round: roundId, outcome }
    const request = { memberId, offerId: round.offerId, idempotencyKey, order }
    return playedOf(context, await context.program.redeem(request))
  }

  @Extensions({ access: ['rules'] })
  @Mutation(() => OpenStakeResult, {
    description: 'Opens a round of stakes. The same id with the same content is the same round.',
  })
  async openStake(
    @Ctx() context: RequestContext,
    @Arg('input', () => OpenStakeInput, { description: 'The round.' })
    input: OpenStakeInput,
  ): Promise<StakeOpenedType | RefusalType> {
    const wrong = checkReason(input.reason)
    if (wrong) return refused(context, wrong)
    const answer = await openStakeRound(context, {
      ...input,
      title: { ...input.title },
      outcomes: input.outcomes.map(({ id, title }) => ({ id, title: { ...title } })),
    })
    if (isRefusal(answer)) return refused(context, answer)
    return Object.assign(new StakeOpenedType(), { round: await shownOf(context, answer) })
  }

  @Extensions({ access: ['rules', 'finance'] })
  @Mutation(() => SettleStakeResult, {
    description:
      'Says which outcome came about, once, and pays the winners their shares of the pool less the rake. Where it broke off, the same request pays on; another outcome is refused.',
  })
  async settleStake(
    @Ctx() context: RequestContext,
    @Arg('input', () => SettleStakeInput, { description: 'The round and its outcome.' })
    { roundId, outcome, reason }: SettleStakeInput,
  ): Promise<StakeEndedType | RefusalType> {
    return end(context, { roundId, outcome, reason })
  }

  @Extensions({ access: ['rules', 'finance'] })
  @Mutation(() => VoidStakeResult, {
    description:
      'Ends a round without an outcome: all stakes come back. Where it broke off, the same request goes on.',
  })
  async voidStake(
    @Ctx() context: RequestContext,
    @Arg('input', () => VoidStakeInput, { description: 'The round, and why.' })
    { roundId, reason }: VoidStakeInput,
  ): Promise<StakeEndedType | RefusalType> {
    return end(context, { roundId, outcome: null, reason })
  }
}

async function end(
  context: RequestContext,
  how: Parameters<typeof endStakeRound>[1],
): Promise<StakeEndedType | RefusalType> {
  const answer = checkReason(how.reason) ?? (await endStakeRound(context, how))
  if (isRefusal(answer)) return refused(context, answer)
  return Object.assign(new StakeEndedType(), {
    round: await shownOf(context, answer.round),
    unpaidBecause: answer.paid.refusedWith,
  })
}

function findRound({ program }: RequestContext, id: string): Promise<StakeRound | null> {
  return program.store(GAME_PLUGIN_ID).read((manager) => findStakeRound(manager, id))
}

async function shownOf(context: RequestContext, round: StakeRound): Promise<StakeRoundType> {
  const sumsOf = await sumStakes(context.program.store(GAME_PLUGIN_ID), [round.id])
  const { language } = context
  return stakeRoundType(round, { sums: sumsOf(round.id), language, now: context.now() })
}

function refused({ language }: RequestContext, refusal: Refusal): RefusalType {
  return toRefusalType(refusal, language)
}
