import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { Lot } from '../wallet/wallet.js'
import { connectionOf } from './connection.js'
import { DateTimeScalar } from './date-time.scalar.js'
import { PointsScalar } from './points.scalar.js'

export enum LotStateType {
  PENDING = 'PENDING',
  CLAIMABLE = 'CLAIMABLE',
  AVAILABLE = 'AVAILABLE',
  FROZEN = 'FROZEN',
  HELD = 'HELD',
  EXPIRED = 'EXPIRED',
  VOIDED = 'VOIDED',
  EXHAUSTED = 'EXHAUSTED',
}

registerEnumType(LotStateType, {
  name: 'LotState',
  description:
    'How far a lot has come. Where its points are in several states, the first of these.',
  valuesConfig: {
    PENDING: { description: 'Earned, not yet usable: the order is not confirmed yet.' },
    CLAIMABLE: { description: 'Must be claimed by `claimBy`, or it is void.' },
    AVAILABLE: { description: 'Usable now.' },
    FROZEN: { description: 'In the wallet, not usable.' },
    HELD: { description: 'All that is left is reserved for redemptions in progress.' },
    VOIDED: {
      description:
        'All of it was cancelled before it was usable: returned, or not claimed in time.',
    },
    EXPIRED: { description: 'Nothing left; points of it ran out.' },
    EXHAUSTED: { description: 'Nothing left; all of it was spent or taken back.' },
  },
})

@ObjectType('Lot', {
  description:
    'What one grant put into a wallet, and what remains of it: the parts in each state add up to what is left.',
  simpleResolvers: true,
})
export class LotType {
  @Field(() => ID, { description: 'Names the lot for ever.' })
  id!: string

  @Field(() => String, { description: 'The points kind: base, bonus, welcome … (policy `kinds`).' })
  kind!: string

  @Field(() => String, { description: 'The earn source that granted it.' })
  source!: string

  @Field(() => String, {
    nullable: true,
    description: 'The order or act it came from; null for an adjustment.',
  })
  ref!: string | null

  @Field(() => PointsScalar, { description: 'Points granted at first.' })
  granted!: number

  @Field(() => PointsScalar, { description: 'Usable now.' })
  available!: number

  @Field(() => PointsScalar, { description: 'Not yet usable.' })
  pending!: number

  @Field(() => PointsScalar, { description: 'To be claimed by `claimBy`.' })
  claimable!: number

  @Field(() => PointsScalar, { description: 'Reserved for redemptions in progress.' })
  held!: number

  @Field(() => PointsScalar, { description: 'Not usable.' })
  frozen!: number

  @Field(() => DateTimeScalar, { description: 'When it was earned.' })
  earnedAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'A pending lot confirms by itself at this instant; null: only when confirmed.',
  })
  confirmAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'What is not claimed before this instant is void.',
  })
  claimBy!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first instant at which it is no longer usable; null: never runs out.',
  })
  expiresAt!: number | null

  @Field(() => LotStateType, { description: 'How far it has come.' })
  state!: LotStateType
}

export const LotConnection = connectionOf(LotType, 'Lot')

export function lotType(wallet: number, lot: Lot): LotType {
  return Object.assign(new LotType(), {
    id: lotId(wallet, lot.seq),
    kind: lot.kind,
    source: lot.source,
    ref: lot.ref,
    granted: lot.granted,
    available: lot.available,
    pending: lot.pending,
    claimable: lot.claimable,
    held: lot.held,
    frozen: lot.frozen,
    earnedAt: lot.earnedAt,
    confirmAt: lot.confirmAt,
    claimBy: lot.claimBy,
    expiresAt: lot.expiresAt,
    state: stateOf(lot),
  })
}

/** The id of a lot in the API. */
export function lotId(wallet: number, seq: number): string {
  return `${wallet}-${seq}`
}

/** A lot by its id in the API; undefined when the id is none. */
export function findLotId(id: string): { wallet: number; seq: number } | undefined {
  const [, wallet, seq] = (/^([1-9]\d{0,14})-([1-9]\d{0,14})$/.exec(id) ?? []).map(Number)
  return wallet === undefined || seq === undefined ? undefined : { wallet, seq }
}

function stateOf(lot: Lot): LotStateType {
  if (lot.pending > 0) return LotStateType.PENDING
  if (lot.claimable > 0) return LotStateType.CLAIMABLE
  if (lot.available > 0) return LotStateType.AVAILABLE
  if (lot.frozen > 0) return LotStateType.FROZEN
  if (lot.held > 0) return LotStateType.HELD
  if (lot.voided === lot.granted) return LotStateType.VOIDED
  return lot.lapsed > 0 ? LotStateType.EXPIRED : LotStateType.EXHAUSTED
}
