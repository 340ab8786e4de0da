import {
  campaignPoints,
  defineEarnSource,
  defineRedemptionChannel,
  type Fulfilment,
  grant,
  identifier,
  instant,
  isRefusal,
  localDate,
  points,
  refuse,
  step,
  wholeNumber,
} from '@pointwell/plugin'
import { z } from 'zod'

const line = z.strictObject({
  id: identifier(),
  quantity: wholeNumber({ min: 1, max: 1_000 }),
  priceMinor: wholeNumber({ min: 0, max: 100_000_00 }),
})
const taken = z.strictObject({
  returnId: identifier(),
  at: instant().optional(),
  lines: z.array(
    z.strictObject({ line: z.string(), quantity: wholeNumber({ min: 1, max: 1_000 }) }),
  ),
})

/** An order as simple as one can be: a point a yuan, floored once an order, times the tier. */
export const shop = defineEarnSource({
  id: 'purchase',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Purchase', zh: '消费' },
  core: true,
  settings: z.object({
    minorPerPoint: points().default(100),
    confirmAfterMs: wholeNumber({ min: 0, max: 1e12 }).nullable().default(null),
    claimMs: wholeNumber({ min: 1, max: 1e12 }).nullable().default(null),
  }),
  event: z.strictObject({
    orderId: identifier(),
    at: instant(),
    lines: z.array(line).max(50),
    confirmed: z.boolean().default(true),
  }),
  scope: 'programme',
  refusals: { TOO_MUCH: { en: 'More than was bought.', zh: '超过购买数量。' } },
  once: ({ event }) => event.orderId,
  decide({ event, settings, member }) {
    const minor = event.lines.reduce((sum, it) => sum + it.quantity * it.priceMinor, 0)
    const base = Math.floor(minor / settings.minorPerPoint)
    const multiplied = Math.floor((base * Math.round(Number(member.tier.earnMultiplier) * 10)) / 10)
    const { points, steps, campaigns } = campaignPoints(multiplied, member.campaigns)
    return grant({
      points,
      because: [step('base', base), step('tier', multiplied - base), ...steps],
      campaigns,
      at: event.at,
      ...(event.confirmed
        ? {}
        : {
            pending: {
              confirmAt:
                settings.confirmAfterMs === null ? null : event.at + settings.confirmAfterMs,
            },
          }),
      claimMs: settings.claimMs,
      qualifyingMinor: minor,
      details: { minor },
    })
  },
  items({ event, settings, member }) {
    const { campaigns } = member
    const tenths = campaigns.reduce((all, it) => all * Math.round(Number(it.multiplier) * 10), 1)
    return {
      items: event.lines.map(({ id, quantity, priceMinor }) => ({
        id,
        points: millionths(
          BigInt(quantity * priceMinor) *
            BigInt(Math.round(Number(member.tier.earnMultiplier) * 10) * tenths),
          BigInt(settings.minorPerPoint) * 10n ** BigInt(campaigns.length + 1),
        ),
      })),
      besides:
        event.lines.length === 0 ? 0 : campaigns.reduce((sum, it) => sum + it.extraPoints, 0),
      rounding: 'floor',
    }
  },
  returns: {
    schema: taken,
    key: ({ returnId }) => returnId,
    without(event, all) {
      const left = new Map(event.lines.map(({ id, quantity }) => [id, quantity]))
      for (const { lines } of all) {
        for (const { line: id, quantity } of lines) {
          const rest = (left.get(id) ?? 0) - quantity
          if (rest < 0) return refuse('TOO_MUCH', { field: `lines.${id}` })
          left.set(id, rest)
        }
      }
      const lines = event.lines.map((it) => ({ ...it, quantity: left.get(it.id)! }))
      return { ...event, lines: lines.filter((it) => it.quantity > 0) }
    },
  },
})

/** A quotient to six decimal places, rounded up. */
function millionths(numerator: bigint, denominator: bigint): string {
  const scaled = String((numerator * 1_000_000n + denominator - 1n) / denominator).padStart(7, '0')
  return `${scaled.slice(0, -6)}.${scaled.slice(-6)}`
}

/** A bell to ring once a day: an act of the member, with a memory. */
export const bell = defineEarnSource({
  id: 'bell',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Bell', zh: '铃' },
  core: false,
  settings: z.object({ each: points().default(5) }),
  event: z.strictObject({ at: instant() }),
  memory: z.object({ rung: points().default(0), lastDay: localDate().nullable().default(null) }),
  once: ({ event, calendar }) => calendar.dateOf(event.at),
  decide: ({ event, settings, memory, calendar }) =>
    grant({
      points: settings.each + memory.rung,
      because: [step('base', settings.each), step('streak', memory.rung)],
      at: event.at,
      memory: { rung: memory.rung + 1, lastDay: calendar.dateOf(event.at) },
    }),
})

/** A source that does what it is told, good or bad. */
export const broken = defineEarnSource({
  id: 'broken',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Broken', zh: '坏' },
  core: false,
  settings: z.object({}),
  event: z
    .strictObject({
      id: z.string(),
      how: z.enum([
        'throws',
        'throws early',
        'nonsense',
        'kind',
        'hangs',
        'hangs early',
        'hangs first',
      ]),
    })
    .transform((event) => {
      if (event.how === 'throws early') throw new Error('out of order early')
      while (event.how === 'hangs first');
      return event
    }),
  once({ event }) {
    while (event.how === 'hangs early');
    return event.id
  },
  decide({ event }) {
    while (event.how === 'hangs');
    if (event.how === 'throws') throw new Error('out of order')
    const wanted = { points: 1, because: [step('base', 1)], at: 0 }
    if (event.how === 'kind') return grant({ ...wanted, kind: 'gone', at: 1_767_225_600_000 })
    return grant({ ...wanted, points: -1 })
  },
})

/** A channel whose answers a test gives. */
export function scriptedChannel(script: {
  fulfil: (id: string) => Promise<Fulfilment>
  cancel?: (id: string) => Promise<'cancelled' | 'refused' | 'unknown'>
}) {
  return defineRedemptionChannel({
    id: 'shelf',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Shelf', zh: '货架' },
    loop: 'closed',
    settings: z.object({}),
    offer: z.strictObject({ shelf: z.string().default('A').transform(orOutOfOrder) }),
    order: z.strictObject({ name: z.string().default('').transform(orOutOfOrder) }),
    refusals: { EMPTY: { en: 'The shelf is empty.', zh: '货架已空。' } },
    check: ({ order }) => (order.name === 'nobody' ? refuse('EMPTY') : null),
    fulfil: ({ redemption }) => script.fulfil(redemption.id),
    async cancel({ redemption }) {
      const outcome = (await script.cancel?.(redemption.id)) ?? 'cancelled'
      return outcome === 'refused' ? { outcome, code: 'EMPTY' } : { outcome }
    },
  })
}

/** A transform that fails, and one that never ends. */
function orOutOfOrder(text: string): string {
  if (text === 'throws') throw new Error('out of order')
  while (text === 'hangs');
  return text
}

export function assertDone<T extends object>(
  answer: T,
): asserts answer is Exclude<T, { refused: true }> {
  if (isRefusal(answer))
    throw new Error(`refused: ${answer.code} ${JSON.stringify(answer.figures)}`)
}
