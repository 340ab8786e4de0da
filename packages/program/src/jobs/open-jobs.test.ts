import { type Database, openDatabase } from '@pointwell/ledger'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { availableStores, freshUrl } from '../../../../test/support/databases.js'
import { CreateJobSchedules1767225601302 } from './create-job-schedules-1767225601302.js'
import { CreateJobs1767225600300 } from './create-jobs-1767225600300.js'
import type { Job } from './job.js'
import { openJobs } from './open-jobs.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const MIGRATIONS = [CreateJobs1767225600300, CreateJobSchedules1767225601302]

async function openServers(store: Parameters<typeof freshUrl>[0], servers: number) {
  const url = await freshUrl(store)
  const databases: Database[] = []
  for (let n = 0; n < servers; n++) {
    const database = await openDatabase({ url, migrations: MIGRATIONS })
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

function clockedJob(cron: () => string, work: () => string = () => 'done') {
  const job = { name: 'daily', title: words('daily'), cron, ran: 0 }
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
    await vi.waitFor(() => expect(sweep.ran).toBeGreaterThan(2), 60_000)
    // Its lease has run out, as when the database was away for a while: it still runs here.
    now += 60_000
    const before = sweep.ran
    await vi.waitFor(() => expect(sweep.ran).toBeGreaterThan(before + 2), 60_000)
    expect(slow.ran).toBe(1)
    for (const release of onClose) release()
    await jobs.close()
  })

  it.each([
    ['forward', '2026-03-28T12:00Z', ['2026-03-29T01:00', '2026-03-30T00:30', '2026-03-31T00:30']],
    ['back', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30', '2026-10-27T01:30']],
  ])(
    'O2: a daily job at 01:30 in London runs once a day when clocks go %s, on two servers',
    async (_, start, expected) => {
      let now = Date.parse(start)
      const ranAt: string[] = []
      const job = clockedJob(
        () => '30 1 * * *',
        () => {
          ranAt.push(new Date(now).toISOString().slice(0, 16))
          return 'done'
        },
      )
      const servers = (await openServers(store, 2)).map((database, n) =>
        openJobs({
          database,
          jobs: [job],
          clock: () => now,
          zone: () => 'Europe/London',
          owner: `server-${n}`,
        }),
      )
      // A job that nobody has run yet is due at once.
      await Promise.all(servers.map((server) => server.runDue()))
      ranAt.length = 0
      for (const end = now + 66 * 3_600_000; now < end; now += 15 * 60_000) {
        await Promise.all(servers.map((server) => server.runDue()))
      }
      expect(ranAt).toEqual(expected)
    },
  )

  it('O2: a time that is moved counts from then on; one that was missed is caught up with, once', async () => {
    const at = (time: string) => Date.parse(`2026-01-${time}Z`)
    let now = at('05T12:00')
    let cron = '0 6 * * *'
    const job = clockedJob(() => cron)
    const [first, second] = await openServers(store, 2)
    const open = (database: Database, owner: string) =>
      openJobs({ database, jobs: [job], clock: () => now, owner })
    const jobs = open(first!, 'a')
    await jobs.runDue()
    expect(await jobs.list()).toMatchObject([
      {
        nextRunAt: at('06T06:00'),
        everyMs: null,
        schedule: { cron: '0 6 * * *', zone: 'UTC' },
      },
    ])
    cron = '30 4 * * *'
    await Promise.all([jobs.runDue(), open(second!, 'b').runDue()])
    expect(job.ran).toBe(1)
    expect(await jobs.list()).toMatchObject([{ nextRunAt: at('06T04:30') }])
    // Nobody was there for three days.
    now = at('09T12:00')
    await jobs.runDue()
    await jobs.runDue()
    expect(job.ran).toBe(2)
    expect(await jobs.list()).toMatchObject([{ nextRunAt: at('10T04:30') }])
  })

  it('O2: by the clock, what failed is tried again soon, and the last failures are kept', async () => {
    let now = Date.parse('2026-01-05T12:00Z')
    let broken = true
    const job = clockedJob(
      () => '0 6 * * *',
      () => {
        if (broken) throw new Error(`no luck at ${now}`)
        return 'fine'
      },
    )
    const [database] = await openServers(store, 1)
    const jobs = openJobs({ database: database!, jobs: [job], clock: () => now, owner: 'a' })
    const began = now
    for (let n = 0; n < 25; n++) {
      expect(await jobs.runDue()).toMatchObject([{ name: 'daily' }])
      now += 300_000
    }
    expect((await jobs.failuresOf('daily')).map(({ at }) => at)).toEqual(
      Array.from({ length: 20 }, (_, n) => began + (24 - n) * 300_000),
    )
    expect((await jobs.failuresOf('daily'))[0]).toEqual({
      job: 'daily',
      at: now - 300_000,
      server: 'a',
      error: `no luck at ${now - 300_000}`,
    })
    broken = false
    expect(await jobs.runDue()).toEqual([{ name: 'daily', result: 'fine' }])
    expect(await jobs.list()).toMatchObject([
      { failures: 25, lastError: null, nextRunAt: Date.parse('2026-01-06T06:00Z') },
    ])
    expect(await jobs.failuresOf('other')).toEqual([])
  })

  it('O2: an operator has a job run now, once, however many ask', async () => {
    let now = 1_000_000
    const job = countingJob('tidy', 3_600_000)
    const servers = (await openServers(store, 2)).map((database, n) =>
      openJobs({ database, jobs: [job], clock: () => now, owner: `server-${n}` }),
    )
    await servers[0]!.runDue()
    now += 1_000
    const asked = await Promise.all(servers.map((server) => server.runSoon('tidy')))
    expect(asked).toMatchObject([{ nextRunAt: now }, { nextRunAt: now }])
    await Promise.all(servers.map((server) => server.runDue()))
    expect(job.ran).toBe(2)
    expect(await servers[0]!.list()).toMatchObject([{ nextRunAt: now + 3_600_000 }])
    expect(await servers[0]!.runSoon('nothing')).toMatchObject({ code: 'JOB_NOT_FOUND' })
  })

  it('O2: what runs every few seconds, and died with its server, goes on elsewhere within fifteen', async () => {
    let now = 0
    const [first, second] = await openServers(store, 2)
    let began = () => {}
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    let release = () => {}
    const stuck: Job = {
      name: 'short',
      title: words('short'),
      everyMs: 1_000,
      run: () =>
        new Promise((resolve) => {
          began()
          release = () => resolve('late')
        }),
    }
    const dead = openJobs({ database: first!, jobs: [stuck], clock: () => now, owner: 'dead' })
    const job = countingJob('short', 1_000)
    const alive = openJobs({ database: second!, jobs: [job], clock: () => now, owner: 'alive' })
    const running = dead.runDue()
    await beginning
    now = 14_999
    expect(await alive.runDue()).toEqual([])
    now = 15_000
    expect(await alive.runDue()).toEqual([{ name: 'short', result: 'done' }])
    release()
    await running
    expect(await alive.list()).toMatchObject([{ runs: 1 }])
  })

  it('O2: what is due together costs two writes, however many jobs it is', async () => {
    let now = 1_000
    const [database] = await openServers(store, 1)
    let writes = 0
    const counted: Database = Object.create(database!, {
      write: {
        value: (...all: Parameters<Database['write']>) => {
          writes++
          return database!.write(...all)
        },
      },
    })
    const work = ['a', 'b', 'c', 'd', 'e'].map((name) => countingJob(name, 1_000))
    const jobs = openJobs({ database: counted, jobs: work, clock: () => now, owner: 'a' })
    await jobs.runDue()
    writes = 0
    now += 1_000
    await jobs.runDue()
    expect(work.map(({ ran }) => ran)).toEqual([2, 2, 2, 2, 2])
    expect(writes).toBe(2)
    writes = 0
    await jobs.runDue()
    expect(writes).toBe(0)
  })

  it('O2: the end of one job that cannot be written keeps no other from its next run', async () => {
    let now = 1_000
    const told: string[] = []
    const [database] = await openServers(store, 1)
    // A result that no text of a database can hold: a value of a kind that cannot be bound.
    const bad = countingJob('bad', 1_000, () => Symbol('no text') as never)
    const good = countingJob('good', 1_000)
    const jobs = openJobs({
      database: database!,
      jobs: [bad, good],
      clock: () => now,
      owner: 'a',
      lookEveryMs: 1,
      onFailure: (what) => told.push(what),
    })
    jobs.start()
    await expect.poll(() => told).toContain('jobs')
    await expect.poll(() => jobs.list()).toMatchObject([{ name: 'bad' }, { name: 'good', runs: 1 }])
    now += 1_000
    await expect.poll(() => good.ran).toBe(2)
    expect(bad.ran).toBe(1)
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
