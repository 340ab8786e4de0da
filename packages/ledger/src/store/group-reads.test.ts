import { describe, expect, it } from 'vitest'
import { StoreConflict } from '../database/store-conflict.js'
import { groupReads } from './group-reads.js'

/** A store whose statements end when they are told to. */
function openSlowStore() {
  const statements: { keys: readonly number[]; end: () => void }[] = []
  let value = 'old'
  const ask = (keys: readonly number[]) =>
    new Promise<(key: number) => string>((resolve, reject) => {
      const seen = value
      statements.push({
        keys,
        end: () =>
          keys.includes(13) ? reject(new Error('unlucky')) : resolve((key) => `${key} is ${seen}`),
      })
    })
  const write = (to: string) => {
    value = to
  }
  return { statements, ask, write }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

async function endAll(statements: readonly { end: () => void }[]): Promise<void> {
  for (let ended = 0; ended < statements.length; ) {
    statements[ended++]!.end()
    await turn()
    await turn()
  }
}

describe('reads in groups', () => {
  it('asks for what comes in one turn at once, each key once', async () => {
    const { statements, ask } = openSlowStore()
    const read = groupReads(ask)
    const answers = Promise.all([read(1), read(2), read(1)])
    await turn()
    await endAll(statements)
    expect(statements.map(({ keys }) => keys)).toEqual([[1, 2]])
    expect(await answers).toEqual(['1 is old', '2 is old', '1 is old'])
  })

  it('asks for what comes while two statements are on their way with the next one', async () => {
    const { statements, ask } = openSlowStore()
    const read = groupReads(ask)
    const answers: Promise<string>[] = []
    for (const key of [1, 2, 3, 4, 5]) {
      answers.push(read(key))
      await turn()
      await turn()
    }
    expect(statements.map(({ keys }) => keys)).toEqual([[1], [2]])
    await endAll(statements)
    expect(statements.map(({ keys }) => keys)).toEqual([[1], [2], [3, 4, 5]])
    expect(await Promise.all(answers)).toHaveLength(5)
    // And all is as it was at the beginning.
    const later = [read(6), turn().then(() => read(7))]
    await turn()
    await turn()
    await turn()
    expect(statements.slice(3).map(({ keys }) => keys)).toEqual([[6], [7]])
    await endAll(statements.slice(3))
    expect(await Promise.all(later)).toEqual(['6 is old', '7 is old'])
  })

  it('remembers nothing, and reads what was written before it was asked', async () => {
    const { statements, ask, write } = openSlowStore()
    const read = groupReads(ask)
    const before = read(1)
    await turn()
    write('new')
    const after = read(1)
    await turn()
    await endAll(statements)
    expect(await before).toBe('1 is old')
    expect(await after).toBe('1 is new')
  })

  it('keeps the fault of one key from the others', async () => {
    const { statements, ask } = openSlowStore()
    const read = groupReads(ask)
    const answers = Promise.allSettled([11, 12, 13, 14].map(read))
    await turn()
    await endAll(statements)
    expect((await answers).map((it) => (it.status === 'fulfilled' ? it.value : it.reason))).toEqual(
      ['11 is old', '12 is old', new Error('unlucky'), '14 is old'],
    )
    const next = read(1)
    await turn()
    await endAll(statements.slice(-1))
    expect(await next).toBe('1 is old')
  })

  it('does not ask again and again what a store without a connection cannot answer', async () => {
    let asked = 0
    const read = groupReads(async () => {
      asked++
      throw new StoreConflict('nobody is there')
    })
    const answers = await Promise.allSettled([1, 2, 3].map((key) => read(key)))
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    expect(asked).toBe(1)
  })

  it('asks for no more than a thousand at a time', async () => {
    const { statements, ask } = openSlowStore()
    const read = groupReads(ask)
    const answers = Promise.all(Array.from({ length: 2_500 }, (_, key) => read(key + 100)))
    await turn()
    await endAll(statements)
    expect(statements.map(({ keys }) => keys.length)).toEqual([1_000, 1_000, 500])
    expect(await answers).toHaveLength(2_500)
  })
})
