import { currency, decimal, identifier, instant, money, text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

export const MAX_LINES = 1_000
const MAX_QUANTITY = 1_000_000

const quantity = () => wholeNumber({ min: 1, max: MAX_QUANTITY })

const line = z
  .object({
    id: identifier().describe('The line, unique in its order: what a return names.'),
    article: text({ max: 128 }),
    quantity: quantity(),
    unitPrice: decimal({ places: 4, min: '0' }).describe(
      'Major units, taxes as the shop shows them.',
    ),
    category: text({ max: 64 }).optional(),
    returned: wholeNumber({ min: 0, max: MAX_QUANTITY })
      .optional()
      .describe(
        'How many of them came back. Not for reporting returns: it is how a recount is asked.',
      ),
  })
  .refine(({ quantity, returned = 0 }) => returned <= quantity, {
    path: ['returned'],
    error: 'More came back than were bought.',
  })

/** An order (E2). `includedTax` and what was paid with points or coupons earn nothing; delivery is not
 * among the lines, and earns nothing either. */
export const purchaseEvent = z.object({
  orderId: identifier(),
  at: instant().describe('When it was bought.'),
  currency: currency(),
  region: text({ max: 64 }).optional().describe('Where it was bought; else the member’s.'),
  lines: z
    .array(line)
    .min(1)
    .max(MAX_LINES)
    .superRefine((lines, context) => {
      const seen = new Set<string>()
      for (const [index, { id }] of lines.entries()) {
        if (seen.has(id)) {
          context.addIssue({
            code: 'custom',
            path: [index, 'id'],
            message: `Two lines have the id ${id}.`,
          })
        }
        seen.add(id)
      }
    }),
  includedTax: money().optional(),
  paidWithPoints: money().optional(),
  paidWithCoupons: money().optional(),
  delivery: money().optional(),
  confirmed: z.boolean().default(false).describe('Already signed for: nothing to wait for.'),
})

export type PurchaseEvent = z.output<typeof purchaseEvent>
export type PurchaseLine = PurchaseEvent['lines'][number]

/** A part of an order that came back. */
export const purchaseReturn = z.object({
  returnId: identifier(),
  at: instant().optional().describe('When it came back.'),
  lines: z
    .array(z.object({ line: identifier(), quantity: quantity() }))
    .min(1)
    .max(MAX_LINES),
})

export type PurchaseReturn = z.output<typeof purchaseReturn>
