import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { groupReads } from '../store/group-reads.js'
import { currentWaves, joinWave, runInWaves } from './read-waves.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Turns of the event loop that an answer takes, in the order in which they are asked for. */
function openSlowTimes(times: readonly number[]) {
  let asked = 0
  return async () => {
    const turns = times.length === 0 ? 0 : times[asked++ % times.length]!
    for (let n = 0; n < turns; n += 1) await turn()
  }
}

/** What a field reads, and what is asked for below each of its answers. */
interface Read {
  readonly kind: 'a' | 'b' | 'c' | 'direct'
  /** Promises that are waited for before, which cost no turn. */
  readonly hops: number
  readonly below: readonly Read[]
}

const { tree } = fc.letrec<{ tree: Read; leaf: Read }>((tie) => ({
  leaf: fc.record({
    kind: fc.constantFrom('a', 'b', 'c', 'direct'),
    hops: fc.nat(3),
    below: fc.constant([]),
  }),
  tree: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('a', 'b', 'c', 'direct'),
      hops: fc.nat(3),
      below: fc.array(tie('tree'), { maxLength: 3 }),
    }),
  ),
}))

/** How many waves ask for something of each kind: what a request costs, whatever its length. */
function wavesOf(fields: readonly Read[]): Record<string, number> {
  const levels: Read[][] = []
  const visit = (read: Read, depth: number) => {
    levels[depth] ??= []
    levels[depth].push(read)
    for (const it of read.below) visit(it, depth + 1)
  }
  for (const it of fields) visit(it, 0)
  const counts: Record<string, number> = {}
  for (const level of levels) {
    for (const kind of new Set(level.map((read) => read.kind))) {
      if (kind !== 'direct') counts[kind] = (counts[kind] ?? 0) + 1
    }
  }
  return counts
}

describe('reads in waves', () => {
  it('A4: a request is in as many statements as its reads are deep, however long its lists, however long each answer takes, whoever else reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(tree, { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(1, 2, 7, 40), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(4), { maxLength: 12 }),
        fc.array(fc.nat(6), { minLength: 6, maxLength: 6 }),
        async (fields, lengths, times, starts) => {
          const wait = openSlowTimes(times)
          /** Of each request, the kinds of the statements that it was in. */
          const statements: string[][] = lengths.map(() => [])
          const readOf = (kind: string) =>
            groupReads(
              async (keys: readonly { request: number; id: string }[]) => {
                for (const request of new Set(keys.map((key) => key.request))) {
                  statements[request]?.push(kind)
                }
                await wait()
                return ({ id }) => id
              },
              ({ request, id }) => `${request} ${id}`,
            )
          const kinds = { a: readOf('a'), b: readOf('b'), c: readOf('c') }
          const resolve = async (request: number, read: Read, id: string): Promise<number> => {
            for (let n = 0; n < read.hops; n += 1) await null
            if (read.kind === 'direct') await joinWave(() => wait())
            else expect(await kinds[read.kind]({ request, id })).toBe(id)
            const below = read.below.map((it, n) => resolve(request, it, `${id}.${n}`))
            return 1 + (await Promise.all(below)).reduce((sum, count) => sum + count, 0)
          }
          const answers = lengths.map(async (length, request) => {
            for (let n = 0; n < starts[request]!; n += 1) await turn()
            return runInWaves(() =>
              Promise.all(
                Array.from({ length }, (_, row) =>
                  Promise.all(fields.map((it, n) => resolve(request, it, `${row}.${n}`))),
                ),
              ),
            )
          })
          // Somebody who does not read in waves.
          const outside = Promise.all([
            kinds.a({ request: -1, id: 'x' }),
            kinds.b({ request: -1, id: 'y' }),
          ])
          await Promise.all([...answers, outside])
          for (const kindsOfOne of statements) {
            const counts: Record<string, number> = {}
            for (const kind of kindsOfOne) counts[kind] = (counts[kind] ?? 0) + 1
            expect(counts).toEqual(wavesOf(fields))
          }
        },
      ),
    )
  })

  it('asks for what is asked for twice in a wave once, and again in the next one', async () => {
    const asked: (readonly number[])[] = []
    const read = groupReads(async (keys: readonly number[]) => {
      asked.push(keys)
      return (key) => asked.length * 10 + key
    })
    const answer = await runInWaves(async () => {
      const first = await Promise.all([read(1), read(2), read(1)])
      return [first, await read(1)]
    })
    expect(answer).toEqual([[11, 12, 11], 21])
    expect(asked).toEqual([[1, 2], [1]])
  })

  it('belongs to nobody outside of its turns, nor do reads that have begun', async () => {
    const seen: unknown[] = []
    const read = groupReads(async (keys: readonly number[]) => {
      seen.push(currentWaves())
      await null
      seen.push(currentWaves())
      return () => keys.length
    })
    expect(currentWaves()).toBeUndefined()
    await Promise.all([
      runInWaves(async () => {
        const own = currentWaves()
        expect(own).toBeDefined()
        await read(1)
        expect(currentWaves()).toBe(own)
        await joinWave(async () => {
          seen.push(currentWaves())
        })
        expect(currentWaves()).toBe(own)
        await turn()
        seen.push(currentWaves())
      }),
      runInWaves(async () => {
        const own = currentWaves()
        await read(2)
        expect(currentWaves()).toBe(own)
      }),
    ])
    seen.push(currentWaves())
    expect(seen.length).toBeGreaterThanOrEqual(5)
    expect(new Set(seen)).toEqual(new Set([undefined]))
  })

  it('tells a fault to whoever asked, and to nobody else', async () => {
    const read = groupReads(async (keys: readonly number[]) => {
      if (keys.includes(13)) throw new Error('unlucky')
      return (key) => key
    })
    const outcomes = await runInWaves(() =>
      Promise.allSettled([
        read(1),
        read(13),
        joinWave(async () => {
          throw new Error('direct')
        }),
        joinWave(() => {
          throw new Error('at once')
        }),
        joinWave(async () => 2),
      ]),
    )
    expect(
      outcomes.map((it) => (it.status === 'fulfilled' ? it.value : it.reason.message)),
    ).toEqual([1, 'unlucky', 'direct', 'at once', 2])
    await expect(runInWaves(() => Promise.reject(new Error('at the end')))).rejects.toThrow(
      'at the end',
    )
    await expect(
      runInWaves(() => {
        throw new Error('at the beginning')
      }),
    ).rejects.toThrow('at the beginning')
  })

  it('keeps all that one request asks for in one statement, whoever else filled it', async () => {
    const asked: (readonly number[])[] = []
    const read = groupReads(async (keys: readonly number[]) => {
      asked.push(keys)
      return (key) => key
    })
    const many = (from: number, count: number) =>
      runInWaves(() => Promise.all(Array.from({ length: count }, (_, n) => read(from + n))))
    await Promise.all([many(0, 150), many(1_000, 100), many(2_000, 2_500), many(10_000, 100)])
    expect(asked.map((keys) => [keys.length, keys[0]])).toEqual([
      [150, 0],
      [200, 1_000],
      [2_500, 2_000],
    ])
  })
})

describe('a read that waits for a later one of its own request', () => {
  afterEach(() => void vi.useRealTimers())

  it('waits for long, and not for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const read = groupReads(async () => (key: number) => key)
    let second: Promise<number> | undefined
    let isDone = false
    const answer = runInWaves(async () => {
      const later = Promise.resolve(joinWave(async () => 1)).then(() => {
        second = read(2)
        return second
      })
      return Promise.all([later, joinWave(() => later)])
    }).then((value) => {
      isDone = true
      return value
    })
    for (let n = 0; n < 20; n += 1) await turn()
    expect(second).toBeDefined()
    expect(isDone).toBe(false)
    vi.advanceTimersByTime(10_000)
    expect(await answer).toEqual([2, 2])
  })
})
