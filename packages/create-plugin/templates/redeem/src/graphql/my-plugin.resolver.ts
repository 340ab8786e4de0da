import { identifier, isRefusal, type Refusal, type RequestContext, refuse } from '@pointwell/plugin'
import { type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { MyPluginVoucherEntity } from '../store/my-plugin-voucher.entity.js'
import { changeVoucher, findVoucher } from '../store/my-plugin-vouchers.js'
import {
  MyPluginVoucherType,
  MyPluginVoucherUsed,
  UseMyPluginVoucherResult,
  voucherType,
} from './my-plugin-voucher.object.js'

const PLUGIN = 'my-plugin'
const orderIdSchema = identifier()

@Resolver()
export class MyPluginResolver {
  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => MyPluginVoucherType, {
    nullable: true,
    description: 'A voucher by its code; null: there is none.',
  })
  async myPluginVoucher(
    @Ctx() context: RequestContext,
    @Arg('code', () => String, { description: 'The code as the member typed it.' }) code: string,
  ): Promise<MyPluginVoucherType | null> {
    const voucher = await findVoucher(context.program.store(PLUGIN), code)
    return voucher && voucherType(voucher, context.now())
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => UseMyPluginVoucherResult, {
    description:
      'Uses a voucher for an order, once: the same order again gets the same answer, another is refused.',
  })
  async useMyPluginVoucher(
    @Ctx() context: RequestContext,
    @Arg('code', () => String, { description: 'The code as the member typed it.' }) code: string,
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
  ): Promise<MyPluginVoucherUsed | RefusalType> {
    const answer = await useVoucher(context, { code, orderId })
    if (isRefusal(answer)) return toRefusalType(answer, context.language)
    const voucher = voucherType(answer, context.now())
    return Object.assign(new MyPluginVoucherUsed(), { voucher })
  }
}

async function useVoucher(
  context: RequestContext,
  { code, orderId }: { readonly code: string; readonly orderId: string },
): Promise<MyPluginVoucherEntity | Refusal> {
  if (!orderIdSchema.safeParse(orderId).success)
    return refuse('INVALID_INPUT', { field: 'orderId' })
  const store = context.program.store(PLUGIN)
  const voucher = await findVoucher(store, code)
  if (!voucher) return refuse('MY_PLUGIN_NOT_FOUND', { field: 'code' })
  if (voucher.status === 'void') return refuse('MY_PLUGIN_VOID', { field: 'code' })
  if (voucher.status === 'used') {
    return voucher.usedFor === orderId ? voucher : refuse('MY_PLUGIN_USED', { field: 'code' })
  }
  const { expiresAt } = voucher
  if (expiresAt <= context.now())
    return refuse('MY_PLUGIN_EXPIRED', { field: 'code', when: expiresAt })
  const change = { status: 'used' as const, usedFor: orderId }
  const isMine = await changeVoucher(store, voucher.code, change)
  // Somebody was faster: what that one made of it says the answer.
  return isMine ? { ...voucher, ...change } : useVoucher(context, { code, orderId })
}
