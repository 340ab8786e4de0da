import { DateTimeScalar, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { MyPluginVoucherEntity } from '../store/my-plugin-voucher.entity.js'

type Status = MyPluginVoucherEntity['status'] | 'expired'

export const MyPluginVoucherStatus = {
  GIVEN: 'given',
  USED: 'used',
  EXPIRED: 'expired',
  VOID: 'void',
} as const satisfies Record<Uppercase<Status>, Status>

registerEnumType(MyPluginVoucherStatus, {
  name: 'MyPluginVoucherStatus',
  description: 'Where a voucher is in its life.',
  valuesConfig: {
    GIVEN: { description: 'Can be used.' },
    USED: { description: 'An order used it.' },
    EXPIRED: { description: 'Nobody used it in time.' },
    VOID: { description: 'Its redemption was cancelled.' },
  },
})

@ObjectType('MyPluginVoucher', {
  description: 'What a member got for points.',
  simpleResolvers: true,
})
export class MyPluginVoucherType {
  @Field(() => ID, { description: 'What it is used by.' })
  code!: string

  @Field(() => MyPluginVoucherStatus, { description: 'Where it is in its life.' })
  status!: Status

  @Field(() => DateTimeScalar, { description: 'When it can no longer be used.' })
  expiresAt!: number

  @Field(() => ID, { nullable: true, description: 'The order that used it; null: none.' })
  usedFor!: string | null
}

@ObjectType('MyPluginVoucherUsed', {
  description: 'The voucher belongs to the order.',
  simpleResolvers: true,
})
export class MyPluginVoucherUsed {
  @Field(() => MyPluginVoucherType, { description: 'The voucher.' })
  voucher!: MyPluginVoucherType
}

export const UseMyPluginVoucherResult = resultUnion('UseMyPluginVoucherResult', MyPluginVoucherUsed)

/** A voucher as it is at a moment, epoch milliseconds. */
export function voucherType(
  { code, status, expiresAt, usedFor }: MyPluginVoucherEntity,
  now: number,
): MyPluginVoucherType {
  // Nothing is written when a voucher runs out: it is by the clock.
  const isOver = status === 'given' && expiresAt <= now
  return Object.assign(new MyPluginVoucherType(), {
    code,
    status: isOver ? 'expired' : status,
    expiresAt,
    usedFor,
  })
}
