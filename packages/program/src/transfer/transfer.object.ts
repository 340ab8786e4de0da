import { connectionOf, DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { Transfer, TransferStatus } from './transfer-record.js'

/** The enum's names are the programme's words in capitals. */
const TransferStatusEnum = {
  SENT: 'sent',
  RECEIVED: 'received',
  RETURNED: 'returned',
} as const satisfies Record<Uppercase<TransferStatus>, TransferStatus>

registerEnumType(TransferStatusEnum, {
  name: 'TransferStatus',
  description: 'How far a transfer has come.',
  valuesConfig: {
    SENT: { description: 'The points have left the giver and have not arrived yet.' },
    RECEIVED: { description: 'The receiver has them.' },
    RETURNED: { description: 'The receiver could not take them; the giver has them back.' },
  },
})

@ObjectType('TransferPart', {
  description: 'Points of one kind and age among those transferred.',
  simpleResolvers: true,
})
export class TransferPartType {
  @Field(() => String, { description: 'The points kind, which stays what it was.' })
  kind!: string

  @Field(() => PointsScalar, { description: 'How many.' })
  points!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When they run out, with whom they are now as before; null: never.',
  })
  expiresAt!: number | null
}

@ObjectType('Transfer', {
  description: 'Points that a member gave to another.',
  simpleResolvers: true,
})
export class TransferType {
  transfer!: Transfer

  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { description: 'Who gave.' })
  from(@Ctx() context: ProgramContext): Promise<string> {
    return nameOf(this.transfer.from, context)
  }

  @Field(() => ID, { description: 'Who receives.' })
  to(@Ctx() context: ProgramContext): Promise<string> {
    return nameOf(this.transfer.to, context)
  }

  @Field(() => PointsScalar, { description: 'How many points.' })
  points!: number

  @Field(() => TransferStatusEnum, { description: 'How far it has come.' })
  status!: TransferStatus

  @Field(() => [TransferPartType], {
    description: 'What the points were: they keep their kind and their expiry.',
  })
  parts!: readonly TransferPartType[]

  @Field(() => DateTimeScalar, { description: 'When they left the giver.' })
  createdAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When they arrived or came back; null: they are on their way.',
  })
  settledAt!: number | null
}

export const TransferConnection = connectionOf(TransferType, 'Transfer')

export function transferType(transfer: Transfer): TransferType {
  const { id, points, status, createdAt, settledAt } = transfer
  const parts = transfer.parts.map((part) =>
    Object.assign(new TransferPartType(), {
      kind: part.kind,
      points: part.points,
      expiresAt: part.expiresAt,
    }),
  )
  return Object.assign(new TransferType(), {
    transfer,
    id,
    points,
    status,
    parts,
    createdAt,
    settledAt,
  })
}

async function nameOf(wallet: number, { loaders }: ProgramContext): Promise<string> {
  const member = await loaders.memberOf(wallet)
  if (!member) throw new Error(`The member of wallet ${wallet} is gone.`)
  return member.id
}
