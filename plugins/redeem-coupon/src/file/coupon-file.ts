import {
  currency,
  decimal,
  definePluginFile,
  type FileAnswer,
  type FileContext,
  identifier,
  instant,
  MAX_POINTS,
  wholeNumber,
  wordsSchema,
  writeOnce,
} from '@pointwell/plugin'
import { type EntityManager, In } from 'typeorm'
import { z } from 'zod'
import { COUPON_CODE } from '../code/coupon-code.js'
import type { Coupon } from '../coupon/coupon.js'
import { COUPON_TYPES } from '../offer/coupon-offer.js'
import { CouponCodeEntity } from '../store/coupon-code.entity.js'
import { couponOf, rowOf } from '../store/coupon-row.js'

const whole = () => wholeNumber({ min: 0, max: MAX_POINTS })
const factor = () => decimal({ places: 6, min: '1', max: '10' })

const card = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('rate-up'),
    factor: factor(),
    days: whole(),
    orders: whole().nullable(),
    sources: z.array(identifier()).nullable(),
  }),
  z.strictObject({
    type: z.literal('expiry-extension'),
    days: whole().nullable(),
    months: whole().nullable(),
    withinDays: whole().nullable(),
  }),
  z.strictObject({ type: z.literal('tier-accelerator'), factor: factor(), days: whole() }),
])

const couponLine = z.strictObject({
  /** As it is kept: upper case, no groups. */
  code: z
    .string()
    .regex(COUPON_CODE, { error: 'Expected a code as it is kept: upper case, without groups.' }),
  redemptionId: identifier(),
  memberId: identifier(),
  offerId: identifier(),
  title: wordsSchema,
  type: z.enum(COUPON_TYPES),
  amountMinor: whole(),
  thresholdMinor: whole(),
  currency: currency(),
  issuedAt: instant(),
  expiresAt: instant(),
  extended: z.boolean().default(false),
  status: z.enum(['issued', 'claimed', 'used', 'void', 'never']).default('issued'),
  use: z
    .strictObject({
      orderId: identifier(),
      orderMinor: whole(),
      discountMinor: whole(),
      feeMinor: whole().nullable(),
      at: instant(),
    })
    .nullish(),
  card: card.nullish(),
  activation: z
    .strictObject({
      at: instant(),
      key: z.string().max(100).nullable(),
      until: instant().nullable(),
      points: whole().nullable(),
    })
    .nullish(),
  releasedOrderId: identifier().nullish(),
  voidedAt: instant().nullish(),
  version: wholeNumber({ min: 1, max: 2 ** 31 - 1 }).default(1),
})

type CouponLine = z.output<typeof couponLine>

/** Coupons and cards by files (O3), each with what became of it: whoever holds the code goes on using it. */
export const couponFile = definePluginFile({
  name: 'codes',
  line: couponLine,
  key: ({ code }) => code,
  take,
  read,
})

async function take(
  lines: readonly CouponLine[],
  { store, dryRun }: FileContext,
): Promise<readonly FileAnswer[]> {
  const work = async (manager: EntityManager): Promise<readonly FileAnswer[]> => {
    const codes = await manager.findBy(CouponCodeEntity, { code: In(lines.map((it) => it.code)) })
    const redeemed = await manager.findBy(CouponCodeEntity, {
      redemptionId: In(lines.map((it) => it.redemptionId)),
    })
    const known = new Map(codes.map((row) => [row.code, couponOf(row)]))
    const redemptions = new Set(redeemed.map(({ redemptionId }) => redemptionId))
    const fresh: Coupon[] = []
    const answers = lines.map((line): FileAnswer => {
      const coupon = couponFrom(line)
      const there = known.get(line.code)
      if (there) return isSame(coupon, there) ? 'there' : 'differs'
      if (redemptions.has(line.redemptionId)) return 'differs'
      redemptions.add(line.redemptionId)
      fresh.push(coupon)
      return 'taken'
    })
    if (!dryRun && fresh.length > 0) await manager.insert(CouponCodeEntity, fresh.map(rowOf))
    return answers
  }
  return dryRun ? store.read(work) : writeOnce(store, work)
}

async function read(
  manager: EntityManager,
  { after, limit }: { readonly after: CouponLine | null; readonly limit: number },
) {
  const query = manager
    .createQueryBuilder(CouponCodeEntity, 'coupon')
    .orderBy('coupon.code', 'ASC')
    .limit(limit)
  if (after) query.where('coupon.code > :code', { code: after.code })
  return (await query.getMany()).map((row) => {
    const coupon = couponOf(row)
    return {
      ...coupon,
      card: coupon.card as CouponLine['card'],
      issuedAt: iso(coupon.issuedAt),
      expiresAt: iso(coupon.expiresAt),
      voidedAt: coupon.voidedAt === null ? null : iso(coupon.voidedAt),
    }
  })
}

function couponFrom(line: CouponLine): Coupon {
  const { use, card, activation, releasedOrderId, voidedAt, ...same } = line
  return {
    ...same,
    use: use ?? null,
    card: card ?? null,
    activation: activation ?? null,
    releasedOrderId: releasedOrderId ?? null,
    voidedAt: voidedAt ?? null,
  }
}

/** What is here may have been used, or renamed with its member, since it came. */
function isSame(line: Coupon, there: Coupon): boolean {
  const fixed = ['redemptionId', 'offerId', 'type', 'amountMinor', 'currency', 'issuedAt'] as const
  return fixed.every((name) => line[name] === there[name])
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
