import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { manualTimers } from '../../../../test/support/manual-timers.js'
import { openTestJournal } from '../../../../test/support/test-journal.js'
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

  it('shares one read between followers at the same place', async () => {
    const both = [
      collect(await feed.follow({ wallet: 1, after: null })),
      collect(await feed.follow({ wallet: 1, after: null })),
    ]
    journal.elsewhere(1)
    await tick(time)
    expect(both.map(({ versions }) => versions)).toEqual([[1], [1]])
    expect(journal.reads).toHaveLength(1)
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
    await tick(time)
    await tick(time)
    expect(versions).toEqual([])
    expect(faults.length).toBeGreaterThan(0)
    journal.fail(false)
    await tick(time)
    expect(versions).toEqual([1])
  })

  it('goes on after a read that failed while the versions could be had', async () => {
    const { versions } = collect(await feed.follow({ wallet: 1, after: null }))
    journal.elsewhere(1, 1, 1, 1)
    const { store } = here.ledger
    const read = store.findTransactions
    store.findTransactions = async () => {
      throw new Error('gone away')
    }
    await tick(time)
    expect(versions).toEqual([])
    store.findTransactions = read
    await tick(time)
    expect(versions).toEqual([1, 2, 3, 4])
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

  it('A5: gives each change once and in order, whatever happens in whatever order', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('here' as const) },
      { weight: 3, arbitrary: fc.constant('elsewhere' as const) },
      { weight: 2, arbitrary: fc.constant('tick' as const) },
      { weight: 2, arbitrary: fc.constant('settle' as const) },
      { weight: 2, arbitrary: fc.constant('reconnect' as const) },
      { weight: 1, arbitrary: fc.constant('fail' as const) },
      { weight: 2, arbitrary: fc.constant('mend' as const) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const journal = openTestJournal()
        const here = journal.openServer()
        const there = journal.openServer()
        const time = manualTimers()
        const feeds = [here, there].map(({ ledger }) =>
          openWalletFeed({ ledger, timers: time.timers, pageSize: 2 }),
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
        await tick(time)
        await tick(time)
        for (let i = 0; i < 40; i += 1) await settle()
        expect(seen).toEqual(Array.from({ length: written }, (_, i) => i + 1))
        for (const feed of feeds) feed.close()
      }),
      { numRuns: 300 },
    )
  })
})
