import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCouponCode, makeCouponCode, showCouponCode } from './coupon-code.js'

const prefix = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{0,8}$/)
const random = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('R9: codes that cannot be guessed', () => {
  test('are a prefix and sixteen letters of Crockford’s alphabet, 80 bits', () => {
    expect(makeCouponCode('CP')).toMatch(/^CP[0-9A-HJKMNP-TV-Z]{16}$/)
  })

  test('ask for sixteen random bytes, and every one of them counts for five bits', () => {
    const asked: number[] = []
    const code = makeCouponCode('', (size) => {
      asked.push(size)
      return Uint8Array.from({ length: size }, (_, index) => index * 2 + 1)
    })
    expect(asked).toEqual([16])
    expect(code).toBe('13579BDFHKNQSVXZ')
  })

  test('use each letter equally often: a random byte is a multiple of 32', () => {
    const all = Array.from({ length: 16 }, (_, part) =>
      makeCouponCode('', () => Uint8Array.from({ length: 16 }, (_, index) => part * 16 + index)),
    ).join('')
    const counts = new Map<string, number>()
    for (const letter of all) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).toBe(32)
    expect(new Set(counts.values())).toEqual(new Set([8]))
  })

  test('do not repeat in ten thousand', () => {
    const codes = new Set(Array.from({ length: 10_000 }, () => makeCouponCode('CP')))
    expect(codes.size).toBe(10_000)
  })

  test.each(['cp', 'COUPON', 'TOOLONG99', 'A-B', '折'])('no prefix: %s', (wrong) => {
    expect(() => makeCouponCode(wrong)).toThrow(RangeError)
  })
})

describe('R9: codes that people read and type', () => {
  test('are shown in groups of four', () => {
    expect(showCouponCode('CP7Q2M0VXKR4TD9HZB')).toBe('CP-7Q2M-0VXK-R4TD-9HZB')
    expect(showCouponCode('7Q2M0VXKR4TD9HZB')).toBe('7Q2M-0VXK-R4TD-9HZB')
  })

  test.each([
    'CP-7Q2M-0VXK-R4TD-91ZB',
    'cp-7q2m-0vxk-r4td-91zb',
    ' cp 7q2m 0vxk r4td 91zb ',
    'CP7Q2MOVXKR4TD9IZB',
    'cp7q2movxkr4td9lzb',
    'CP–7Q2M—0VXK‐R4TD-91ZB',
    'ＣＰ－７Ｑ２Ｍ　０ＶＸＫ　Ｒ４ＴＤ　９１ＺＢ',
    '\tCP7Q2M0VXKR4TD91ZB\n',
  ])('are found in %j', (typed) => {
    expect(findCouponCode(typed)).toBe('CP7Q2M0VXKR4TD91ZB')
  })

  test.each([
    ['empty', ''],
    ['too short', 'CP-7Q2M-0VXK-R4'],
    ['too long', 'CPCPCPCPC7Q2M0VXKR4TD91ZB'],
    ['with a U', 'CP7Q2M0VXKR4TD91UB'],
    ['with a letter that becomes ASCII in upper case', 'cp7q2m0vxkr4td91ßb'],
    ['with an accent', 'ĆP7Q2M0VXKR4TD91ZB'],
    ['with a control character', 'CP7Q2M0VXK\u0000R4TD91ZB'],
    ['with a broken character', 'CP7Q2M0VXK\ud800R4TD91ZB'],
    ['of a million spaces and a code', `${' '.repeat(1_000_000)}CP7Q2M0VXKR4TD91ZB`],
    ['an injection', "CP' OR '1'='1"],
  ])('are not found in what is %s', (_, typed) => {
    expect(findCouponCode(typed)).toBeUndefined()
  })

  test('come back from how they are shown, in either case', () => {
    fc.assert(
      fc.property(prefix, random, fc.boolean(), (start, bytes, lower) => {
        const code = makeCouponCode(start, () => bytes)
        const shown = showCouponCode(code)
        expect(findCouponCode(lower ? shown.toLowerCase() : shown)).toBe(code)
      }),
    )
  })

  test('whatever is typed, the answer is a code or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (typed) => {
        expect(findCouponCode(typed) ?? '0000000000000000').toMatch(/^[0-9A-HJKMNP-TV-Z]{16,24}$/)
      }),
    )
  })
})
