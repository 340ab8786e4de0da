import { fc, testEarnSource } from '@pointwell/plugin/testing'
import type { PurchaseEvent } from './event/purchase-event.js'
import { purchase } from './purchase.js'

/** Some pieces of some lines, and now and then of one that there is not. */
const returnOf = ({ lines }: PurchaseEvent) =>
  fc.record({
    returnId: fc.constantFrom('r-1', 'r-2', 'r-3'),
    lines: fc.array(
      fc.record({
        line: fc.constantFrom(...lines.map(({ id }) => id)),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })

testEarnSource(purchase, {
  returnsOf: returnOf,
  everythingOf: ({ lines }) =>
    lines
      .map(({ id, quantity, returned = 0 }) => ({ line: id, quantity: quantity - returned }))
      .filter(({ quantity }) => quantity > 0)
      .map((line) => ({ returnId: line.line, lines: [line] })),
  names: ['earnPreview', 'EarnPreview', 'EarnPreviewResult', 'ReturnedLineInput'],
})
