import { describe, expect, it } from 'vitest'
import { type CodeStatus, fitCodes, importOutcomes, voidOutcomes } from '../index.js'

describe('what became of each code of a list', () => {
  it('of an import: new once, there before, or no code', () => {
    const codes = ['A', 'B', 'A', 'two words', '', 'x'.repeat(201), 'x'.repeat(200)]
    expect(fitCodes(codes)).toEqual(['A', 'B', 'x'.repeat(200)])
    expect(importOutcomes(codes, new Set(['A', 'x'.repeat(200)]))).toEqual([
      'imported',
      'duplicate',
      'duplicate',
      'invalid',
      'invalid',
      'invalid',
      'imported',
    ])
  })

  it('of taking out: out, with somebody, or not in the pool', () => {
    const statuses = new Map<string, CodeStatus>([
      ['A', 'void'],
      ['B', 'given'],
    ])
    expect(voidOutcomes(['A', 'B', 'C', 'A', 'a b'], statuses)).toEqual([
      'voided',
      'given',
      'unknown',
      'voided',
      'invalid',
    ])
  })
})
