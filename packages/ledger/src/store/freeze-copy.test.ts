import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freezeCopy } from './freeze-copy.js'

describe('freezeCopy', () => {
  it('gives what JSON would give, in the same order, for any JSON-like value', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY),
        fc.double(),
        fc.string(),
        fc.date({ noInvalidDate: true }),
        fc.array(tie('any')),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('any')),
      ),
    })).any
    fc.assert(
      fc.property(fc.array(value), (one) => {
        expect(JSON.stringify(freezeCopy(one))).toBe(JSON.stringify(one))
        expect(freezeCopy(one)).toEqual(JSON.parse(JSON.stringify(one)))
      }),
    )
  })

  it('shares nothing with what it copied, and cannot be changed', () => {
    const original = { lots: [{ seq: 1 }], memo: { deep: { er: [1, 2] } } }
    const copy = freezeCopy(original)
    original.memo.deep.er.push(3)
    original.lots[0]!.seq = 9
    expect(copy).toEqual({ lots: [{ seq: 1 }], memo: { deep: { er: [1, 2] } } })
    expect(() => {
      copy.memo.deep.er.push(4)
    }).toThrow(TypeError)
    expect(() => {
      copy.lots[0]!.seq = 4
    }).toThrow(TypeError)
  })
})
