import {
  DateTimeScalar,
  PointsScalar,
  TransactionObject,
  transactionType,
} from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { Adjustment, AdjustmentStatus } from './adjustment-record.js'

/** The enum's names are the programme's words in capitals. */
const AdjustmentStatusEnum = {
  WAITING: 'waiting',
  DONE: 'done',
  DECLINED: 'declined',
} as const satisfies Record<Uppercase<AdjustmentStatus>, AdjustmentStatus>

registerEnumType(AdjustmentStatusEnum, {
  name: 'AdjustmentStatus',
  description: 'How far an adjustment has come.',
  valuesConfig: {
    WAITING: { description: 'A second operator has to approve it; no points have moved.' },
    DONE: { description: 'The points have moved.' },
    DECLINED: { description: 'An operator said no; no points move.' },
  },
})

@ObjectType('Adjustment', {
  description: 'Points that an operator gives to a member or takes from it, and who said so.',
  simpleResolvers: true,
})
export class AdjustmentType {
  adjustment!: Adjustment

  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { description: 'Whose points.' })
  memberId!: string

  @Field(() => PointsScalar, { description: 'How many points; below zero: they are taken.' })
  points!: number

  @Field(() => String, {
    nullable: true,
    description: 'The points kind of what is given; null: points are taken.',
  })
  kind!: string | null

  @Field(() => String, { description: 'Why, in the words of who asked for it.' })
  reason!: string

  @Field(() => AdjustmentStatusEnum, { description: 'How far it has come.' })
  status!: AdjustmentStatus

  @Field(() => String, { description: 'The operator who asked for it.' })
  requestedBy!: string

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: number

  @Field(() => String, {
    nullable: true,
    description:
      'The operator who decided: who asked for it, where the policy lets one operator decide; null: it waits.',
  })
  decidedBy!: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided.' })
  decidedAt!: number | null

  @Field(() => String, { nullable: true, description: 'Why it was declined.' })
  declineReason!: string | null

  @Field(() => TransactionObject, {
    nullable: true,
    description: 'The transaction that moved the points; null: none has.',
  })
  async transaction(@Ctx() { loaders }: ProgramContext): Promise<TransactionObject | null> {
    const { wallet, origin = wallet, version } = this.adjustment
    if (version === null) return null
    const transaction = await loaders.transaction({ wallet: origin, version })
    return transaction ? transactionType(transaction) : null
  }
}

export function adjustmentType(adjustment: Adjustment): AdjustmentType {
  const { id, memberId, points, kind, reason, status } = adjustment
  const { requestedBy, requestedAt, decidedBy, decidedAt, declineReason } = adjustment
  return Object.assign(new AdjustmentType(), {
    adjustment,
    id,
    memberId,
    points,
    kind,
    reason,
    status,
    requestedBy,
    requestedAt,
    decidedBy,
    decidedAt,
    declineReason,
  })
}
