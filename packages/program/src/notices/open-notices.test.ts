import { type Command, closeDraft, type NoticesOf, openDraft } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { dataOf, faultOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { openTestProgram } from '../../../../test/support/test-program.js'
import { openNotices } from './open-notices.js'

/** Every posting of the tests has one. */
const notices: NoticesOf = ({ type, key }) =>
  type === 'note' ? [{ topic: 'noted', body: { key } }] : []

function note(wallet: number, key: string): Command {
  return {
    wallet,
    key,
    content: {},
    decide: (view) => closeDraft(openDraft(view), { type: 'note', reason: 'test', result: null }),
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2))
}

describe.each(availableStores())('notices of a programme on %s', (store) => {
  it('are handled at once by the server that wrote them, in the order of the wallet', async () => {
    const seen: string[] = []
    const { program, ledger } = await openTestProgram(store, {
      notices,
      noticeHandlers: {
        noted: async ({ wallet, version, body }) => {
          await Promise.resolve()
          seen.push(`${wallet}-${version} ${body.key}`)
        },
      },
    })
    program.notices.start()
    await ledger.openWallets([1, 2])
    for (const n of [1, 2, 3]) await ledger.post(note(1, `a${n}`))
    await ledger.post(note(2, 'b1'))
    await until(() => seen.length >= 4)
    expect(seen.filter((it) => it.startsWith('1'))).toEqual(['1-1 a1', '1-2 a2', '1-3 a3'])
    expect(seen.filter((it) => it.startsWith('2'))).toEqual(['2-1 b1'])
    await program.notices.close()
    expect(await program.ledger.store.findDueNotices(['noted'], { now: 2e12, limit: 9 })).toEqual(
      [],
    )
  })

  it('of a server that died after the commit are handled by the job', async () => {
    const seen: number[] = []
    const { program, ledger } = await openTestProgram(store, {
      notices,
      noticeHandlers: { noted: async ({ version }) => void seen.push(version) },
    })
    await ledger.openWallets([1])
    for (const key of ['a', 'b']) await ledger.post(note(1, key))
    expect(seen).toEqual([])
    const runs = await program.jobs.runDue()
    expect(runs.find(({ name }) => name === 'notices')?.result).toBe('2 handled')
    expect(seen).toEqual([1, 2])
  })

  it('of a server that died while it handled them come again when its claim is over', async () => {
    const seen: number[] = []
    const { program, ledger, time } = await openTestProgram(store, {
      notices,
      noticeHandlers: { noted: async ({ version }) => void seen.push(version) },
    })
    await ledger.openWallets([1])
    await ledger.post(note(1, 'a'))
    const died = { topics: ['noted'], now: time.now, until: time.now + 60_000, limit: 9 }
    expect(await ledger.notices.claim({ ...died, claim: 'dead' })).toHaveLength(1)
    await ledger.post(note(1, 'b'))
    expect(await program.notices.handleDue()).toEqual({ handled: 0, failed: 0 })
    time.now += 60_000
    expect(await program.notices.handleDue()).toEqual({ handled: 2, failed: 0 })
    expect(seen).toEqual([1, 2])
  })

  it('a handler that fails is told of, tried again later, and holds up its own wallet only', async () => {
    const told: string[] = []
    const seen: string[] = []
    let broken = true
    const test = await openTestProgram(store, {
      notices,
      noticeHandlers: {
        noted: async ({ body }) => {
          if (broken && body.key === 'a1') throw new Error('not today')
          seen.push(String(body.key))
        },
      },
      onFailure: (what, fault) => told.push(`${what}: ${(fault as Error).message}`),
    })
    const { program, ledger, time } = test
    await ledger.openWallets([1, 2])
    for (const key of ['a1', 'a2']) await ledger.post(note(1, key))
    await ledger.post(note(2, 'b1'))
    const runs = await program.jobs.runDue()
    expect(runs.find(({ name }) => name === 'notices')?.result).toBe('1 handled, 1 failed')
    expect(seen).toEqual(['b1'])
    expect(told).toEqual(['notices: noted of 1-1: not today'])
    expect(await ledger.store.findFailedNotices(9)).toMatchObject([
      { wallet: 1, version: 1, attempts: 1, dueAt: time.now + 1_000, lastError: 'not today' },
    ])
    const shown = await dataOf(
      test,
      '{ failedNotices { topic transactionId memberId attempts error nextAttemptAt } }',
    )
    expect(shown.failedNotices).toEqual([
      {
        topic: 'noted',
        transactionId: '1-1',
        memberId: null,
        attempts: 1,
        error: 'not today',
        nextAttemptAt: new Date(time.now + 1_000).toISOString(),
      },
    ])
    expect(await faultOf(test, '{ failedNotices(first: 101) { topic } }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'first',
    })
    expect(await program.notices.handleDue()).toEqual({ handled: 0, failed: 0 })
    time.now += 1_000
    expect(await program.notices.handleDue()).toEqual({ handled: 0, failed: 1 })
    time.now += 1_999
    expect(await program.notices.handleDue()).toEqual({ handled: 0, failed: 0 })
    broken = false
    time.now += 1
    expect(await program.notices.handleDue()).toEqual({ handled: 2, failed: 0 })
    expect(seen).toEqual(['b1', 'a1', 'a2'])
    expect(await ledger.store.findFailedNotices(9)).toEqual([])
  })
})

it('a handler that never ends has failed after a time', async () => {
  const { ledger } = await openTestProgram('memory', { notices })
  const told: unknown[] = []
  const never = openNotices({
    ledger,
    handlers: { noted: () => new Promise(() => {}) },
    handleMs: 5,
    onFailure: (_what, fault) => told.push(fault),
  })
  await ledger.openWallets([1])
  await ledger.post(note(1, 'a'))
  expect(await never.handleDue()).toEqual({ handled: 0, failed: 1 })
  expect(told).toEqual([new Error('it was not done after 5 ms')])
  await never.close()
})

it('notices of a topic that nobody handles stay where they are', async () => {
  const { program, ledger, time } = await openTestProgram('memory', { notices })
  await ledger.openWallets([1])
  await ledger.post(note(1, 'a'))
  expect(await program.notices.handleDue()).toEqual({ handled: 0, failed: 0 })
  expect(await ledger.store.findDueNotices(['noted'], { now: time.now, limit: 9 })).toHaveLength(1)
})

const shared = availableStores().filter((store) => store !== 'memory')

describe.each(shared)('notices of two servers on %s', (store) => {
  it('are each handled once and in order, whoever handles them', async () => {
    const seen: [wallet: number, version: number][] = []
    const running = new Set<number>()
    const options = {
      notices,
      noticeHandlers: {
        noted: async ({ wallet, version }: { wallet: number; version: number }) => {
          expect(running.has(wallet)).toBe(false)
          running.add(wallet)
          await new Promise((resolve) => setTimeout(resolve, 1))
          running.delete(wallet)
          seen.push([wallet, version])
        },
      },
    }
    const told: unknown[] = []
    const onFailure = (_what: string, fault: unknown) => void told.push(fault)
    const first = await openTestProgram(store, { ...options, onFailure })
    const { url, time } = first
    const second = await openTestProgram(store, { ...options, onFailure, url, time })
    const servers = [first, second]
    for (const { program } of servers) program.notices.start()
    const wallets = [1, 2, 3, 4, 5]
    await first.ledger.openWallets(wallets)
    const rounds = 12
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        wallets.map((wallet) =>
          servers[(wallet + round) % 2]!.ledger.post(note(wallet, `${wallet}-${round}`)),
        ),
      )
    }
    const all = rounds * wallets.length
    while (seen.length < all) {
      await Promise.all(servers.map(({ program }) => program.notices.handleDue()))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    for (const { program } of servers) await program.notices.close()
    for (const wallet of wallets) {
      const versions = seen.filter(([of]) => of === wallet).map(([, version]) => version)
      expect(versions).toEqual(Array.from({ length: rounds }, (_, n) => n + 1))
    }
    expect(told).toEqual([])
  })
})
