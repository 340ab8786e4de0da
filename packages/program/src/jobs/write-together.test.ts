import { describe, expect, it } from 'vitest'
import { writeTogether } from './write-together.js'

describe('writeTogether', () => {
  it('writes at once what comes at once, and then what came meanwhile', async () => {
    const writes: (readonly number[])[] = []
    let finish = () => {}
    let began = () => {}
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    const put = writeTogether<number>((items) => {
      writes.push(items)
      began()
      return writes.length > 1 ? Promise.resolve() : new Promise((resolve) => (finish = resolve))
    })
    const first = [put(1), put(2)]
    await beginning
    const next = [put(3), put(4), put(5)]
    expect(writes).toEqual([[1, 2]])
    finish()
    await Promise.all([...first, ...next])
    expect(writes).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    await put(6)
    expect(writes[2]).toEqual([6])
  })

  it('lets none fail for another, and tells each its own fault', async () => {
    const kept = new Set<string>()
    const put = writeTogether<string>(async (items) => {
      const bad = items.find((item) => item.startsWith('bad'))
      if (bad) throw new Error(bad)
      for (const item of items) kept.add(item)
    })
    const outcomes = await Promise.allSettled(['a', 'bad 1', 'b', 'bad 2'].map(put))
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
    ])
    expect(outcomes.flatMap((it) => ('reason' in it ? [it.reason.message] : []))).toEqual([
      'bad 1',
      'bad 2',
    ])
    expect([...kept]).toEqual(['a', 'b'])
    await put('c')
    expect(kept).toContain('c')
  })
})
