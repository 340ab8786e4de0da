import { isClosed, lockOf, type Wallet } from '@pointwell/ledger'
import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ObjectType } from 'type-graphql'

@ObjectType('Membership', {
  description:
    'How long a membership lasts. When it has run out, points wait frozen for a renewal.',
  simpleResolvers: true,
})
export class MembershipType {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant at which it has run out; null: it has no end.',
  })
  until!: number | null

  @Field(() => Boolean, { description: 'Whether it has run out.' })
  lapsed!: boolean
}

export function membershipType(wallet: Pick<Wallet, 'lock'>, now: number): MembershipType {
  const lock = lockOf(wallet)
  const fields = { until: lock.usableUntil, lapsed: isClosed(lock, now) }
  return Object.assign(new MembershipType(), fields)
}
