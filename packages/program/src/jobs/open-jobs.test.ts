import { type Database, openDatabase } from '@pointwell/ledger'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { availableStores, freshUrl } from '../../../../test/support/databases.js'
import { CreateJobs1767225600300 } from './create-jobs-1767225600300.js'
import type { Job } from './job.js'
import { openJobs } from './open-jobs.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function openServers(store: Parameters<typeof freshUrl>[0], servers: number) {
  const url = await freshUrl(store)
  const databases: Database[] = []
  for (let n = 0; n < servers; n++) {
    const database = await openDatabase({ url, migrations: [CreateJobs1767225600300] })
    open.push(database)
    databases.push(database)
  }
  await databases[0]!.migrate()
  return databases
}

function countingJob(
  name: string,
  everyMs: number,
  work: () => Promise<string> | string = () => 'done',
) {
  const job = { name, title: { en: name, zh: name }, everyMs, ran: 0 }
  return Object.assign(job, {
    async run() {
      job.ran++
      return work()
    },
  }) satisfies Job
}

const words = (name: string) => ({ en: name, zh: name })

describe.each(availableStores().filter((store) => store !== 'memory'))('jobs on %s', (store) => {
  it('O2: one of many servers runs a due job, and only when it is due again', async () => {
    let now = 1_000_000
    const job = countingJob('tidy', 10_000)
    const servers = (await openServers(store, 4)).map((database, n) =>
      openJobs({ database, jobs: [job], clock: () => now, owner: `server-${n}` }),
    )
    const runs = (await Promise.all(servers.map((server) => server.runDue()))).flat()
    expect(runs).toEqual([{ name: 'tidy', result: 'done' }])
    now += 9_999
    await Promise.all(servers.map((server) => server.runDue()))
    expect(job.ran).toBe(1)
    now += 1
    await Promise.all(servers.map((server) => server.runDue()))
    expect(job.ran).toBe(2)
    expect(await servers[1]!.list()).toMatchObject([
      { name: 'tidy', runs: 2, failures: 0, lastResult: 'done', lastError: null, runningOn: null },
    ])
  })

  it('O2: a failure is kept, told, and tried again at the next time', async () => {
    let now = 5_000
    let broken = true
    const [database] = await openServers(store, 1)
    const told: unknown[] = []
    const job = countingJob('flaky', 1_000, () => {
      if (broken) throw new Error('the disk is full')
      return 'fine'
    })
    const jobs = openJobs({
      database: database!,
      jobs: [job],
      clock: () => now,
      owner: 'a',
      onFailure: (name, fault) => told.push([name, (fault as Error).message]),
    })
    expect(await jobs.runDue()).toEqual([{ name: 'flaky', error: 'the disk is full' }])
    expect(told).toEqual([['flaky', 'the disk is full']])
    expect(await jobs.list()).toMatchObject([
      { runs: 1, failures: 1, lastError: 'the disk is full', nextRunAt: 6_000 },
    ])
    broken = false
    now = 6_000
    expect(await jobs.runDue()).toEqual([{ name: 'flaky', result: 'fine' }])
    expect(await jobs.list()).toMatchObject([{ runs: 2, failures: 1, lastError: null }])
  })

  it('O2: the lease of a server that died runs out, and the job goes on elsewhere', async () => {
    let now = 0
    const [first, second] = await openServers(store, 2)
    let release = () => {}
    let began = () => {}
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    const stuck: Job = {
      name: 'long',
      title: words('long'),
      everyMs: 1_000,
      run: () =>
        new Promise((resolve) => {
          began()
          release = () => resolve('late')
        }),
    }
    const quick = countingJob('long', 1_000)
    const dead = openJobs({
      database: first!,
      jobs: [stuck],
      clock: () => now,
      owner: 'dead',
      leaseMs: 60_000,
    })
    const alive = openJobs({ database: second!, jobs: [quick], clock: () => now, owner: 'alive' })
    const running = dead.runDue()
    await beginning
    now = 59_999
    expect(await alive.runDue()).toEqual([])
    expect(await alive.list()).toMatchObject([{ runningOn: 'dead' }])
    now = 60_000
    expect(await alive.runDue()).toEqual([{ name: 'long', result: 'done' }])
    // The one thought dead comes back: its end must not undo what the other wrote.
    release()
    await running
    expect(await alive.list()).toMatchObject([{ runs: 1, lastResult: 'done', nextRunAt: 61_000 }])
  })

  it('O2: a job that takes long holds up no other, and is not begun again meanwhile', async () => {
    let now = 1_000
    const [database] = await openServers(store, 1)
    const slow = countingJob(
      'ask-a-slow-channel',
      0,
      () => new Promise((resolve) => onClose.push(() => resolve('late'))),
    )
    const onClose: (() => void)[] = []
    // By its name it comes after the slow one.
    const sweep = countingJob('sweep', 0)
    const jobs = openJobs({
      database: database!,
      jobs: [slow, sweep],
      clock: () => now,
      owner: 'a',
      lookEveryMs: 1,
    })
    jobs.start()
    await vi.waitFor(() => expect(sweep.ran).toBeGreaterThan(2), 10_000)
    // Its lease has run out, as when the database was away for a while: it still runs here.
    now += 60_000
    const before = sweep.ran
    await vi.waitFor(() => expect(sweep.ran).toBeGreaterThan(before + 2), 10_000)
    expect(slow.ran).toBe(1)
    for (const release of onClose) release()
    await jobs.close()
  })

  it('O6: closing asks a running job to stop and waits for it', async () => {
    const [database] = await openServers(store, 1)
    let stopped = false
    let began = () => {}
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    const jobs = openJobs({
      database: database!,
      clock: () => 1,
      owner: 'a',
      jobs: [
        {
          name: 'patient',
          title: words('patient'),
          everyMs: 1,
          run: ({ signal }) =>
            new Promise((resolve) => {
              began()
              signal.addEventListener('abort', () => {
                stopped = true
                resolve('stopped')
              })
            }),
        },
      ],
    })
    jobs.start()
    await beginning
    await jobs.close()
    expect(stopped).toBe(true)
    expect(await jobs.list()).toMatchObject([{ lastResult: 'stopped', runningOn: null }])
  })
})
