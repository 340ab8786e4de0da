import { Field, ID, ObjectType } from 'type-graphql'
import type { LedgerTransaction } from '../posting/posting.js'
import { BalanceType, balanceType } from './balance.object.js'
import { TransactionObject, transactionType } from './transaction.object.js'

@ObjectType('BalanceChanged', {
  description: 'One change of a wallet, in order, each exactly once.',
  simpleResolvers: true,
})
export class BalanceChangedType {
  @Field(() => ID, { description: 'Whose wallet it is.' })
  memberId!: string

  @Field(() => ID, {
    description:
      "The wallet's version after this change, one more than before it. Keep it: given as `after`, the subscription goes on from here.",
  })
  version!: string

  @Field(() => BalanceType, { description: 'The balance right after this change.' })
  balance!: BalanceType

  @Field(() => TransactionObject, { description: 'What happened.' })
  change!: TransactionObject
}

export function balanceChangedType(
  memberId: string,
  transaction: LedgerTransaction,
): BalanceChangedType {
  return Object.assign(new BalanceChangedType(), {
    memberId,
    version: String(transaction.version),
    balance: balanceType(transaction.wallet, transaction.balance),
    change: transactionType(transaction),
  })
}
