import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import {
  defineNotifier,
  type PluginFault,
  type PluginJob,
  type PluginJobContext,
  runPluginJob,
} from '../index.js'

const title = { en: 'Letters', zh: '信件' }
const job = (run: PluginJob['run'], more: Partial<PluginJob> = {}): PluginJob => ({
  name: 'letters',
  title,
  everyMs: 1_000,
  run,
  ...more,
})
const pluginWith = (jobs: readonly PluginJob[]) =>
  defineNotifier({
    id: 'post',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Post', zh: '邮寄' },
    settings: z.object({}),
    deliver: async () => ({ outcome: 'delivered' }),
    jobs,
  })

function contextOf(signal = new AbortController().signal) {
  return { now: 7, signal, report: () => {} } as unknown as PluginJobContext
}

async function run(one: PluginJob, context = contextOf()) {
  const faults: PluginFault[] = []
  const watch = { failed: (fault: PluginFault) => void faults.push(fault) }
  const ended = runPluginJob(pluginWith([one]), one, context, { watch }).then(
    (said) => ({ said, faults }),
    (fault: PluginFault) => ({ fault, faults }),
  )
  return ended
}

describe('O2 G4: the job of a plugin', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is given what it runs with, and says what an operator reads', async () => {
    const seen: number[] = []
    const one = job(async ({ now }) => {
      seen.push(now)
      return `${'long '.repeat(200)}`
    })
    expect(await run(one)).toEqual({ said: 'long '.repeat(100), faults: [] })
    expect(seen).toEqual([7])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is told to stop after a minute, and is heard where it does', async () => {
    const ended = run(
      job(
        ({ signal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve('half'))),
      ),
    )
    await vi.advanceTimersByTimeAsync(59_999)
    await vi.advanceTimersByTimeAsync(1)
    expect(await ended).toEqual({ said: 'half', faults: [] })
  })

  it('is told to stop with the server', async () => {
    const stop = new AbortController()
    const ended = run(
      job(
        ({ signal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve('half'))),
      ),
      contextOf(stop.signal),
    )
    stop.abort()
    expect(await ended).toMatchObject({ said: 'half' })
  })

  it.each([
    ['throws', async () => Promise.reject(new Error('no paper')), 'threw'],
    ['answers with no text', async () => 7 as never, 'nonsense'],
    ['never comes back', () => new Promise<string>(() => {}), 'timed-out'],
  ] as const)('is at fault where it %s', async (_, does, reason) => {
    const ended = run(job(does))
    await vi.advanceTimersByTimeAsync(75_000)
    const { faults, ...other } = await ended
    expect(faults).toMatchObject([{ plugin: 'post', operation: 'job letters', reason }])
    expect(other).toMatchObject({ fault: { reason } })
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[string, unknown]>([
    ['no list', job(async () => 'x')],
    ['a name of another shape', [job(async () => 'x', { name: 'The Letters' })]],
    ['a name that is too long', [job(async () => 'x', { name: 'a'.repeat(21) })]],
    ['a name twice', [job(async () => 'x'), job(async () => 'y')]],
    ['words in one language', [job(async () => 'x', { title: { en: 'x' } as never })]],
    ['less than a second', [job(async () => 'x', { everyMs: 999 })]],
    ['nothing to run', [{ name: 'a', title, everyMs: 1_000 }]],
  ])('is no definition with %s', (_, jobs) => {
    expect(() => pluginWith(jobs as never)).toThrow(/its jobs must be a list of/)
  })
})
