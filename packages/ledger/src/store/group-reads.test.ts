import { afterEach, describe, expect, it, vi } from 'vitest'
import { StoreConflict } from '../database/store-conflict.js'
import { groupFirstRows, groupReads } from './group-reads.js'

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

  it('asks a store that fails for everybody a few times, and not for each', async () => {
    let asked = 0
    const read = groupReads(async () => {
      asked++
      throw new Error('no such table')
    })
    const keys = Array.from({ length: 1_000 }, (_, key) => key)
    const answers = await Promise.allSettled(keys.map((key) => read(key)))
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    expect(asked).toBeLessThan(50)
  })

  it('finds the one at fault among a thousand, wherever it stands', async () => {
    for (const bad of [0, 1, 499, 998, 999]) {
      const read = groupReads(async (keys: readonly number[]) => {
        if (keys.includes(bad)) throw new Error('unreadable')
        return (key) => key
      })
      const keys = Array.from({ length: 1_000 }, (_, key) => key)
      const answers = await Promise.allSettled(keys.map((key) => read(key)))
      expect(answers.flatMap(({ status }, key) => (status === 'rejected' ? [key] : []))).toEqual([
        bad,
      ])
    }
  })

  it('lets nobody wait for the part of another', async () => {
    const ends = new Map<number, () => void>()
    const read = groupReads(async (keys: readonly number[]) => {
      const parts = new Map(
        keys.map((key) => [key, new Promise<void>((resolve) => ends.set(key, resolve))]),
      )
      return (key) => parts.get(key)!.then(() => key)
    })
    const slow = read(1)
    const quick = read(2)
    await turn()
    ends.get(2)!()
    expect(await quick).toBe(2)
    ends.get(1)!()
    expect(await slow).toBe(1)
  })
})

describe('reads in groups, when a statement never answers', () => {
  afterEach(() => void vi.useRealTimers())

  it('keeps nobody else waiting for long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { statements, ask } = openSlowStore()
    const read = groupReads(ask)
    for (const key of [1, 2]) {
      void read(key)
      await turn()
      await turn()
    }
    const third = read(3)
    await turn()
    await turn()
    expect(statements).toHaveLength(2)
    vi.advanceTimersByTime(1_000)
    await turn()
    expect(statements.map(({ keys }) => keys)).toEqual([[1], [2], [3]])
    statements[2]!.end()
    expect(await third).toBe('3 is old')
    // The dead ones coming back late gives nobody a place twice.
    statements[0]!.end()
    statements[1]!.end()
    await turn()
    for (const key of [4, 5, 6]) {
      void read(key)
      await turn()
      await turn()
    }
    expect(statements.slice(3).map(({ keys }) => keys)).toEqual([[4], [5]])
  })
})

describe('first rows in groups', () => {
  it('asks each wallet once, for the most that is wanted of it, and no wallet for more', async () => {
    const asked: [readonly number[], number][] = []
    const read = groupFirstRows(async (wallets, limit) => {
      asked.push([wallets, limit])
      return wallets.flatMap((wallet) =>
        Array.from({ length: limit }, (_, row) => ({ wallet, row })),
      )
    })
    const pages = [
      { wallet: 1, limit: 2 },
      { wallet: 2, limit: 2 },
      { wallet: 1, limit: 5 },
      { wallet: 3, limit: 5 },
      { wallet: 1, limit: 2 },
    ]
    const rows = await Promise.all(pages.map((page) => read(page)))
    expect(rows.map(({ length }) => length)).toEqual([2, 2, 5, 5, 2])
    expect(rows[3]![4]).toEqual({ wallet: 3, row: 4 })
    expect(asked).toEqual([
      [[1, 3], 5],
      [[2], 2],
    ])
  })

  it('keeps the unreadable history of one from the others', async () => {
    const read = groupFirstRows(async (wallets) => {
      if (wallets.includes(2)) throw new Error('unreadable')
      return wallets.map((wallet) => ({ wallet }))
    })
    const answers = await Promise.allSettled([1, 2, 3].map((wallet) => read({ wallet, limit: 9 })))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
