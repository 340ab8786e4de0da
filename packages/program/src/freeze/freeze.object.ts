import { type Freeze, frozenIn, type JsonObject, type LedgerTransaction } from '@pointwell/ledger'
import {
  DateTimeScalar,
  PointsScalar,
  TransactionObject,
  transactionType,
} from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, ID, ObjectType } from 'type-graphql'
import { transactionOf } from '../audit/act-mark.js'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { isHeldStep } from '../risk/risk-hold.js'
import type { FreezeResult } from './freeze-commands.js'

@ObjectType('Freeze', {
  description: 'Points of a member that are locked: they are in the wallet, and cannot be used.',
  simpleResolvers: true,
})
export class FreezeType {
  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => PointsScalar, { description: 'How many points it holds.' })
  points!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'They are freed by themselves then; null: only when an operator frees them.',
  })
  until!: number | null

  @Extensions({ access: OPERATORS })
  @Field(() => String, {
    nullable: true,
    description:
      'Why, in the words of who froze them, or `<rule>: <reason>` of a risk rule; null also for who may not read it.',
  })
  async reason(@Ctx() context: ProgramContext): Promise<string | null> {
    const made = await this.made(context)
    return made ? reasonOf(made) : null
  }

  @Extensions({ access: OPERATORS })
  @Field(() => String, {
    nullable: true,
    description: 'The operator who froze them; null: a risk rule, or who asks may not read it.',
  })
  async by(@Ctx() context: ProgramContext): Promise<string | null> {
    const made = await this.made(context)
    return made ? ((askedFor(made)?.by as string | undefined) ?? null) : null
  }

  @Field(() => TransactionObject, {
    nullable: true,
    description: 'The transaction that froze them.',
  })
  async transaction(@Ctx() context: ProgramContext): Promise<TransactionObject | null> {
    const made = await this.made(context)
    return made ? transactionType(made) : null
  }

  private async made({ loaders }: ProgramContext): Promise<LedgerTransaction | undefined> {
    const place = transactionOf(`transaction:${this.id}`)
    return place && loaders.transaction(place)
  }
}

@ObjectType('FreezeEnded', {
  description: 'Nothing is frozen by it any more.',
  simpleResolvers: true,
})
export class FreezeEndedType {
  @Field(() => ID, { description: 'Which freeze.' })
  id!: string

  @Field(() => PointsScalar, { description: 'How many points it still held.' })
  points!: number

  @Field(() => TransactionObject, { description: 'The transaction that ended it.' })
  transaction!: TransactionObject
}

/** What an operator asked for. What a risk rule froze was asked for by an event, with words of its own. */
function askedFor({ type, content }: LedgerTransaction): JsonObject | null {
  return type === 'freeze' ? content : null
}

function reasonOf(made: LedgerTransaction): string | null {
  const asked = askedFor(made)
  if (asked) return (asked.reason as string | undefined) ?? null
  const held = made.explanation.find(isHeldStep)
  return held ? `${held.figures?.rule}: ${held.figures?.reason}` : null
}

/** What a freeze holds now. */
export function freezeType(freeze: Freeze): FreezeType {
  const { ref: id, until } = freeze
  return Object.assign(new FreezeType(), { id, points: frozenIn(freeze), until })
}

/** A freeze as it was made. */
export function madeFreezeType({ result, content }: LedgerTransaction): FreezeType {
  const { freeze: id, points } = result as unknown as FreezeResult
  const { until } = content as { until: number | null }
  return Object.assign(new FreezeType(), { id, points, until })
}

export function freezeEndedType(transaction: LedgerTransaction): FreezeEndedType {
  const { freeze: id, points } = transaction.result as unknown as FreezeResult
  const fields = { id, points, transaction: transactionType(transaction) }
  return Object.assign(new FreezeEndedType(), fields)
}
