import { refuse } from '@pointwell/ledger'
import { findLotId } from '@pointwell/ledger/graphql'
import {
  badUserInput,
  PointsScalar,
  type RefusalType,
  resultUnion,
  toRefusalType,
  WalletType,
  walletType,
} from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql'
import { MEMBER_AND_STOREFRONT } from '../context/access.js'
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'

const MAX_LOTS = 500

@ObjectType('PointsClaimed', {
  description: 'Points are the member’s own now.',
  simpleResolvers: true,
})
export class PointsClaimedType {
  @Field(() => PointsScalar, { description: 'Points that became the member’s own by it.' })
  points!: number

  @Field(() => WalletType, { description: 'The wallet they went into.' })
  wallet!: WalletType
}

const ClaimResult = resultUnion('ClaimResult', PointsClaimedType, 'What was claimed, or why not.')

@Resolver()
export class ClaimResolver {
  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Mutation(() => ClaimResult, {
    description: 'Takes points that must be claimed before they lapse.',
  })
  async claimPoints(
    @Ctx() context: ProgramContext,
    @Arg('memberId', () => ID, { nullable: true, description: 'Whose; a member may leave it out.' })
    memberId: string | null,
    @Arg('lots', () => [ID], {
      nullable: true,
      description: `Only these lots, ${MAX_LOTS} at most; default: all that can be claimed.`,
    })
    ids: string[] | null,
    @Arg('idempotencyKey', () => ID, {
      nullable: true,
      description:
        'The same key again is the same claim, also after an answer was lost. Up to 100 characters.',
    })
    idempotencyKey: string | null,
  ): Promise<PointsClaimedType | RefusalType> {
    const owner = context.actingFor(memberId)
    if (ids && ids.length > MAX_LOTS) {
      throw badUserInput(`At most ${MAX_LOTS} lots at once.`, { field: 'lots' })
    }
    const member = await context.program.members.find(owner)
    const lots = ids?.map(findLotId) ?? null
    const foreign =
      lots?.findIndex((lot) => lot === undefined || lot.wallet !== member?.wallet) ?? -1
    if (member && foreign >= 0) {
      const refusal = refuse('LOT_NOT_FOUND', { field: `lots.${foreign}` })
      return toRefusalType(refusal, context.language)
    }
    const seqs = lots?.flatMap((lot) => (lot ? [lot.seq] : [])) ?? null
    return orRefusal(
      context.program.claim({ memberId: owner, lots: seqs, idempotencyKey }),
      context,
      async ({ points, wallet }) =>
        Object.assign(new PointsClaimedType(), {
          points,
          wallet: walletType(await loadWallet(context, wallet)),
        }),
    )
  }
}
