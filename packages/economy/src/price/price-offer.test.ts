import Big from 'big.js'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { PRICE_REFUSALS, type Price, type PriceFigures, priceOffer } from '../index.js'

const MOST = Number.MAX_SAFE_INTEGER

/** A "50 off 200" coupon of a closed loop. */
const coupon: PriceFigures = {
  cashValueMinor: 5_000,
  currencyDigits: 2,
  ratio: '50',
  costRate: '1',
  step: 1,
}

function price(figures: Partial<PriceFigures> = {}): Price {
  const answer = priceOffer({ ...coupon, ...figures })
  if (answer.refused) throw new Error(`refused: ${JSON.stringify(answer.figures)}`)
  return answer
}

describe('R2: goldens', () => {
  test('a "50 off 200" coupon, ratio 50, cost rate 100%: 2,500', () => {
    expect(price()).toEqual({
      points: 2_500,
      formulaPoints: 2_500,
      steps: [{ step: 'cash-value', points: 2_500, figures: { cashValue: '50.00', ratio: '50' } }],
    })
  })

  test('a 30 yuan phone top-up, ratio 100: 3,000', () => {
    expect(price({ cashValueMinor: 3_000, ratio: '100' }).points).toBe(3_000)
  })

  test('half the cost rate is half the price', () => {
    expect(price({ costRate: '0.5' }).points).toBe(1_250)
  })

  test('premium: list price 200 with a discount of 40 planned makes 2,500 into 3,125', () => {
    expect(price({ listPriceMinor: 20_000, largestDiscountMinor: 4_000 }).points).toBe(3_125)
  })

  test('a list price without a discount changes nothing', () => {
    expect(price({ listPriceMinor: 20_000 })).toEqual(price())
    expect(price({ listPriceMinor: 20_000, largestDiscountMinor: 0 })).toEqual(price())
  })

  test('a currency without minor units, and one of three decimal places', () => {
    expect(price({ cashValueMinor: 50, currencyDigits: 0 }).points).toBe(2_500)
    expect(price({ cashValueMinor: 50_000, currencyDigits: 3 }).points).toBe(2_500)
  })
})

describe('R2: rounding up to the step', () => {
  test.each([
    [1, 2_333, 2_333],
    [10, 2_333, 2_340],
    [100, 2_333, 2_400],
    [100, 2_400, 2_400],
    [5_000, 2_333, 5_000],
  ])('step %i takes %i to %i', (step, cashValueMinor, points) => {
    expect(price({ cashValueMinor, currencyDigits: 0, ratio: '1', step }).points).toBe(points)
  })

  test('a fraction above a step, however small, is the next step', () => {
    const fine = { cashValueMinor: 1, currencyDigits: 0, step: 1 }
    expect(price({ ...fine, ratio: '3.000000000000001' }).points).toBe(4)
    expect(price({ ...fine, ratio: '3.000000000000000' }).points).toBe(3)
  })

  test('a third is not rounded on its way: 3 × (10 ÷ 3) is 10, not 11', () => {
    const third = { listPriceMinor: 10, largestDiscountMinor: 7 }
    expect(price({ cashValueMinor: 300, ratio: '1', ...third }).points).toBe(10)
  })

  test('what floats get wrong: 4.35 × 100 is 435', () => {
    expect(price({ cashValueMinor: 435, ratio: '100' }).points).toBe(435)
  })
})

describe('R2: a price set by hand', () => {
  test('is the price, with the formula beside it', () => {
    expect(price({ handPrice: 1_999 })).toMatchObject({ points: 1_999, formulaPoints: 2_500 })
  })

  test('is not rounded to the step', () => {
    expect(price({ handPrice: 1_999, step: 100 }).points).toBe(1_999)
  })

  test('can price what has no cash value', () => {
    expect(price({ handPrice: 300, cashValueMinor: 0 })).toMatchObject({
      points: 300,
      formulaPoints: 0,
    })
  })
})

test('L9: every stage that changed the price is a step with its figures', () => {
  const { points, steps } = price({
    cashValueMinor: 1_050,
    ratio: '50.5',
    costRate: '0.8',
    listPriceMinor: 100,
    largestDiscountMinor: 30,
    step: 50,
    handPrice: 600,
  })
  expect(points).toBe(600)
  expect(steps).toEqual([
    { step: 'cash-value', points: '530.25', figures: { cashValue: '10.50', ratio: '50.5' } },
    { step: 'cost-rate', points: '-106.05', figures: { costRate: '0.8' } },
    {
      step: 'premium',
      points: '181.8',
      figures: { listPriceMinor: 100, largestDiscountMinor: 30 },
    },
    { step: 'rounding', points: 44, figures: { step: 50 } },
    { step: 'hand-price', points: -50, figures: { formulaPoints: 650 } },
  ])
})

test('X8: CPI +10%: what cost 110 points at 10 a yuan costs 100, exactly', () => {
  const eleven = { cashValueMinor: 1_100, ratio: '10' }
  expect(price(eleven).points).toBe(110)
  const risen = price({ ...eleven, pointValue: '1.1' })
  expect(risen.points).toBe(100)
  expect(risen.steps).toEqual([
    { step: 'cash-value', points: 110, figures: { cashValue: '11.00', ratio: '10' } },
    { step: 'point-value', points: -10, figures: { pointValue: '1.1' } },
  ])
})

test('L9: a premium without end is cut off in the explanation, never in the price', () => {
  const endless = { cashValueMinor: 100, ratio: '1', listPriceMinor: 10, largestDiscountMinor: 3 }
  expect(price(endless).steps).toEqual([
    { step: 'cash-value', points: 1, figures: { cashValue: '1.00', ratio: '1' } },
    {
      step: 'premium',
      points: '0.428571',
      figures: { listPriceMinor: 10, largestDiscountMinor: 3 },
    },
    { step: 'rounding', points: '0.571429', figures: { step: 1 } },
  ])
})

test('L9: and cut off, not rounded: two thirds are never shown as more', () => {
  const { steps } = price({
    cashValueMinor: 100,
    ratio: '1',
    listPriceMinor: 10,
    largestDiscountMinor: 4,
  })
  expect(steps.map(({ points }) => points)).toEqual([1, '0.666666', '0.333334'])
})

describe('R2: figures that make no price are refused by name', () => {
  const list = { listPriceMinor: 10_000 }
  const bad: [field: keyof PriceFigures, figures: Partial<PriceFigures>][] = [
    ['cashValueMinor', { cashValueMinor: -1 }],
    ['cashValueMinor', { cashValueMinor: 0 }],
    ['cashValueMinor', { cashValueMinor: 0.5 }],
    ['cashValueMinor', { cashValueMinor: Number.NaN }],
    ['cashValueMinor', { cashValueMinor: MOST + 1 }],
    ['currencyDigits', { currencyDigits: -1 }],
    ['currencyDigits', { currencyDigits: 5 }],
    ['currencyDigits', { currencyDigits: 1.5 }],
    ['ratio', { ratio: '-50' }],
    ['ratio', { ratio: '0' }],
    ['ratio', { ratio: '0.000' }],
    ['ratio', { ratio: '' }],
    ['ratio', { ratio: '5e3' }],
    ['ratio', { ratio: 'Infinity' }],
    ['ratio', { ratio: '1,000' }],
    ['ratio', { ratio: '9'.repeat(1_000_000) }],
    ['ratio', { ratio: 50 as unknown as string }],
    ['costRate', { costRate: '-0.1' }],
    ['costRate', { costRate: '0' }],
    ['costRate', { costRate: '100%' }],
    ['pointValue', { pointValue: '0' }],
    ['pointValue', { pointValue: '-1' }],
    ['listPriceMinor', { listPriceMinor: 0 }],
    ['listPriceMinor', { listPriceMinor: -1, largestDiscountMinor: 0 }],
    ['listPriceMinor', { largestDiscountMinor: 10 }],
    ['largestDiscountMinor', { ...list, largestDiscountMinor: 10_000 }],
    ['largestDiscountMinor', { ...list, largestDiscountMinor: 10_001 }],
    ['largestDiscountMinor', { ...list, largestDiscountMinor: -1 }],
    ['largestDiscountMinor', { ...list, largestDiscountMinor: 0.1 }],
    ['step', { step: 0 }],
    ['step', { step: -1 }],
    ['step', { step: 1.5 }],
    ['handPrice', { handPrice: 0 }],
    ['handPrice', { handPrice: -1 }],
    ['handPrice', { handPrice: 0.5 }],
    ['handPrice', { handPrice: Number.POSITIVE_INFINITY }],
    ['handPrice', { handPrice: MOST + 1 }],
  ]
  test.each(bad)('%s in %j', (field, figures) => {
    expect(priceOffer({ ...coupon, ...figures })).toEqual({
      refused: true,
      code: 'PRICE_FIGURE_INVALID',
      figures: { field, detail: expect.stringMatching(/\w/) },
    })
  })

  test('a discount as large as the list price is told what it may be', () => {
    const answer = priceOffer({ ...coupon, ...list, largestDiscountMinor: 10_000 })
    expect(answer).toMatchObject({
      figures: { detail: 'Expected a whole number from 0 to 9999, below the list price.' },
    })
  })

  test('of two faults the first in the order of the figures is named', () => {
    expect(priceOffer({ ...coupon, ratio: '-1', step: 0 })).toMatchObject({
      figures: { field: 'ratio' },
    })
  })

  test('the most points there can be is a price; one more is not', () => {
    const yen = { ...coupon, currencyDigits: 0, ratio: '1' }
    expect(priceOffer({ ...yen, cashValueMinor: MOST })).toMatchObject({ points: MOST })
    expect(priceOffer({ ...yen, cashValueMinor: MOST, costRate: '1.000000000000001' })).toEqual({
      refused: true,
      code: 'AMOUNT_TOO_LARGE',
      figures: { field: 'cashValueMinor', limit: MOST },
    })
    // Rounding up must not go past it either.
    expect(priceOffer({ ...yen, cashValueMinor: MOST, step: 2 })).toMatchObject({
      code: 'AMOUNT_TOO_LARGE',
    })
  })

  test('the list of codes is closed', () => {
    expect(PRICE_REFUSALS).toEqual(['PRICE_FIGURE_INVALID', 'AMOUNT_TOO_LARGE'])
  })
})

describe('R2: against an oracle of whole numbers only', () => {
  const rate = fc
    .tuple(fc.bigInt(0n, 10n ** 8n), fc.integer({ min: 0, max: 8 }))
    .map(([digits, places]) => decimal(digits, places))
  const minor = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.maxSafeNat())
  const figures: fc.Arbitrary<PriceFigures> = fc
    .record({
      cashValueMinor: minor,
      currencyDigits: fc.integer({ min: 0, max: 4 }),
      ratio: rate,
      costRate: rate,
      pointValue: fc.option(rate, { nil: undefined }),
      step: fc.oneof(fc.constantFrom(1, 5, 10, 50, 100), fc.integer({ min: 1, max: 100_000 })),
      list: fc.option(fc.tuple(minor, minor), { nil: undefined }),
      handPrice: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
    })
    .map(({ list, pointValue, ...rest }) => ({
      ...rest,
      ...(pointValue !== undefined && { pointValue }),
      ...(list && { listPriceMinor: list[0], largestDiscountMinor: list[1] }),
    }))

  test('the same price, or refused for a reason the oracle sees too', () => {
    let priced = 0
    fc.assert(
      fc.property(figures, (given) => {
        const expected = oracle(given)
        const answer = priceOffer(given)
        if (answer.refused) {
          expect(expected).toBe(answer.code)
          return
        }
        priced += 1
        expect(BigInt(answer.formulaPoints)).toBe(expected)
        expect(answer.points).toBe(given.handPrice ?? answer.formulaPoints)
      }),
      { numRuns: 3_000 },
    )
    // A property that is refused its way through proves nothing.
    expect(priced).toBeGreaterThan(300)
  })

  test('L9: steps sum to the points exactly, and no stage that is left out changed anything', () => {
    fc.assert(
      fc.property(figures, (given) => {
        const answer = priceOffer(given)
        if (answer.refused) return
        const sum = answer.steps.reduce((total, { points }) => total.plus(points), new Big(0))
        expect(sum.toFixed()).toBe(String(answer.points))
        const changes = answer.steps.slice(1).map(({ points }) => new Big(points))
        expect(changes.every((points) => !points.eq(0))).toBe(true)
        const premium = answer.steps.find(({ step }) => step === 'premium')
        expect(new Big(premium?.points ?? 0).gte(0)).toBe(true)
        const rounding = answer.steps.find(({ step }) => step === 'rounding')
        expect(new Big(rounding?.points ?? 0).gte(0)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a larger discount never makes an offer cheaper', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 2, max: 1_000_000 }),
        fc.nat(),
        fc.nat(),
        (cashValueMinor, listPriceMinor, one, other) => {
          const [less, more] = [one % listPriceMinor, other % listPriceMinor].sort((a, b) => a - b)
          const at = (largestDiscountMinor: number) =>
            price({ cashValueMinor, listPriceMinor, largestDiscountMinor }).points
          expect(at(less as number)).toBeLessThanOrEqual(at(more as number))
        },
      ),
    )
  })
})

describe('settings of big.js made by others', () => {
  const { DP, RM } = Big
  afterEach(() => Object.assign(Big, { DP, RM }))

  test('do not change a price', () => {
    const before = price({ listPriceMinor: 100, largestDiscountMinor: 30 })
    Object.assign(Big, { DP: 3, RM: Big.roundUp })
    expect(price({ listPriceMinor: 100, largestDiscountMinor: 30 })).toEqual(before)
  })
})

/** The formula as a fraction of whole numbers; a refusal's code where it has no answer. */
function oracle(figures: PriceFigures): bigint | string {
  const { cashValueMinor, currencyDigits, step, handPrice, listPriceMinor } = figures
  const discount = figures.largestDiscountMinor
  const [ratio, ratioScale] = fraction(figures.ratio)
  const [costRate, costScale] = fraction(figures.costRate)
  const [value, valueScale] = fraction(figures.pointValue ?? '1')
  if (value === 0n) return 'PRICE_FIGURE_INVALID'
  if (listPriceMinor !== undefined && (listPriceMinor < 1 || discount! >= listPriceMinor)) {
    return 'PRICE_FIGURE_INVALID'
  }
  const list = BigInt(listPriceMinor ?? 1)
  const above = BigInt(cashValueMinor) * ratio * costRate * list * valueScale
  const below =
    10n ** BigInt(currencyDigits) * ratioScale * costScale * value * (list - BigInt(discount ?? 0))
  if (above === 0n && handPrice === undefined) return 'PRICE_FIGURE_INVALID'
  const unit = below * BigInt(step)
  const points = ((above + unit - 1n) / unit) * BigInt(step)
  return points > BigInt(MOST) ? 'AMOUNT_TOO_LARGE' : points
}

function fraction(text: string): [bigint, bigint] {
  const [whole = '0', part = ''] = text.split('.')
  return [BigInt(whole + part), 10n ** BigInt(part.length)]
}

function decimal(digits: bigint, places: number): string {
  if (places === 0) return String(digits)
  const padded = String(digits).padStart(places + 1, '0')
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`
}
