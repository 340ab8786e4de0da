import { describe, expect, it } from 'vitest'
import { PointwellError } from '../errors/pointwell-error.js'
import { BalanceFollower } from './balance-follower.js'
import type { BalanceMoment, FollowOptions, LineState } from './balance-moment.js'

type Sink = Parameters<import('../socket/open-socket.js').Socket['subscribe']>[1]

const momentOf = (version: number): BalanceMoment =>
  ({ memberId: 'm-1', version: String(version), balance: {}, change: {} }) as BalanceMoment

/** A follower over a socket, a clock and tokens that are the test's. */
function open({ options = {} }: { options?: FollowOptions } = {}) {
  const subscriptions: { after: string; sink: Sink; isStopped: boolean }[] = []
  const pauses: { delayMs: number; act: () => void }[] = []
  const lines: LineState[] = []
  const reads: (() => BalanceMoment)[] = []
  let now = 0
  let renewed = 0
  const follower = new BalanceFollower(
    {
      socket: {
        subscribe({ variables }, sink) {
          const subscription = { after: String(variables?.after), sink, isStopped: false }
          subscriptions.push(subscription)
          return () => {
            subscription.isStopped = true
          }
        },
        renew() {},
        close() {},
      },
      renewToken() {
        renewed += 1
        return true
      },
      timers: {
        now: () => now,
        after(delayMs, act) {
          const pause = { delayMs, act }
          pauses.push(pause)
          return () => pauses.splice(pauses.indexOf(pause), 1)
        },
      },
      backoff: { leastMs: 100, mostMs: 1_000, random: () => 1 },
      readNow: async () => (reads.shift() ?? (() => momentOf(0)))(),
    },
    { onLine: (line) => lines.push(line), ...options },
  )
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return {
    follower,
    subscriptions,
    pauses,
    lines,
    reads,
    renewed: () => renewed,
    settled,
    pass(ms: number) {
      now += ms
    },
    /** The subscription that runs now. */
    current: () => subscriptions.at(-1)!,
    say(...versions: number[]) {
      for (const version of versions) {
        subscriptions.at(-1)!.sink.next({ data: { balanceChanged: momentOf(version) } })
      }
    },
    /** Lets the pause that is on pass; answers with how long it was. */
    async resume() {
      await settled()
      const { delayMs, act } = pauses.shift()!
      act()
      await settled()
      return delayMs
    },
  }
}

const lost = { code: 1006, reason: '' }
const follow = { options: { after: '0' } }

async function take(follower: BalanceFollower, count: number): Promise<string[]> {
  const versions: string[] = []
  for (let n = 0; n < count; n += 1) versions.push((await follower.next()).value.version)
  return versions
}

describe('A5 A9: a follower of a wallet', () => {
  it('begins with how it stands, and goes on after that', async () => {
    const test = open()
    test.reads.push(() => momentOf(7))
    expect(await take(test.follower, 1)).toEqual(['7'])
    await test.settled()
    expect(test.current().after).toBe('7')
    test.say(8, 9)
    expect(await take(test.follower, 2)).toEqual(['8', '9'])
  })

  it('asks for nothing before somebody takes', async () => {
    const test = open(follow)
    await test.settled()
    expect(test.subscriptions).toEqual([])
  })

  it('passes over what it has seen', async () => {
    const test = open(follow)
    const first = take(test.follower, 3)
    await test.settled()
    test.say(1, 2, 2, 1, 3)
    expect(await first).toEqual(['1', '2', '3'])
  })

  it('takes nothing behind a gap, and asks again for what is missing', async () => {
    const test = open(follow)
    const first = take(test.follower, 4)
    await test.settled()
    test.say(1, 3)
    expect(test.current()).toMatchObject({ after: '0', isStopped: true })
    // What the old one still says is not listened to.
    test.say(2)
    await test.resume()
    expect(test.current().after).toBe('1')
    test.say(2, 3, 4)
    expect(await first).toEqual(['1', '2', '3', '4'])
    expect(test.lines.filter(({ isLive }) => !isLive)).toMatchObject([
      { error: { message: 'After version 1 came 3.' } },
    ])
  })

  it('ends where the server leaves out the same change again and again', async () => {
    const test = open(follow)
    const next = test.follower.next()
    next.catch(() => {})
    await test.settled()
    for (let n = 0; n < 3; n += 1) {
      test.say(2)
      await test.resume()
    }
    test.say(2)
    await expect(next).rejects.toMatchObject({ code: 'VERSION_GAP' })
    expect(await test.follower.next()).toEqual({ value: undefined, done: true })
  })

  it('waits longer each time, up to a bound, and briefly again after it went well', async () => {
    const test = open(follow)
    const first = take(test.follower, 1)
    await test.settled()
    const pauses: number[] = []
    const cut = async () => {
      test.current().sink.end(lost)
      pauses.push(await test.resume())
    }
    for (let n = 0; n < 6; n += 1) await cut()
    expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000])
    test.say(1)
    await first
    await cut()
    await cut()
    // Nothing came, and yet it held for long.
    test.pass(60_000)
    await cut()
    expect(pauses.slice(6)).toEqual([100, 200, 100])
  })

  it('waits as long as the server says', async () => {
    const test = open(follow)
    void take(test.follower, 1)
    await test.settled()
    test
      .current()
      .sink.end([{ message: 'Too much', extensions: { code: 'RATE_LIMITED', retryAfter: 7 } }])
    expect(await test.resume()).toBe(7_000)
  })

  it.each([
    [[{ message: 'no', extensions: { code: 'FORBIDDEN' } }], 'FORBIDDEN'],
    [
      [{ message: 'no', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [{ code: 4400, reason: 'no' }, 'CONNECTION_REFUSED'],
    [{ code: 4406, reason: 'no' }, 'CONNECTION_REFUSED'],
  ])('ends with what will be no different later: %j', async (reason, code) => {
    const test = open(follow)
    const next = test.follower.next()
    next.catch(() => {})
    await test.settled()
    test.current().sink.end(reason)
    await expect(next).rejects.toMatchObject({ code })
    expect(test.pauses).toEqual([])
  })

  it.each<[string, unknown]>([
    ['the server goes away', { code: 1001, reason: 'Going away' }],
    ['the server has a fault', { code: 4500, reason: 'Internal server error' }],
    ['what was read too slowly', { code: 1013, reason: 'Try again later' }],
    ['the line broke', new Error('ECONNREFUSED')],
    ['the server ended it', undefined],
    ['a fault of the server', [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]],
    ['the shop gave no token', new PointwellError({ code: 'NO_TOKEN', message: 'x' })],
  ])('comes back: %s', async (_why, reason) => {
    const test = open(follow)
    const next = test.follower.next()
    await test.settled()
    test.current().sink.end(reason)
    await test.resume()
    test.say(1)
    expect((await next).value.version).toBe('1')
  })

  it('an event with an error is asked for again', async () => {
    const test = open(follow)
    const next = test.follower.next()
    await test.settled()
    test.current().sink.next({
      data: null,
      errors: [{ message: 'x', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    })
    expect(test.current().isStopped).toBe(true)
    await test.resume()
    test.say(1)
    expect((await next).value.version).toBe('1')
  })

  it('renews a token as often as one runs out, though nothing happens meanwhile', async () => {
    const test = open(follow)
    void test.follower.next()
    await test.settled()
    for (let n = 1; n <= 3; n += 1) {
      test.current().sink.accepted()
      test.current().sink.end({ code: 4403, reason: 'the token has run out' })
      await test.resume()
      expect(test.renewed()).toBe(n)
    }
  })

  it('renews one that is refused once', async () => {
    const test = open(follow)
    const next = test.follower.next()
    next.catch(() => {})
    await test.settled()
    test.current().sink.end({ code: 4403, reason: 'the token is no good' })
    await test.resume()
    test.current().sink.end({ code: 4403, reason: 'the token is no good' })
    await expect(next).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(test.renewed()).toBe(1)
  })

  it('holds no more than it must for one who takes slowly, and misses nothing by it', async () => {
    const test = open(follow)
    expect(
      await Promise.all([take(test.follower, 1), test.settled().then(() => test.say(1))]),
    ).toEqual([['1'], undefined])
    for (let version = 2; version <= 400; version += 1) test.say(version)
    expect(test.current().isStopped).toBe(true)
    const seen = await take(test.follower, 256)
    await test.settled()
    expect(test.subscriptions).toHaveLength(2)
    expect(test.current().after).toBe(seen.at(-1))
    expect(test.pauses).toEqual([])
    for (let version = Number(seen.at(-1)) + 1; version <= 400; version += 1) test.say(version)
    seen.push(...(await take(test.follower, 400 - 1 - seen.length)))
    expect(seen).toEqual(Array.from({ length: 399 }, (_, n) => String(n + 2)))
  })

  it.each(['while it listens', 'during a pause', 'before it began'])(
    'ends when told to, without an error: %s',
    async (when) => {
      const stop = new AbortController()
      const test = open({ options: { after: '0', signal: stop.signal } })
      if (when === 'before it began') stop.abort()
      const next = test.follower.next()
      await test.settled()
      if (when === 'during a pause') {
        test.current().sink.end(lost)
        await test.settled()
      }
      stop.abort()
      expect(await next).toEqual({ value: undefined, done: true })
      await test.settled()
      expect(test.pauses).toEqual([])
      expect(
        test.subscriptions.every(({ isStopped }) => isStopped || when === 'during a pause'),
      ).toBe(true)
      expect(test.subscriptions).toHaveLength(when === 'before it began' ? 0 : 1)
    },
  )

  it('ends with a loop that is left, whatever it waits for', async () => {
    const test = open(follow)
    const next = test.follower.next()
    await test.settled()
    await test.follower.return()
    expect(await next).toEqual({ value: undefined, done: true })
    expect(test.current().isStopped).toBe(true)
  })
})
