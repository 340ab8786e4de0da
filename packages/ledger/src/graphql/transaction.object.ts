import { Ctx, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { JsonObject } from '../posting/json.js'
import type { Step, TransactionLine, TransactionType } from '../posting/posting.js'
import {
  BalanceChangeType,
  BalanceSnapshotType,
  balanceChangeType,
  balanceSnapshotType,
} from './balance.object.js'
import { connectionOf } from './connection.js'
import { DateTimeScalar } from './date-time.scalar.js'
import { DecimalScalar } from './decimal.scalar.js'
import { JsonScalar } from './json.scalar.js'
import type { LedgerContext } from './ledger-context.js'
import { PointsScalar } from './points.scalar.js'

/** The enum's names are the ledger's words in capitals. */
export const TransactionKind = {
  GRANT: 'grant',
  CONFIRM: 'confirm',
  CLAIM: 'claim',
  VOID: 'void',
  EXPIRE: 'expire',
  HOLD: 'hold',
  CAPTURE: 'capture',
  RELEASE: 'release',
  REFUND: 'refund',
  CLAWBACK: 'clawback',
  FREEZE: 'freeze',
  THAW: 'thaw',
  ADJUST: 'adjust',
  EXTEND: 'extend',
  TRANSFER: 'transfer',
  MERGE: 'merge',
  OPENING: 'opening',
  NOTE: 'note',
} as const satisfies Record<Uppercase<TransactionType>, TransactionType>

registerEnumType(TransactionKind, {
  name: 'TransactionType',
  description: 'What a transaction did.',
  valuesConfig: {
    GRANT: { description: 'Points were credited by an earn source.' },
    CONFIRM: { description: 'Pending points became available, or claimable.' },
    CLAIM: { description: 'The member claimed points.' },
    VOID: { description: 'Pending or claimable points were cancelled.' },
    EXPIRE: { description: 'Points ran out.' },
    HOLD: { description: 'Points were reserved for a redemption.' },
    CAPTURE: { description: 'Reserved points were spent.' },
    RELEASE: { description: 'Reserved points were set free again.' },
    REFUND: { description: 'Spent points came back to their lots.' },
    CLAWBACK: { description: 'Points of returned goods were taken back.' },
    FREEZE: { description: 'Points were frozen.' },
    THAW: { description: 'Frozen points became usable again.' },
    ADJUST: { description: 'An operator credited or debited points.' },
    EXTEND: { description: 'Points last longer, or got the end that a new policy gives them.' },
    TRANSFER: { description: 'Points went to another member, came from one, or came back.' },
    MERGE: { description: 'All points went to the wallet of the same person, or came from there.' },
    OPENING: { description: 'A balance that was kept elsewhere was brought along.' },
    NOTE: { description: 'Something was recorded that moved no points.' },
  },
})

@ObjectType('Step', {
  description: 'One step of how a number of points came about.',
  simpleResolvers: true,
})
export class StepType {
  @Field(() => String, { description: 'A stable word: `base`, `tier`, `birthday`, `cap` …' })
  step!: string

  @Field(() => DecimalScalar, { description: 'Points after this step less points before it.' })
  points!: string | number

  @Field(() => JsonScalar, { nullable: true, description: 'The figures this step worked with.' })
  figures!: JsonObject | null

  @Field(() => String, { description: 'What the step is called, in the language of the request.' })
  title(@Ctx() context: LedgerContext): string {
    return context.titleOf(this.step)
  }
}

@ObjectType('Transaction', {
  description: "One immutable line of a wallet's history.",
  simpleResolvers: true,
})
export class TransactionObject {
  /** What figures count it by. */
  labels!: TransactionLine['labels']

  @Field(() => ID, { description: 'Names the transaction for ever.' })
  id!: string

  @Field(() => ID, { description: "The wallet's version after it: a cursor of `balanceChanged`." })
  version!: string

  @Field(() => TransactionKind, { description: 'What it did.' })
  type!: TransactionType

  @Field(() => String, { description: 'What it was for, a stable word: `purchase`, `offer:…`.' })
  reason!: string

  @Field(() => PointsScalar, { description: 'Change of the available points; negative: fewer.' })
  points!: number

  @Field(() => BalanceChangeType, { description: 'Change of every part of the balance.' })
  change!: BalanceChangeType

  @Field(() => BalanceSnapshotType, { description: 'The balance right after it.' })
  balance!: BalanceSnapshotType

  @Field(() => [StepType], { description: 'How the points came about, step by step.' })
  explanation!: StepType[]

  @Field(() => Int, { nullable: true, description: 'The policy it was decided under.' })
  policyVersion!: number | null

  @Field(() => DateTimeScalar, { description: 'When it was written down.' })
  recordedAt!: number

  @Field(() => DateTimeScalar, { description: 'When what it is about happened.' })
  effectiveAt!: number

  @Field(() => ID, { nullable: true, description: 'The transaction this one mends.' })
  corrects!: string | null

  @Field(() => String, { description: 'What it was for, in the language of the request.' })
  title(@Ctx() context: LedgerContext): string {
    return context.titleOf(this.reason)
  }
}

export const TransactionConnection = connectionOf(TransactionObject, 'Transaction')

export function transactionType(transaction: TransactionLine): TransactionObject {
  const change = balanceChangeType(transaction.before, transaction.balance)
  return Object.assign(new TransactionObject(), {
    id: transaction.id,
    version: String(transaction.version),
    type: transaction.type,
    reason: transaction.reason,
    points: change.available,
    change,
    balance: balanceSnapshotType(transaction.balance),
    explanation: transaction.explanation.map(stepType),
    policyVersion: transaction.policyVersion,
    recordedAt: transaction.recordedAt,
    effectiveAt: transaction.effectiveAt,
    corrects: transaction.corrects,
    labels: transaction.labels,
  })
}

export function stepType(step: Step): StepType {
  return Object.assign(new StepType(), {
    step: step.step,
    points: step.points,
    figures: step.figures ?? null,
  })
}
