import {
  connectionOf,
  DateTimeScalar,
  JsonScalar,
  TransactionObject,
  transactionType,
} from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import { transactionOf } from './act-mark.js'
import type { AuditEntry } from './audit-entry.js'

@ObjectType('AuditEntry', {
  description: 'One act of an operator: who did what, when, from where, why, and what it changed.',
  simpleResolvers: true,
})
export class AuditEntryType {
  entry!: AuditEntry

  @Field(() => ID, { description: 'Counts up.' })
  id!: string

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: number

  @Field(() => String, { description: 'The operator’s login.' })
  by!: string

  @Field(() => [String], { description: 'The roles that the operator had then.' })
  roles!: readonly string[]

  @Field(() => String, {
    nullable: true,
    description: 'The address it came from; null: not over the network.',
  })
  address!: string | null

  @Field(() => String, { description: 'What: the name of the mutation.' })
  act!: string

  @Field(() => String, { description: 'What kind of thing it changed: `member`, `offer` …' })
  targetKind!: string

  @Field(() => ID, { description: 'Which one; a member by the shop’s id.' })
  async targetId(@Ctx() { loaders }: ProgramContext): Promise<string> {
    const { kind, id } = this.entry.target
    if (kind !== 'member') return id
    return (await loaders.memberOf(Number(id)))?.id ?? id
  }

  @Field(() => String, { nullable: true, description: 'Why, where the operator said so.' })
  reason!: string | null

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the act changed, as it was before; null: there was nothing.',
  })
  before!: unknown

  @Field(() => JsonScalar, { nullable: true, description: 'The same as it was after.' })
  after!: unknown

  @Field(() => TransactionObject, {
    nullable: true,
    description: 'The transaction of the act, where it made one.',
  })
  async transaction(@Ctx() { loaders }: ProgramContext): Promise<TransactionObject | null> {
    const place = transactionOf(this.entry.key)
    const transaction = place && (await loaders.transaction(place))
    return transaction ? transactionType(transaction) : null
  }
}

export const AuditEntryConnection = connectionOf(AuditEntryType, 'AuditEntry')

export function auditEntryType(entry: AuditEntry): AuditEntryType {
  const { id, at, by, roles, address, act, target, reason, before, after } = entry
  return Object.assign(new AuditEntryType(), {
    entry,
    id: String(id),
    at,
    by,
    roles,
    address,
    act,
    targetKind: target.kind,
    reason,
    before,
    after,
  })
}
