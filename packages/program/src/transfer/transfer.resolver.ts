import { PointsScalar, type RefusalType, resultUnion } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, InputType, Mutation, Query, Resolver } from 'type-graphql'
import { MEMBER_AND_STOREFRONT, OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { walletsOf } from '../member/member-facts.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { TransferType, transferType } from './transfer.object.js'

const TransferPointsResult = resultUnion(
  'TransferPointsResult',
  TransferType,
  'The transfer, or why not.',
)

@InputType({ description: 'Points that a member gives to another.' })
export class TransferPointsInput {
  @Field(() => ID, { nullable: true, description: 'Who gives; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, { description: 'Who receives: the shop’s own id.' })
  to!: string

  @Field(() => PointsScalar, { description: 'How many available points.' })
  points!: number

  @Field(() => ID, {
    description: 'The same key again is the same transfer. Up to 100 characters.',
  })
  idempotencyKey!: string
}

@Resolver()
export class TransferResolver {
  @Extensions({ access: [...MEMBER_AND_STOREFRONT, ...OPERATORS] })
  @Query(() => TransferType, {
    nullable: true,
    description: 'One transfer; null: there is none, or it is between other members.',
  })
  async transfer(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
  ): Promise<TransferType | null> {
    const { viewer, program } = context
    const transfer = await program.transfers.find(id)
    if (!transfer) return null
    if (viewer.kind === 'member') {
      const member = await program.members.find(viewer.subject)
      const wallets = member ? walletsOf(member) : []
      if (wallets.includes(transfer.from)) return transferType(transfer)
      // What never arrived is the giver's business.
      if (!wallets.includes(transfer.to) || transfer.status !== 'received') return null
    }
    return transferType(transfer)
  }

  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Mutation(() => TransferPointsResult, {
    description:
      'Gives available points to another member, within the policy’s limits (`transfers`); they keep their kind and their expiry. A member is not told who is a member and who is not, nor why somebody cannot receive: `RECEIVER_UNAVAILABLE` is all it reads.',
  })
  transferPoints(
    @Ctx() context: ProgramContext,
    @Arg('input', () => TransferPointsInput, { description: 'What, and to whom.' })
    input: TransferPointsInput,
  ): Promise<TransferType | RefusalType> {
    const memberId = context.actingFor(input.memberId)
    const mayKnow = context.viewer.kind !== 'member'
    const request = { ...input, memberId, mayKnow }
    return orRefusal(context.program.transfers.give(request), context, transferType)
  }
}
