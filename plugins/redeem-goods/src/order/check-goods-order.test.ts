import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitsAccountPattern } from '../offer/account-pattern.js'
import { goodsOffer } from '../offer/goods-offer.js'
import { goodsSettings } from '../settings/goods-settings.js'
import { checkGoodsOrder } from './check-goods-order.js'
import { goodsOrder } from './goods-order.js'

const settings = goodsSettings.parse({})
const physical = goodsOffer.parse({ type: 'physical' })
const topUp = goodsOffer.parse({ type: 'virtual', gives: { kind: 'top-up' } })
const gas = goodsOffer.parse({
  type: 'virtual',
  gives: { kind: 'top-up', accountPatterns: ['GAS-####', 'G*'] },
})
const code = goodsOffer.parse({ type: 'virtual', gives: { kind: 'code' } })

describe('what a member says when redeeming goods', () => {
  test.each([
    ['goods with an address', physical, { address: 'a-17' }, null],
    ['goods without one', physical, {}, 'order.address'],
    ['goods with an account besides', physical, { address: 'a-17', account: '1' }, 'order.account'],
    ['a top-up of a phone', topUp, { account: '13912345678' }, null],
    ['a top-up of a number that is too short', topUp, { account: '1391234567' }, 'order.account'],
    ['a top-up of a word', topUp, { account: '1391234567x' }, 'order.account'],
    ['a top-up of nothing', topUp, {}, 'order.account'],
    ['a top-up with an address', topUp, { account: '13912345678', address: 'a' }, 'order.address'],
    ['the offer’s own pattern', gas, { account: 'GAS-0042' }, null],
    ['another of the offer’s own', gas, { account: 'Gz' }, null],
    [
      'the settings’ pattern where the offer has its own',
      gas,
      { account: '13912345678' },
      'order.account',
    ],
    ['a code', code, {}, null],
    ['a code with an address', code, { address: 'a-17' }, 'order.address'],
    ['a code with an account', code, { account: '13912345678' }, 'order.account'],
  ])('%s', (_, offer, order, field) => {
    const refusal = checkGoodsOrder(order, { offer, settings })
    if (field === null) expect(refusal).toBeNull()
    else expect(refusal).toMatchObject({ code: 'INVALID_INPUT', figures: { field } })
  })

  test('no address in words, and nothing that is not asked for, gets in', () => {
    expect(goodsOrder.parse(undefined)).toEqual({})
    for (const order of [
      { address: '12 Nanjing Road' },
      { address: '' },
      { name: 'Ada' },
      { address: 'a'.repeat(65) },
    ]) {
      expect(goodsOrder.safeParse(order).success).toBe(false)
    }
  })

  test('a pattern takes what is made by it, and nothing of another length', () => {
    const mark = fc.constantFrom('#', '*', 'x', '-', '1')
    const digit = fc.integer({ min: 0, max: 9 }).map(String)
    const anyOf: Record<string, fc.Arbitrary<string>> = {
      '#': digit,
      '*': fc.oneof(digit, fc.constantFrom('a', 'Z')),
    }
    const pair = fc.array(mark, { minLength: 1, maxLength: 64 }).chain((marks) =>
      fc.tuple(
        fc.constant(marks.join('')),
        fc.tuple(...marks.map((it) => anyOf[it] ?? fc.constant(it))).map((it) => it.join('')),
      ),
    )
    fc.assert(
      fc.property(pair, ([pattern, account]) => {
        expect(fitsAccountPattern(account, pattern)).toBe(true)
        expect(fitsAccountPattern(`${account}1`, pattern)).toBe(false)
        expect(fitsAccountPattern(`${account.slice(0, -1)}!`, pattern)).toBe(false)
      }),
    )
  })
})
