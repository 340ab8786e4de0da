import { Arg, Args, Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { Wallet } from '../wallet/wallet.js'
import { assertPast } from './assert-past.js'
import {
  BalanceSnapshotType,
  BalanceType,
  balanceSnapshotType,
  balanceType,
} from './balance.object.js'
import { assertPageSize, type Connection, connectionFrom, PageArgs } from './connection.js'
import { assertCursor, encodeCursor } from './cursor.js'
import { DateTimeScalar } from './date-time.scalar.js'
import type { LedgerContext } from './ledger-context.js'
import { LotConnection, type LotType, lotType } from './lot.object.js'
import {
  TransactionConnection,
  type TransactionObject,
  transactionType,
} from './transaction.object.js'

@ObjectType('Wallet', { description: "A member's points.", simpleResolvers: true })
export class WalletType {
  /** The ledger's own number of the wallet; not a field. */
  wallet!: number

  @Field(() => ID, {
    description: 'Goes up by one with each transaction: the cursor of `balanceChanged`.',
  })
  version!: string

  @Field(() => BalanceType, { description: 'What the wallet holds.' })
  balance!: BalanceType

  @Field(() => BalanceSnapshotType, {
    description:
      'What the wallet held at a past moment, as it was shown then, with what was due by then done. Zero before its first transaction.',
  })
  async balanceAt(
    @Ctx() context: LedgerContext,
    @Arg('at', () => DateTimeScalar, {
      description: 'The moment, to the end of its millisecond; not in the future.',
    })
    at: number,
  ): Promise<BalanceSnapshotType> {
    assertPast(context, at)
    const balance = await context.ledgerReads.findBalanceAt({ wallet: this.wallet, at })
    if (!balance) throw new Error(`There is no wallet ${this.wallet}.`)
    return balanceSnapshotType(balance)
  }

  @Field(() => LotConnection, { description: 'Its lots, the newest first.' })
  async lots(
    @Ctx() context: LedgerContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('open', () => Boolean, {
      defaultValue: true,
      description: 'Only lots with points left; `false`: those that ended too.',
    })
    open: boolean,
  ): Promise<Connection<LotType>> {
    assertPageSize(first)
    const list = `lots:${this.wallet}`
    const before = assertCursor(list, ['number'], after)?.[0] ?? null
    const items = await context.ledgerReads.findLotPage(this.wallet, {
      open,
      before: before === null ? null : Number(before),
      limit: first + 1,
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: (lot) => encodeCursor(list, [lot.seq]),
      nodeOf: (lot) => lotType(this.wallet, lot),
    })
  }

  @Field(() => TransactionConnection, { description: 'Its history, the newest first.' })
  async transactions(
    @Ctx() context: LedgerContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<TransactionObject>> {
    assertPageSize(first)
    // The cursor names the wallet, so that a list of members has at most one page that is not the
    // first: the first ones are read together (A4).
    const list = `transactions:${this.wallet}`
    const before = assertCursor(list, ['number'], after)?.[0] ?? null
    const items = await context.ledgerReads.findTransactions(this.wallet, {
      before: before === null ? null : Number(before),
      limit: first + 1,
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: (transaction) => encodeCursor(list, [transaction.version]),
      nodeOf: transactionType,
    })
  }
}

export function walletType(wallet: Wallet): WalletType {
  return Object.assign(new WalletType(), {
    wallet: wallet.id,
    version: String(wallet.version),
    balance: balanceType(wallet.id, wallet.balance),
  })
}
