import { Arg, Ctx, Field, Int, ObjectType } from 'type-graphql'
import type { Balance, Lot } from '../wallet/wallet.js'
import { DateTimeScalar } from './date-time.scalar.js'
import { badUserInput } from './faults.js'
import type { LedgerContext } from './ledger-context.js'
import { PointsScalar } from './points.scalar.js'

const DAY_MS = 86_400_000
const MAX_DAYS = 3_660

@ObjectType('ExpiringPoints', {
  description: 'Points that run out at one instant.',
  simpleResolvers: true,
})
export class ExpiringPointsType {
  @Field(() => PointsScalar, { description: 'Available points that run out.' })
  points!: number

  @Field(() => DateTimeScalar, { description: 'The first instant at which they are gone.' })
  at!: number
}

@ObjectType('BalanceSnapshot', {
  description: 'What a wallet held at one moment, or right after one of its transactions.',
  simpleResolvers: true,
})
export class BalanceSnapshotType {
  @Field(() => PointsScalar, { description: 'Usable now.' })
  available!: number

  @Field(() => PointsScalar, { description: 'Earned, not yet usable.' })
  pending!: number

  @Field(() => PointsScalar, { description: 'Earned; void unless claimed in time.' })
  claimable!: number

  @Field(() => PointsScalar, { description: 'Reserved for redemptions in progress.' })
  held!: number

  @Field(() => PointsScalar, { description: 'In the wallet, not usable.' })
  frozen!: number

  @Field(() => PointsScalar, { description: 'Owed: what is earned next repays it first.' })
  debt!: number
}

@ObjectType('BalanceChange', {
  description: 'What one transaction added to each part of a balance; negative: took from it.',
  simpleResolvers: true,
})
export class BalanceChangeType {
  @Field(() => PointsScalar, { description: 'Change of the usable points.' })
  available!: number

  @Field(() => PointsScalar, { description: 'Change of the points not yet usable.' })
  pending!: number

  @Field(() => PointsScalar, { description: 'Change of the points to be claimed.' })
  claimable!: number

  @Field(() => PointsScalar, { description: 'Change of the points on hold.' })
  held!: number

  @Field(() => PointsScalar, { description: 'Change of the frozen points.' })
  frozen!: number

  @Field(() => PointsScalar, { description: 'Change of what is owed.' })
  debt!: number
}

@ObjectType('Balance', {
  description: 'What a wallet holds: for each state the sum over its lots, and what it owes.',
  simpleResolvers: true,
})
export class BalanceType {
  /** Whose balance it is; not a field. */
  wallet!: number

  @Field(() => PointsScalar, { description: 'Usable now.' })
  available!: number

  @Field(() => PointsScalar, { description: 'Earned, not yet usable.' })
  pending!: number

  @Field(() => PointsScalar, { description: 'Earned; void unless claimed in time.' })
  claimable!: number

  @Field(() => PointsScalar, { description: 'Reserved for redemptions in progress.' })
  held!: number

  @Field(() => PointsScalar, { description: 'In the wallet, not usable.' })
  frozen!: number

  @Field(() => PointsScalar, { description: 'Owed: what is earned next repays it first.' })
  debt!: number

  @Field(() => [ExpiringPointsType], {
    description: 'Available points that run out within so many days from now, the soonest first.',
  })
  async expiringSoon(
    @Ctx() context: LedgerContext,
    @Arg('withinDays', () => Int, {
      defaultValue: 30,
      description: `Days of 24 hours from now, 1 to ${MAX_DAYS}.`,
    })
    withinDays: number,
  ): Promise<ExpiringPointsType[]> {
    if (withinDays < 1 || withinDays > MAX_DAYS) {
      throw badUserInput(`\`withinDays\` goes from 1 to ${MAX_DAYS}.`, { field: 'withinDays' })
    }
    const now = context.now()
    const lots = await context.ledgerReads.findOpenLots(this.wallet)
    return expiringBetween(lots, { from: now, to: now + withinDays * DAY_MS })
  }
}

export function balanceType(wallet: number, balance: Balance): BalanceType {
  return Object.assign(new BalanceType(), balance, { wallet })
}

export function balanceSnapshotType(balance: Balance): BalanceSnapshotType {
  return Object.assign(new BalanceSnapshotType(), balance)
}

export function balanceChangeType(before: Balance, after: Balance): BalanceChangeType {
  return Object.assign(new BalanceChangeType(), {
    available: after.available - before.available,
    pending: after.pending - before.pending,
    claimable: after.claimable - before.claimable,
    held: after.held - before.held,
    frozen: after.frozen - before.frozen,
    debt: after.debt - before.debt,
  })
}

function expiringBetween(
  lots: readonly Lot[],
  { from, to }: { from: number; to: number },
): ExpiringPointsType[] {
  const points = new Map<number, number>()
  for (const { available, expiresAt } of lots) {
    if (available === 0 || expiresAt === null || expiresAt <= from || expiresAt > to) continue
    points.set(expiresAt, (points.get(expiresAt) ?? 0) + available)
  }
  return [...points]
    .sort(([a], [b]) => a - b)
    .map(([at, sum]) => Object.assign(new ExpiringPointsType(), { points: sum, at }))
}
