import {
  auditedPool,
  type CodeOutcome,
  checkReason,
  fitCodes,
  importOutcomes,
  MAX_CODES,
  type Refusal,
  type RequestContext,
  refuse,
  voidOutcomes,
} from '@pointwell/plugin'
import { badUserInput, ReasonArg, type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { goodsOffer } from '../offer/goods-offer.js'
import { GOODS_PLUGIN_ID } from '../plugin-id.js'
import { countCodes, importCodes, voidCodes } from '../store/code-pool.js'
import {
  ChangeGoodsCodesResult,
  GoodsCodePoolType,
  GoodsCodesChangedType,
} from './goods-codes.object.js'

/** Pools of codes that offers give from. A code is read by nobody but who gets it. */
@Resolver()
export class GoodsCodesResolver {
  @Extensions({ access: ['storefront', 'support', 'rules', 'finance'] })
  @Query(() => GoodsCodePoolType, {
    nullable: true,
    description: 'How many codes an offer has; null: it is no offer of codes.',
  })
  async goodsCodePool(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) offerId: string,
  ): Promise<GoodsCodePoolType | null> {
    if (await findPoolFault(context, offerId)) return null
    const counts = await countCodes(context.program.store(GOODS_PLUGIN_ID), offerId)
    return Object.assign(new GoodsCodePoolType(), counts)
  }

  @Extensions({ access: ['rules'] })
  @Mutation(() => ChangeGoodsCodesResult, {
    description: `Puts up to ${MAX_CODES} codes into the pool of an offer and says what became of each. The same again changes nothing.`,
  })
  async importGoodsCodes(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) offerId: string,
    @Arg('codes', () => [String], {
      description: 'The codes, 1 to 200 visible ASCII characters each.',
    })
    codes: string[],
    @ReasonArg() reason: string | null,
  ): Promise<GoodsCodesChangedType | RefusalType> {
    const refusal = await checkCall(context, { offerId, codes, reason })
    if (refusal) return toRefusalType(refusal, context.language)
    const store = context.program.store(GOODS_PLUGIN_ID)
    const fresh = await importCodes(store, {
      offerId,
      codes: fitCodes(codes),
      now: context.now(),
      written: auditedPool(context, offerId, { name: 'importGoodsCodes', reason }),
    })
    const outcomes = importOutcomes(codes, fresh)
    return changedType(context, { offerId, outcomes })
  }

  @Extensions({ access: ['rules'] })
  @Mutation(() => ChangeGoodsCodesResult, {
    description: `Takes up to ${MAX_CODES} codes out of the pool of an offer that nobody got, and says what became of each. Twice is once.`,
  })
  async voidGoodsCodes(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) offerId: string,
    @Arg('codes', () => [String], { description: 'The codes.' }) codes: string[],
    @ReasonArg() reason: string | null,
  ): Promise<GoodsCodesChangedType | RefusalType> {
    const refusal = await checkCall(context, { offerId, codes, reason })
    if (refusal) return toRefusalType(refusal, context.language)
    const statuses = await voidCodes(context.program.store(GOODS_PLUGIN_ID), {
      offerId,
      codes: fitCodes(codes),
      written: auditedPool(context, offerId, { name: 'voidGoodsCodes', reason }),
    })
    const outcomes = voidOutcomes(codes, statuses)
    return changedType(context, { offerId, outcomes })
  }
}

async function changedType(
  { program }: RequestContext,
  { offerId, outcomes }: { offerId: string; outcomes: readonly CodeOutcome[] },
): Promise<GoodsCodesChangedType> {
  const counts = await countCodes(program.store(GOODS_PLUGIN_ID), offerId)
  return Object.assign(new GoodsCodesChangedType(), {
    outcomes,
    pool: Object.assign(new GoodsCodePoolType(), counts),
  })
}

async function checkCall(
  context: RequestContext,
  { offerId, codes, reason }: { offerId: string; codes: readonly string[]; reason: string | null },
): Promise<Refusal | null> {
  if (codes.length < 1 || codes.length > MAX_CODES) {
    throw badUserInput(`Send 1 to ${MAX_CODES} at once.`, { field: 'codes' })
  }
  return checkReason(reason) ?? findPoolFault(context, offerId)
}

/** `GOODS_POOL_NOT_FOUND` where the offer gives no codes of a pool. */
async function findPoolFault(
  { program }: RequestContext,
  offerId: string,
): Promise<Refusal | null> {
  const offer = await program.findOffer(GOODS_PLUGIN_ID, offerId)
  const details = offer && goodsOffer.safeParse(offer.details).data
  const hasPool = details?.type === 'virtual' && details.gives.kind === 'code'
  return hasPool ? null : refuse('GOODS_POOL_NOT_FOUND', { field: 'offerId' })
}
