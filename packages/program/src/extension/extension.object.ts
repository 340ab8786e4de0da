import { lotId } from '@pointwell/ledger/graphql'
import type { Extended } from '@pointwell/plugin'
import {
  DateTimeScalar,
  PointsScalar,
  TransactionObject,
  transactionType,
  WalletType,
  walletType,
} from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'

@ObjectType('ExtendedLot', { description: 'A lot that lasts longer.', simpleResolvers: true })
export class ExtendedLotType {
  @Field(() => ID, { description: 'Which lot.' })
  id!: string

  @Field(() => PointsScalar, { description: 'Points of it that last longer.' })
  points!: number

  @Field(() => DateTimeScalar, {
    description: 'The first instant at which they would have been gone.',
  })
  from!: number

  @Field(() => DateTimeScalar, { description: 'The first instant at which they are gone now.' })
  to!: number
}

@ObjectType('PointsExtended', { description: 'Points last longer.', simpleResolvers: true })
export class PointsExtendedType {
  wallet!: number

  @Field(() => ID, { description: 'Whose points.' })
  memberId!: string

  @Field(() => PointsScalar, { description: 'How many points in all.' })
  points!: number

  @Field(() => [ExtendedLotType], { description: 'Of which lots, and until when.' })
  lots!: ExtendedLotType[]

  @Field(() => TransactionObject, { description: 'The line of history that says so.' })
  transaction!: TransactionObject

  @Field(() => WalletType, { name: 'wallet', description: 'The member’s points.' })
  async walletNow(@Ctx() context: ProgramContext): Promise<WalletType> {
    return walletType(await loadWallet(context, this.wallet))
  }
}

export function pointsExtendedType({
  memberId,
  points,
  lots,
  transaction,
}: Extended): PointsExtendedType {
  const { wallet } = transaction
  return Object.assign(new PointsExtendedType(), {
    wallet,
    memberId,
    points,
    lots: lots.map(({ lot, ...change }) =>
      Object.assign(new ExtendedLotType(), { id: lotId(wallet, lot), ...change }),
    ),
    transaction: transactionType(transaction),
  })
}
