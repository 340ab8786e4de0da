import { type Earned, identifier, isRefusal, type Refusal, refuse } from '@pointwell/plugin'
import { badUserInput, DateTimeScalar, type PluginContext } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { ConfirmPurchaseInput, RecordPurchaseInput, ReturnPurchaseInput } from './purchase.input.js'
import { PurchaseType, purchaseType } from './purchase.object.js'
import {
  CancelPurchaseResult,
  ConfirmPurchaseResult,
  PurchaseCancelled,
  PurchaseConfirmed,
  PurchaseRecorded,
  PurchaseReturned,
  purchaseResult,
  RecordPurchaseResult,
  ReturnPurchaseResult,
} from './purchase-results.js'

const source = 'purchase'
const MAX_BATCH = 500

@Resolver()
export class PurchaseResolver {
  @Query(() => PurchaseType, { nullable: true, description: 'An order, by the shop’s id.' })
  @Extensions({ access: ['storefront', 'support'] })
  async purchase(
    @Ctx() { program }: PluginContext,
    @Arg('orderId', () => ID, { description: 'The order, by the shop’s id.' }) orderId: string,
  ): Promise<PurchaseType | null> {
    if (!isOrderId(orderId)) return null
    const record = await program.findEarned({ source, ref: orderId })
    return record && purchaseType(record)
  }

  @Mutation(() => RecordPurchaseResult, {
    description: 'Takes an order in. The same order again changes nothing.',
  })
  @Extensions({ access: ['storefront'] })
  async recordPurchase(
    @Ctx() context: PluginContext,
    @Arg('input', () => RecordPurchaseInput, { description: 'The order.' })
    input: RecordPurchaseInput,
  ): Promise<typeof RecordPurchaseResult> {
    const answer = await context.program.earn(earnRequest(input))
    return purchaseResult(PurchaseRecorded, answer, context)
  }

  @Mutation(() => [RecordPurchaseResult], {
    description: `Takes up to ${MAX_BATCH} orders in, each with a result of its own, in the same order.`,
  })
  @Extensions({ access: ['storefront'] })
  async recordPurchases(
    @Ctx() context: PluginContext,
    @Arg('input', () => [RecordPurchaseInput], { description: 'The orders.' })
    input: RecordPurchaseInput[],
  ): Promise<Array<typeof RecordPurchaseResult>> {
    assertBatch(input)
    const answers = await context.program.earnMany(input.map(earnRequest))
    return answers.map((answer) => purchaseResult(PurchaseRecorded, answer, context))
  }

  @Mutation(() => ConfirmPurchaseResult, {
    description: 'Confirms an order that was signed for: its points need not wait any longer.',
  })
  @Extensions({ access: ['storefront'] })
  async confirmPurchase(
    @Ctx() context: PluginContext,
    @Arg('orderId', () => ID, { description: 'The order, by the shop’s id.' }) orderId: string,
    @Arg('confirmedAt', () => DateTimeScalar, {
      nullable: true,
      description: 'When it was signed for; otherwise now.',
    })
    confirmedAt?: number | null,
  ): Promise<typeof ConfirmPurchaseResult> {
    const answer = await confirm({ orderId, confirmedAt }, context)
    return purchaseResult(PurchaseConfirmed, answer, context)
  }

  @Mutation(() => [ConfirmPurchaseResult], {
    description: `Confirms up to ${MAX_BATCH} orders, each with a result of its own, in the same order.`,
  })
  @Extensions({ access: ['storefront'] })
  async confirmPurchases(
    @Ctx() context: PluginContext,
    @Arg('input', () => [ConfirmPurchaseInput], { description: 'The orders.' })
    input: ConfirmPurchaseInput[],
  ): Promise<Array<typeof ConfirmPurchaseResult>> {
    assertBatch(input)
    const answers = await Promise.all(input.map((one) => confirm(one, context)))
    return answers.map((answer) => purchaseResult(PurchaseConfirmed, answer, context))
  }

  @Mutation(() => ReturnPurchaseResult, {
    description:
      'Takes a part of an order back: what it would have earned without is what still stands.',
  })
  @Extensions({ access: ['storefront'] })
  async returnPurchase(
    @Ctx() context: PluginContext,
    @Arg('input', () => ReturnPurchaseInput, { description: 'The order, and what came back.' })
    input: ReturnPurchaseInput,
  ): Promise<typeof ReturnPurchaseResult> {
    return purchaseResult(PurchaseReturned, await takeBack(input, context), context)
  }

  @Mutation(() => [ReturnPurchaseResult], {
    description: `Takes up to ${MAX_BATCH} returns in, each with a result of its own, in the same order.`,
  })
  @Extensions({ access: ['storefront'] })
  async returnPurchases(
    @Ctx() context: PluginContext,
    @Arg('input', () => [ReturnPurchaseInput], { description: 'The orders, and what came back.' })
    input: ReturnPurchaseInput[],
  ): Promise<Array<typeof ReturnPurchaseResult>> {
    assertBatch(input)
    const answers = await Promise.all(input.map((one) => takeBack(one, context)))
    return answers.map((answer) => purchaseResult(PurchaseReturned, answer, context))
  }

  @Mutation(() => CancelPurchaseResult, {
    description: 'Takes all of an order back. An order is cancelled once.',
  })
  @Extensions({ access: ['storefront'] })
  async cancelPurchase(
    @Ctx() context: PluginContext,
    @Arg('orderId', () => ID, { description: 'The order, by the shop’s id.' }) orderId: string,
  ): Promise<typeof CancelPurchaseResult> {
    const answer = isOrderId(orderId)
      ? await context.program.cancelEarned({ source, ref: orderId, key: 'cancel' })
      : notAnOrderId()
    return purchaseResult(PurchaseCancelled, answer, context)
  }
}

/** An order as its schema takes it: what is absent is left out, so that it is the same order whether a
 * client leaves a field out or sends null. */
function earnRequest({ memberId, confirmed, lines, ...order }: RecordPurchaseInput) {
  return {
    source,
    memberId,
    event: { ...present(order), lines: lines.map(present), confirmed: confirmed ?? false },
  }
}

async function confirm(
  { orderId, confirmedAt }: ConfirmPurchaseInput,
  { program }: PluginContext,
): Promise<Earned | Refusal> {
  if (!isOrderId(orderId)) return notAnOrderId()
  const at = confirmedAt ?? undefined
  const answer = await program.confirmEarned({
    source,
    ref: orderId,
    ...(at !== undefined && { at }),
  })
  // The programme calls it `at`; whoever asked gave it as `confirmedAt`.
  return isRefusal(answer) && answer.figures.field === 'at'
    ? { ...answer, figures: { ...answer.figures, field: 'confirmedAt' } }
    : answer
}

async function takeBack(
  { orderId, lines, ...taken }: ReturnPurchaseInput,
  { program }: PluginContext,
): Promise<Earned | Refusal> {
  if (!isOrderId(orderId)) return notAnOrderId()
  return program.returnEarned({
    source,
    ref: orderId,
    taken: { ...present(taken), lines: lines.map(present) },
  })
}

function present(fields: object): object {
  const entries = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined,
  )
  return Object.fromEntries(entries)
}

function isOrderId(orderId: string): boolean {
  return identifier().safeParse(orderId).success
}

function notAnOrderId(): Refusal {
  return refuse('INVALID_INPUT', {
    field: 'orderId',
    detail: 'Expected an id of visible ASCII characters without spaces, 64 at most.',
  })
}

function assertBatch(input: readonly unknown[]): void {
  if (input.length >= 1 && input.length <= MAX_BATCH) return
  throw badUserInput(`Send 1 to ${MAX_BATCH} at once.`, { field: 'input' })
}
