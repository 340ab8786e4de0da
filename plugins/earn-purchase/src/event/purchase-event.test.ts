import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { purchaseSettings } from '../settings/purchase-settings.js'
import { MAX_LINES, purchaseEvent, purchaseReturn } from './purchase-event.js'

const line = { id: '1', article: 'tea', quantity: 1, unitPrice: '12.50' }
const order = { orderId: 'o-1', at: '2021-05-03T10:00:00+08:00', currency: 'CNY', lines: [line] }

/** The path of the first fault. */
const faultOf = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value)
  return parsed.success ? null : parsed.error.issues[0]?.path.join('.')
}

describe('what an order may look like', () => {
  it('comes out in one form, and its own output is an order too', () => {
    const event = purchaseEvent.parse({ ...order, includedTax: '1.5 CNY' })
    expect(event).toEqual({
      orderId: 'o-1',
      at: Date.parse('2021-05-03T02:00:00Z'),
      currency: 'CNY',
      lines: [{ ...line, unitPrice: '12.5' }],
      includedTax: { amountMinor: 150, currency: 'CNY' },
      confirmed: false,
    })
    expect(purchaseEvent.parse(event)).toEqual(event)
  })

  it.each<[string, object]>([
    ['orderId', { orderId: '' }],
    ['orderId', { orderId: 'o 1' }],
    ['orderId', { orderId: 'x'.repeat(1_000_000) }],
    ['at', { at: '2021-05-03' }],
    ['at', { at: 'soon' }],
    ['currency', { currency: 'RMB' }],
    ['region', { region: 'a\u0000b' }],
    ['lines', { lines: [] }],
    [
      'lines',
      { lines: Array.from({ length: MAX_LINES + 1 }, (_, n) => ({ ...line, id: `${n}` })) },
    ],
    ['lines.1.id', { lines: [line, line] }],
    ['lines.0.quantity', { lines: [{ ...line, quantity: 0 }] }],
    ['lines.0.quantity', { lines: [{ ...line, quantity: -1 }] }],
    ['lines.0.quantity', { lines: [{ ...line, quantity: 1.5 }] }],
    ['lines.0.quantity', { lines: [{ ...line, quantity: 1e9 }] }],
    ['lines.0.unitPrice', { lines: [{ ...line, unitPrice: '-1' }] }],
    ['lines.0.unitPrice', { lines: [{ ...line, unitPrice: '0.00001' }] }],
    ['lines.0.unitPrice', { lines: [{ ...line, unitPrice: 'free' }] }],
    ['lines.0.unitPrice', { lines: [{ ...line, unitPrice: 12.5 }] }],
    ['lines.0.unitPrice', { lines: [{ ...line, unitPrice: '1e9' }] }],
    ['lines.0.article', { lines: [{ ...line, article: '' }] }],
    ['lines.0.article', { lines: [{ ...line, article: '\ud800' }] }],
    ['lines.0.category', { lines: [{ ...line, category: 'x'.repeat(65) }] }],
    ['lines.0.returned', { lines: [{ ...line, returned: 2 }] }],
    ['includedTax', { includedTax: '-1 CNY' }],
    ['paidWithPoints', { paidWithPoints: '1.505 CNY' }],
    ['delivery.amountMinor', { delivery: { amountMinor: -1, currency: 'CNY' } }],
  ])('names %s when it is not right', (path, fault) => {
    expect(faultOf(purchaseEvent, { ...order, ...fault })?.startsWith(path.split('.')[0]!)).toBe(
      true,
    )
    if (!path.startsWith('delivery'))
      expect(faultOf(purchaseEvent, { ...order, ...fault })).toBe(path)
  })

  it.each<[string, object]>([
    ['returnId', { returnId: '' }],
    ['lines', { lines: [] }],
    ['lines.0.quantity', { lines: [{ line: '1', quantity: 0 }] }],
    ['lines.0.line', { lines: [{ line: '', quantity: 1 }] }],
  ])('names %s of a return', (path, fault) => {
    const taken = { returnId: 'r-1', lines: [{ line: '1', quantity: 1 }], ...fault }
    expect(faultOf(purchaseReturn, taken)).toBe(path)
  })
})

describe('E1: settings', () => {
  it('all have defaults, and are a form', () => {
    expect(purchaseSettings.parse({})).toMatchObject({
      spendPerPoint: '1',
      staffRate: '0',
      rounding: 'floor',
      confirmAfterDays: 7,
      claimDays: null,
      pointsPerOrder: null,
    })
    const form = z.toJSONSchema(purchaseSettings, { io: 'input' })
    expect(Object.keys(form.properties ?? {})).toEqual(Object.keys(purchaseSettings.parse({})))
    expect(JSON.stringify(form)).not.toContain('"properties":{}')
  })

  it.each([
    ['spendPerPoint', { spendPerPoint: '0' }],
    ['spendPerPoint', { spendPerPoint: 1 }],
    ['categoryRates.tea', { categoryRates: { tea: '-1' } }],
    ['regionRates.class-3', { regionRates: { 'class-3': 'much' } }],
    ['confirmAfterDays', { confirmAfterDays: -1 }],
    ['claimDays', { claimDays: 0 }],
    ['rounding', { rounding: 'up' }],
    ['pointsPerOrder.limit', { pointsPerOrder: { limit: -5 } }],
    ['pointsPerItem.byTier.gold', { pointsPerItem: { limit: 5, byTier: { gold: 0.5 } } }],
    ['', { spendPerPiont: '2' }],
  ])('names %s when it is nonsense', (path, settings) => {
    expect(faultOf(purchaseSettings, settings)).toBe(path)
  })
})
