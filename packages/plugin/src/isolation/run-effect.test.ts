import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import {
  type ChannelContext,
  defineNotifier,
  defineRedemptionChannel,
  openCalendar,
  type PluginFault,
  type RedemptionChannel,
  runEffect,
} from '../index.js'

const words = { en: 'No.', zh: '不。' }
const base = {
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Tea', zh: '茶' },
  settings: z.object({ list: z.array(z.string()).default([]) }),
  refusals: { NO_TEA: words },
}
const calendar = openCalendar('Asia/Shanghai')

describe('G4: what a plugin does to the world', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  type Fulfil = (context: ChannelContext<unknown, unknown, unknown>) => unknown
  const channelOf = (fulfil: Fulfil, cancel: Fulfil = fulfil): RedemptionChannel =>
    defineRedemptionChannel({
      ...base,
      id: 'tea',
      loop: 'closed',
      offer: z.object({}),
      order: z.object({}),
      fulfil: fulfil as never,
      cancel: cancel as never,
    })
  const given = () => ({
    settings: { list: [] as string[] },
    offer: { id: 'o', title: words, details: {}, cashValueMinor: 1, currency: 'CNY' },
    redemption: { id: 'r-1', memberId: 'm-1', points: 5, order: {}, at: 0 },
    calendar,
    now: 0,
    store: {
      read: async () => undefined as never,
      write: async () => undefined as never,
      isDuplicateKey: () => false,
    },
  })
  const reporting = () => {
    const faults: PluginFault[] = []
    return { faults, watch: { failed: (it: PluginFault) => void faults.push(it) } }
  }

  it.each([
    { outcome: 'fulfilled', receipt: { code: 'ABC' } },
    { outcome: 'fulfilled', receipt: null },
    { outcome: 'refused', code: 'NO_TEA', detail: 'none left' },
    { outcome: 'unknown' },
  ])('answers: %j', async (answer) => {
    const { faults, watch } = reporting()
    expect(
      await runEffect(
        channelOf(async () => answer),
        'fulfil',
        given(),
        { watch },
      ),
    ).toBe(answer)
    // An answer that does not come as a promise is an answer too.
    expect(
      await runEffect(
        channelOf(() => answer),
        'fulfil',
        given(),
        { watch },
      ),
    ).toBe(answer)
    expect(faults).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[what: string, answer: unknown, fault: RegExp]>([
    ['nothing', undefined, /it answered with undefined/],
    ['another outcome', { outcome: 'done' }, /its outcome is none of fulfilled, refused, unknown/],
    ['another effect’s outcome', { outcome: 'cancelled' }, /its outcome is none of/],
    ['no receipt', { outcome: 'fulfilled' }, /it gave no receipt/],
    [
      'a receipt that is not JSON',
      { outcome: 'fulfilled', receipt: { at: new Date(0) } },
      /receipt.at: a Date is not JSON/,
    ],
    [
      'a receipt too large',
      { outcome: 'fulfilled', receipt: 'x'.repeat(70_000) },
      /its receipt is 70002 characters/,
    ],
    [
      'a refusal nobody declared',
      { outcome: 'refused', code: 'NO_COFFEE' },
      /which it does not declare/,
    ],
    ['a detail that is not text', { outcome: 'unknown', detail: 5 }, /its detail is not text/],
  ])('answers with %s: unknown, for nobody knows what happened', async (_, answer, fault) => {
    const { faults, watch } = reporting()
    const got = await runEffect(
      channelOf(async () => answer),
      'fulfil',
      given(),
      { watch },
    )
    expect(got.outcome).toBe('unknown')
    expect(faults[0]).toMatchObject({ plugin: 'tea', operation: 'fulfil', reason: 'nonsense' })
    expect(faults[0]?.message).toMatch(fault)
  })

  it.each<[what: string, fulfil: Fulfil]>([
    [
      'at once',
      () => {
        throw new Error('no tea')
      },
    ],
    [
      'later',
      async () => {
        throw new Error('no tea')
      },
    ],
    [
      'by changing what it was given',
      async ({ settings }) => (settings as { list: string[] }).list.push('no tea'),
    ],
  ])('throws %s: unknown', async (_, fulfil) => {
    const { faults, watch } = reporting()
    const context = given()
    expect(await runEffect(channelOf(fulfil), 'fulfil', context, { watch })).toMatchObject({
      outcome: 'unknown',
    })
    expect(faults[0]).toMatchObject({ plugin: 'tea', reason: 'threw' })
    expect(context.settings.list).toEqual([])
  })

  it('hangs: unknown at the end of its time, and its signal is aborted', async () => {
    const { faults, watch } = reporting()
    let aborted = false
    const channel = channelOf(({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Promise(() => {})
    })
    const answer = runEffect(channel, 'fulfil', given(), { watch, timeoutMs: 3_000 })
    await vi.advanceTimersByTimeAsync(2_999)
    expect(aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await answer).toEqual({ outcome: 'unknown', detail: 'it was not back after 3000 ms' })
    expect(aborted).toBe(true)
    expect(faults.map(({ reason }) => reason)).toEqual(['timed-out'])
  })

  it('comes back too late: that goes unheard, even a failure', async () => {
    const { faults, watch } = reporting()
    let fail: (error: Error) => void = () => {}
    const channel = channelOf(
      () =>
        new Promise((_, reject) => {
          fail = reject
        }),
    )
    const answer = runEffect(channel, 'fulfil', given(), { watch, timeoutMs: 10 })
    await vi.advanceTimersByTimeAsync(10)
    expect((await answer).outcome).toBe('unknown')
    fail(new Error('too late'))
    await vi.advanceTimersByTimeAsync(0)
    expect(faults).toHaveLength(1)
  })

  it('listens to its signal and gives up by throwing: it was out of time all the same', async () => {
    const { faults, watch } = reporting()
    const channel = channelOf(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    const answer = runEffect(channel, 'fulfil', given(), { watch, timeoutMs: 10 })
    await vi.advanceTimersByTimeAsync(10)
    expect((await answer).outcome).toBe('unknown')
    expect(faults.map(({ reason }) => reason)).toEqual(['timed-out'])
  })

  it('is ended early when the server shuts down: unknown, and nobody’s fault', async () => {
    const { faults, watch } = reporting()
    const shutdown = new AbortController()
    const channel = channelOf(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    const answer = runEffect(channel, 'fulfil', given(), { watch, signal: shutdown.signal })
    shutdown.abort()
    expect(await answer).toEqual({ outcome: 'unknown', detail: 'ended early' })
    expect(faults).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    const after = runEffect(channel, 'fulfil', given(), { watch, signal: shutdown.signal })
    expect(await after).toEqual({ outcome: 'unknown', detail: 'ended early' })
  })

  it('cancels, where the channel can', async () => {
    const { faults, watch } = reporting()
    const can = channelOf(
      async () => null,
      async () => ({ outcome: 'cancelled' }),
    )
    const cannot = { ...can, cancel: undefined }
    const context = { ...given(), receipt: {} }
    expect(await runEffect(can, 'cancel', context, { watch })).toEqual({ outcome: 'cancelled' })
    expect(await runEffect(cannot, 'cancel', context, { watch })).toEqual({
      outcome: 'unknown',
      detail: 'it has no cancel',
    })
    expect(faults).toHaveLength(1)
  })

  it.each<[answer: unknown, outcome: string]>([
    [{ outcome: 'delivered' }, 'delivered'],
    [{ outcome: 'dead', detail: 'no such address' }, 'dead'],
    [{ outcome: 'fulfilled', receipt: 1 }, 'again'],
    [null, 'again'],
  ])('delivers: %j is %s', async (answer, outcome) => {
    const notifier = defineNotifier({ ...base, id: 'tea', deliver: async () => answer as never })
    const told = { kind: 'expiring', title: words, body: words, figures: {}, at: 0 }
    const message = { id: 'm', memberId: 'm-1', ...told }
    const letter = { settings: {}, message, now: 0, store: given().store }
    expect(await runEffect(notifier, 'deliver', letter)).toMatchObject({
      outcome,
    })
  })
})
