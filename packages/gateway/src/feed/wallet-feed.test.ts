import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { manualTimers } from '../../../../test/support/manual-timers.js'
import { openTestJournal } from '../../../../test/support/test-journal.js'
import { openTestNews } from '../../../../test/support/test-news.js'
import type { Follower } from './follower.js'
import { openWalletFeed, type WalletFeed } from './wallet-feed.js'

/** Lets everything that can run without time going on run. */
const settle = async () => {
  for (let i = 0; i < 50; i += 1) await Promise.resolve()
}

const tick = async (time: ReturnType<typeof manualTimers>) => {
  time.tick()
  await settle()
}

describe('A5: WalletFeed', () => {
  let journal: ReturnType<typeof openTestJournal>
  let here: ReturnType<ReturnType<typeof openTestJournal>['openServer']>
  let time: ReturnType<typeof manualTimers>
  let feed: WalletFeed
  let faults: unknown[]
  beforeEach(() => {
    journal = openTestJournal()
    here = journal.openServer()
    time = manualTimers()
    faults = []
    feed = openWalletFeed({
      ledger: here.ledger,
      timers: time.timers,
      pageSize: 3,
      onFault: (fault) => faults.push(fault),
    })
  })

  /** Takes everything as it comes, as a client does that reads at once. */
  const collect = (follower: Follower) => {
    const versions: number[] = []
    const done = (async () => {
      for await (const { version } of follower) versions.push(version)
    })()
    return { versions, done }
  }

  it('begins now when nothing is said', async () => {
    here.post(1, 1)
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    await settle()
    expect(versions).toEqual([])
    here.post(1)
    await settle()
    expect(versions).toEqual([3])
  })

  it('goes on after a cursor, through pages, without a gap or a double', async () => {
    journal.elsewhere(1, 1, 1, 1, 1, 1, 1, 1)
    const { versions } = collect(await feed.follow({ wallet: 1, after: 1 }))
    await settle()
    expect(versions).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect(journal.reads.map(({ after }) => after)).toEqual([1, 4, 7])
    here.post(1)
    await settle()
    expect(versions.at(-1)).toBe(9)
  })

  it('refuses a cursor that the wallet has not come to', async () => {
    here.post(1)
    await expect(feed.follow({ wallet: 1, after: 2 })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', field: 'after' },
    })
    expect(feed.followers()).toBe(0)
    expect(time.repeating()).toBe(0)
  })

  it('L11: knows at once what this server posts, without a read', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: 0 }))
    here.post(1, 2, 1)
    await settle()
    expect(versions).toEqual([1, 2])
    expect(journal.reads).toEqual([])
  })

  it('sees with the next look what another server posted', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    journal.elsewhere(1, 1)
    await settle()
    expect(versions).toEqual([])
    await tick(time)
    expect(versions).toEqual([1, 2])
  })

  it('keeps the order when two servers write in turn', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    here.post(1)
    journal.elsewhere(1)
    here.post(1)
    await settle()
    journal.elsewhere(1)
    await tick(time)
    here.post(1)
    await settle()
    expect(versions).toEqual([1, 2, 3, 4, 5])
  })

  it('misses nothing that is posted while it begins', async () => {
    const beginning = feed.follow({ wallet: 1, after: 0 })
    here.post(1, 1)
    const { versions } = collect(await beginning)
    await settle()
    expect(versions).toEqual([1, 2])
  })

  it('looks at all followed wallets in one statement, and at none when nobody follows', async () => {
    const followers = [
      await feed.follow({ wallet: 1, after: null }),
      await feed.follow({ wallet: 2, after: null }),
      await feed.follow({ wallet: 2, after: null }),
    ]
    journal.looks.length = 0
    await tick(time)
    expect(journal.looks).toEqual([[1, 2]])
    for (const follower of followers) await follower.return()
    expect(time.repeating()).toBe(0)
    expect(feed.followers()).toBe(0)
  })

  it('reads what others wrote once for all followers and all wallets', async () => {
    const all = [
      collect(await feed.follow({ wallet: 1, after: null })),
      collect(await feed.follow({ wallet: 1, after: null })),
      collect(await feed.follow({ wallet: 2, after: null })),
      collect(await feed.follow({ wallet: 3, after: null })),
    ]
    journal.elsewhere(1, 1, 2)
    await tick(time)
    expect(all.map(({ versions }) => versions)).toEqual([[1, 2], [1, 2], [1], []])
    expect(journal.finds).toEqual([['1-1', '1-2', '2-1']])
    expect(journal.reads).toEqual([])
  })

  it('shares one page between followers at the same place', async () => {
    journal.elsewhere(1, 1)
    const both = await Promise.all([0, 0].map((after) => feed.follow({ wallet: 1, after })))
    const collected = both.map(collect)
    await settle()
    expect(collected.map(({ versions }) => versions)).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(journal.reads).toHaveLength(1)
  })

  it('asks for the versions of all who come at once together', async () => {
    journal.elsewhere(1, 2, 3)
    const wallets = [1, 2, 3, 1, 2, 3, 4]
    await Promise.all(wallets.map((wallet) => feed.follow({ wallet, after: null })))
    // The first asks alone, and the rest while it waits for its answer.
    expect(journal.looks).toEqual([[1], [2, 3, 1, 4]])
  })

  it('takes up a wallet that has moved on far by pages, as far as it goes', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    journal.elsewhere(...Array.from({ length: 100 }, () => 1))
    await tick(time)
    for (let i = 0; i < 20; i += 1) await settle()
    expect(versions).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(journal.finds).toEqual([])
    expect(journal.reads.every(({ limit }) => limit === 3)).toBe(true)
  })

  it('keeps what is new for a look or two, and then nothing', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    here.post(1, 1)
    await settle()
    expect(versions).toEqual([1, 2])
    await tick(time)
    await tick(time)
    // Who begins further back now reads it.
    const late = collect(await feed.follow({ wallet: 1, after: 0 }))
    await settle()
    expect(late.versions).toEqual([1, 2])
    expect(journal.reads).toEqual([{ wallet: 1, after: 0, limit: 3 }])
  })

  it('lets a slow client wait alone, and keeps nothing for it but a place', async () => {
    const slow = await feed.follow({ wallet: 1, after: null })
    const quick = collect(await feed.follow({ wallet: 1, after: null }))
    for (let i = 0; i < 1_000; i += 1) here.post(1)
    await settle()
    while (quick.versions.length < 1_000) await settle()
    expect(journal.reads.every(({ limit }) => limit === 3)).toBe(true)
    const readsBefore = journal.reads.length
    await settle()
    // Nothing is read for it until it asks.
    expect(journal.reads.length).toBe(readsBefore)
    const versions = []
    for (let i = 0; i < 1_000; i += 1) versions.push((await slow.next()).value.version)
    expect(versions).toEqual(quick.versions)
  })

  it('outlives a database that is away for a while', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    journal.elsewhere(1)
    journal.fail(true)
    for (let i = 0; i < 100; i += 1) await tick(time)
    expect(versions).toEqual([])
    // Said once, not with each look.
    expect(faults).toHaveLength(1)
    journal.fail(false)
    await tick(time)
    expect(versions).toEqual([1])
    await tick(time)
    journal.fail(true)
    await tick(time)
    expect(faults).toHaveLength(2)
  })

  it('goes on after a read that failed while the versions could be had', async () => {
    journal.elsewhere(1)
    const one = collect(await feed.follow({ wallet: 1, after: null }))
    const { store } = here.ledger
    const kept = { ...store }
    const goneAway = async () => {
      throw new Error('gone away')
    }
    Object.assign(store, { findTransactions: goneAway, findTransactionsAt: goneAway })
    const other = collect(await feed.follow({ wallet: 1, after: 0 }))
    journal.elsewhere(1, 1, 1, 1)
    await tick(time)
    expect([one.versions, other.versions]).toEqual([[], []])
    Object.assign(store, kept)
    await tick(time)
    await tick(time)
    expect(one.versions).toEqual([2, 3, 4, 5])
    expect(other.versions).toEqual([1, 2, 3, 4, 5])
    expect(faults).toHaveLength(1)
  })

  it('ends at once, also while it waits', async () => {
    const follower = await feed.follow({ wallet: 1, after: null })
    const waiting = follower.next()
    await follower.return()
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(await follower.next()).toEqual({ value: undefined, done: true })
  })

  it('ends every follower when it is closed', async () => {
    const { done } = collect(await feed.follow({ wallet: 1, after: null }))
    feed.close()
    await done
    expect(feed.followers()).toBe(0)
    await expect(feed.follow({ wallet: 1, after: null })).rejects.toThrow()
  })

  describe('with news', () => {
    let there: typeof here
    let news: ReturnType<typeof openTestNews>
    let thereFeed: WalletFeed
    beforeEach(() => {
      there = journal.openServer()
      news = openTestNews()
      const open = (server: typeof here) =>
        openWalletFeed({
          ledger: server.ledger,
          timers: time.timers,
          news: news.openEnd(),
          pageSize: 3,
          onFault: (fault) => faults.push(fault),
        })
      feed.close()
      feed = open(here)
      thereFeed = open(there)
    })

    it('L11: looks at once at what another server says has changed, and nowhere else', async () => {
      const { versions } = collect(await thereFeed.follow({ wallet: 1, after: null }))
      collect(await thereFeed.follow({ wallet: 2, after: null }))
      journal.looks.length = 0
      here.post(1, 1, 3)
      news.arrive()
      await settle()
      expect(versions).toEqual([1, 2])
      expect(journal.finds).toEqual([['1-1', '1-2']])
      expect(journal.looks).toEqual([])
    })

    it('reads together what is heard while it reads', async () => {
      for (const wallet of [1, 2, 3]) collect(await thereFeed.follow({ wallet, after: null }))
      for (const wallet of [1, 2, 3, 2]) {
        here.post(wallet)
        news.arrive()
      }
      await settle()
      expect(journal.finds).toEqual([['1-1', '2-1', '2-2', '3-1']])
    })

    it('looks seldom by itself while news travels, and as before when it does not', async () => {
      const { versions } = collect(await thereFeed.follow({ wallet: 1, after: null }))
      journal.elsewhere(1)
      journal.looks.length = 0
      for (let i = 0; i < 3; i += 1) await tick(time)
      expect(journal.looks).toEqual([])
      await tick(time)
      expect(journal.looks).toEqual([[1]])
      expect(versions).toEqual([1])
      news.setLive(false)
      await settle()
      journal.looks.length = 0
      await tick(time)
      await tick(time)
      expect(journal.looks).toEqual([[1], [1]])
    })

    it('looks at once when the way was interrupted, and when it is open again', async () => {
      const { versions } = collect(await thereFeed.follow({ wallet: 1, after: null }))
      for (const isLive of [false, true]) {
        journal.elsewhere(1)
        news.setLive(isLive)
        await settle()
      }
      expect(versions).toEqual([1, 2])
    })

    it('believes nothing it hears', async () => {
      const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
      journal.elsewhere(1)
      for (const version of [0, 2, 7, 17, 18, 5_000, Number.MAX_SAFE_INTEGER]) {
        news.forge({ wallet: 1, version }, { wallet: 99, version })
        await settle()
      }
      expect(versions).toEqual([1])
      // A version that it has not come to is one that nobody can begin after.
      await expect(feed.follow({ wallet: 1, after: 2 })).rejects.toMatchObject({
        extensions: { code: 'BAD_USER_INPUT' },
      })
      here.post(1)
      await settle()
      expect(versions).toEqual([1, 2])
    })

    it('asks nothing twice for what it has heard already', async () => {
      const { versions } = collect(await thereFeed.follow({ wallet: 1, after: null }))
      here.post(1)
      news.arrive()
      await settle()
      const before = journal.finds.length + journal.looks.length
      for (let i = 0; i < 5; i += 1) news.forge({ wallet: 1, version: 1 })
      await settle()
      expect(journal.finds.length + journal.looks.length).toBe(before)
      expect(versions).toEqual([1])
    })

    it('finds with a look what was heard while the database was away', async () => {
      const { versions } = collect(await thereFeed.follow({ wallet: 1, after: null }))
      journal.fail(true)
      here.post(1)
      news.arrive()
      await settle()
      expect(faults).toHaveLength(1)
      journal.fail(false)
      for (let i = 0; i < 4; i += 1) await tick(time)
      expect(versions).toEqual([1])
    })

    it('begins right where it hears of a change while it begins', async () => {
      const beginning = thereFeed.follow({ wallet: 1, after: 0 })
      here.post(1, 1)
      news.arrive()
      const { versions } = collect(await beginning)
      await settle()
      expect(versions).toEqual([1, 2])
    })
  })

  it('A5: gives each change once and in order, whatever happens in whatever order', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('here' as const) },
      { weight: 3, arbitrary: fc.constant('elsewhere' as const) },
      { weight: 2, arbitrary: fc.constant('tick' as const) },
      { weight: 2, arbitrary: fc.constant('settle' as const) },
      { weight: 2, arbitrary: fc.constant('reconnect' as const) },
      { weight: 1, arbitrary: fc.constant('fail' as const) },
      { weight: 2, arbitrary: fc.constant('mend' as const) },
      { weight: 3, arbitrary: fc.constant('news arrives' as const) },
      { weight: 1, arbitrary: fc.constant('news is lost' as const) },
      { weight: 1, arbitrary: fc.constant('news comes again, backwards' as const) },
      { weight: 1, arbitrary: fc.constant('news goes away' as const) },
      { weight: 1, arbitrary: fc.constant('news comes back' as const) },
      { weight: 1, arbitrary: fc.record({ forged: fc.integer({ min: 0, max: 40 }) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const journal = openTestJournal()
        const here = journal.openServer()
        const there = journal.openServer()
        const time = manualTimers()
        const news = openTestNews()
        const feeds = [here, there].map(({ ledger }) =>
          openWalletFeed({ ledger, timers: time.timers, news: news.openEnd(), pageSize: 2 }),
        )
        const seen: number[] = []
        let written = 0
        let reconnects = 0
        let follower = await feeds[0]!.follow({ wallet: 1, after: 0 })
        const run = (of: Follower) => {
          void (async () => {
            for await (const { version } of of) seen.push(version)
          })()
        }
        run(follower)
        for (const step of steps) {
          if (step === 'here') here.post(1)
          if (step === 'elsewhere') there.post(1)
          if (step === 'here' || step === 'elsewhere') written += 1
          if (step === 'tick') await tick(time)
          if (step === 'settle') await settle()
          if (step === 'fail') journal.fail(true)
          if (step === 'mend') journal.fail(false)
          if (step === 'news arrives') news.arrive()
          if (step === 'news is lost') news.underWay.length = 0
          if (step === 'news comes again, backwards') {
            for (const arrive of [...news.underWay].reverse()) arrive()
          }
          if (step === 'news goes away') news.setLive(false)
          if (step === 'news comes back') news.setLive(true)
          if (typeof step === 'object') news.forge({ wallet: 1, version: step.forged })
          if (step === 'reconnect') {
            await follower.return()
            await settle()
            journal.fail(false)
            reconnects += 1
            follower = await feeds[reconnects % 2]!.follow({
              wallet: 1,
              after: seen.at(-1) ?? 0,
            })
            run(follower)
          }
        }
        journal.fail(false)
        // News of what is left never comes.
        for (let i = 0; i < 8; i += 1) await tick(time)
        for (let i = 0; i < 40; i += 1) await settle()
        expect(seen).toEqual(Array.from({ length: written }, (_, i) => i + 1))
        for (const feed of feeds) feed.close()
      }),
      { numRuns: 300 },
    )
  })
})
