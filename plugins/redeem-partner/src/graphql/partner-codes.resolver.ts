import {
  auditedPool,
  type CodeOutcome,
  checkReason,
  fitCodes,
  importOutcomes,
  isRefusal,
  MAX_CODES,
  type Refusal,
  type RequestContext,
  refuse,
  voidOutcomes,
} from '@pointwell/plugin'
import { badUserInput, ReasonArg, type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Resolver } from 'type-graphql'
import { partnerOffer } from '../offer/partner-offer.js'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { countCodes, importCodes, voidCodes } from '../store/code-pool.js'
import { PartnerCodePoolType } from './partner.object.js'
import { ChangePartnerCodesResult, PartnerCodesChangedType } from './partner-codes.object.js'

/** Pools of codes that partners' offers give from. A code is read by nobody but who gets it. */
@Resolver()
export class PartnerCodesResolver {
  @Extensions({ access: ['rules'] })
  @Mutation(() => ChangePartnerCodesResult, {
    description: `Puts up to ${MAX_CODES} codes into the pool of an offer and says what became of each. The same again changes nothing.`,
  })
  async importPartnerCodes(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) offerId: string,
    @Arg('codes', () => [String], {
      description: 'The codes, 1 to 200 visible ASCII characters each.',
    })
    codes: string[],
    @ReasonArg() reason: string | null,
  ): Promise<PartnerCodesChangedType | RefusalType> {
    const partnerId = await findPool(context, { offerId, codes, reason })
    if (isRefusal(partnerId)) return toRefusalType(partnerId, context.language)
    const store = context.program.store(PARTNER_PLUGIN_ID)
    const fresh = await importCodes(store, {
      partnerId,
      offerId,
      codes: fitCodes(codes),
      now: context.now(),
      written: auditedPool(context, offerId, { name: 'importPartnerCodes', reason }),
    })
    const outcomes = importOutcomes(codes, fresh)
    return changedType(context, { offerId, outcomes })
  }

  @Extensions({ access: ['rules'] })
  @Mutation(() => ChangePartnerCodesResult, {
    description: `Takes up to ${MAX_CODES} codes out of the pool of an offer that nobody got, and says what became of each. Twice is once.`,
  })
  async voidPartnerCodes(
    @Ctx() context: RequestContext,
    @Arg('offerId', () => ID, { description: 'Which offer.' }) offerId: string,
    @Arg('codes', () => [String], { description: 'The codes.' }) codes: string[],
    @ReasonArg() reason: string | null,
  ): Promise<PartnerCodesChangedType | RefusalType> {
    const partnerId = await findPool(context, { offerId, codes, reason })
    if (isRefusal(partnerId)) return toRefusalType(partnerId, context.language)
    const statuses = await voidCodes(context.program.store(PARTNER_PLUGIN_ID), {
      offerId,
      codes: fitCodes(codes),
      written: auditedPool(context, offerId, { name: 'voidPartnerCodes', reason }),
    })
    const outcomes = voidOutcomes(codes, statuses)
    return changedType(context, { offerId, outcomes })
  }
}

async function changedType(
  { program }: RequestContext,
  { offerId, outcomes }: { offerId: string; outcomes: readonly CodeOutcome[] },
): Promise<PartnerCodesChangedType> {
  const counts = await countCodes(program.store(PARTNER_PLUGIN_ID), offerId)
  return Object.assign(new PartnerCodesChangedType(), {
    outcomes,
    pool: Object.assign(new PartnerCodePoolType(), { offerId, ...counts }),
  })
}

/** Whose pool it is. Refuses `PARTNER_POOL_NOT_FOUND` where the offer gives no codes of a pool. */
async function findPool(
  { program }: RequestContext,
  { offerId, codes, reason }: { offerId: string; codes: readonly string[]; reason: string | null },
): Promise<string | Refusal> {
  if (codes.length < 1 || codes.length > MAX_CODES) {
    throw badUserInput(`Send 1 to ${MAX_CODES} at once.`, { field: 'codes' })
  }
  const refusal = checkReason(reason)
  if (refusal) return refusal
  const offer = await program.findOffer(PARTNER_PLUGIN_ID, offerId)
  const details = offer && partnerOffer.safeParse(offer.details).data
  return details?.gives.source === 'pool'
    ? details.partner
    : refuse('PARTNER_POOL_NOT_FOUND', { field: 'offerId' })
}
