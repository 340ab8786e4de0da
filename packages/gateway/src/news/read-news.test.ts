import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNews } from './read-news.js'
import { writeNews } from './write-news.js'

describe('news', () => {
  it('is read as it was written', () => {
    const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const change = fc.record({ wallet: whole, version: whole }, { noNullPrototype: true })
    fc.assert(
      fc.property(fc.string(), fc.array(change), (sender, changes) => {
        expect(readNews(writeNews(sender, changes))).toEqual({ sender, changes })
      }),
    )
  })

  it.each([
    '',
    'null',
    '1',
    '"ab"',
    '{}',
    '[]',
    '[1,2,3]',
    '["a",1]',
    '["a",1,2,3]',
    '["a",1.5,2]',
    '["a",-1,2]',
    '["a","1",2]',
    '["a",1,9007199254740992]',
    '["a",null,null]',
    '["a",[1],2]',
    '{"length":3}',
    `["a"${',1'.repeat(200_000)}]`,
    `${'['.repeat(100_000)}`,
  ])('is nothing of ours when it looks otherwise: %#', (text) => {
    expect(readNews(text)).toBeUndefined()
  })

  it('never throws, whatever anybody says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const news = readNews(text)
        if (news) expect(typeof news.sender).toBe('string')
      }),
    )
  })
})
