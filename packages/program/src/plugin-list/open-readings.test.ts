import { PluginFault } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { openReadings } from './open-readings.js'

const asked = (id: string) => ({ plugin: { id }, operation: 'once' })
const forEver = () => {
  for (;;);
}

describe('G4: openReadings', () => {
  it('answers each with its own, whatever befalls the others', async () => {
    const { readSoon } = openReadings()
    const fault = new Error('not this one')
    const answers = await Promise.allSettled([
      readSoon(asked('a'), () => 1),
      readSoon(asked('b'), () => {
        throw fault
      }),
      readSoon(asked('c'), () => undefined),
    ])
    expect(answers).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: fault },
      { status: 'fulfilled', value: undefined },
    ])
  })

  it('reads in order, all of any number', async () => {
    const { readSoon } = openReadings()
    const read: number[] = []
    const numbers = Array.from({ length: 1_000 }, (_, n) => n)
    const answers = await Promise.all(
      numbers.map((n) =>
        readSoon(asked('a'), () => {
          read.push(n)
          return n
        }),
      ),
    )
    expect(answers).toEqual(numbers)
    expect(read).toEqual(numbers)
    expect(await readSoon(asked('a'), () => 'again')).toBe('again')
  })

  it('breaks off the one that does not end, names its plugin, and reads those behind it', async () => {
    const { readSoon } = openReadings()
    const reported: string[] = []
    const answers = await Promise.allSettled([
      readSoon(asked('before'), () => 1),
      readSoon(
        { ...asked('hangs'), watch: { failed: ({ plugin }) => reported.push(plugin) } },
        forEver,
      ),
      readSoon(asked('behind'), () => 2),
      readSoon(asked('last'), () => 3),
    ])
    expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value)).toEqual([
      1,
      false,
      2,
      3,
    ])
    const { reason } = answers[1] as PromiseRejectedResult
    expect(reason).toBeInstanceOf(PluginFault)
    expect(reason).toMatchObject({ plugin: 'hangs', operation: 'once', reason: 'timed-out' })
    expect(reported).toEqual(['hangs'])
    expect(await readSoon(asked('a'), () => 'goes on')).toBe('goes on')
  })

  it('blames nobody who is only behind a slow one', async () => {
    const { readSoon } = openReadings()
    const slowly = () => {
      const until = Date.now() + 400
      while (Date.now() < until);
      return 'slow'
    }
    // Together they take longer than one may.
    const all = ['a', 'b', 'c'].map((name) => readSoon(asked(name), slowly))
    expect(await Promise.all(all)).toEqual(['slow', 'slow', 'slow'])
  })
})
