import {
  type ConfirmRequest,
  type Earned,
  identifier,
  isRefusal,
  type Refusal,
  type ReturnRequest,
  refuse,
} from '@pointwell/plugin'
import { badUserInput, DateTimeScalar, type PluginContext } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { EarnPreviewResult, earnPreviewResult } from './earn-preview.object.js'
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
    const record = await program.findEarned({ source, once: orderId })
    return record && purchaseType(record)
  }

  @Query(() => EarnPreviewResult, {
    description:
      'What an order would earn now, and why, by the very same steps; nothing is written. Refuses what `recordPurchase` would refuse.',
  })
  @Extensions({ access: ['member', 'storefront', 'support'] })
  async earnPreview(
    @Ctx() context: PluginContext,
    @Arg('input', () => RecordPurchaseInput, { description: 'The order as it would be.' })
    input: RecordPurchaseInput,
  ): Promise<typeof EarnPreviewResult> {
    const memberId = context.actingFor(input.memberId)
    const answer = await context.program.preview(earnRequest({ ...input, memberId }))
    return earnPreviewResult(answer, context)
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
    const answer = isOrderId(orderId)
      ? await context.program.confirmEarned(confirmRequest({ orderId, confirmedAt }))
      : notAnOrderId()
    return purchaseResult(PurchaseConfirmed, namingConfirmedAt(answer), context)
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
    const answers = await eachOfAnOrder(input, (right) =>
      context.program.confirmEarnedMany(right.map(confirmRequest)),
    )
    return answers.map((answer) =>
      purchaseResult(PurchaseConfirmed, namingConfirmedAt(answer), context),
    )
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
    const answer = isOrderId(input.orderId)
      ? await context.program.returnEarned(returnRequest(input))
      : notAnOrderId()
    return purchaseResult(PurchaseReturned, answer, context)
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
    const answers = await eachOfAnOrder(input, (right) =>
      context.program.returnEarnedMany(right.map(returnRequest)),
    )
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
      ? await context.program.cancelEarned({ source, once: orderId })
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

function confirmRequest({ orderId, confirmedAt }: ConfirmPurchaseInput): ConfirmRequest {
  const at = confirmedAt ?? undefined
  return { source, once: orderId, ...(at !== undefined && { at }) }
}

/** The programme calls it `at`; whoever asked gave it as `confirmedAt`. */
function namingConfirmedAt(answer: Earned | Refusal): Earned | Refusal {
  return isRefusal(answer) && answer.figures.field === 'at'
    ? { ...answer, figures: { ...answer.figures, field: 'confirmedAt' } }
    : answer
}

function returnRequest({ orderId, lines, ...taken }: ReturnPurchaseInput): ReturnRequest {
  return { source, once: orderId, taken: { ...present(taken), lines: lines.map(present) } }
}

/** Asks about those that name an order as one can be named; the others are refused by themselves. */
async function eachOfAnOrder<Input extends { readonly orderId: string }>(
  input: readonly Input[],
  ask: (right: readonly Input[]) => Promise<(Earned | Refusal)[]>,
): Promise<(Earned | Refusal)[]> {
  const answers = await ask(input.filter(({ orderId }) => isOrderId(orderId)))
  let next = 0
  return input.map(({ orderId }) => (isOrderId(orderId) ? answers[next++]! : notAnOrderId()))
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
