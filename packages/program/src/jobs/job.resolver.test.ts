import { describe, expect, it } from 'vitest'
import { dataOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { HOUR_MS, MONDAY_NOON, openTestProgram } from '../../../../test/support/test-program.js'

const JOBS = `{ jobs {
  name title everyMs schedule { cron zone } nextRunAt recentFailures { at server error }
} }`
const RUN = `mutation ($name: ID!) { runJob(name: $name) {
  ... on Job { name nextRunAt runs } ... on Refusal { code field }
} }`
const sharedStores = availableStores().filter((store) => store !== 'memory')

describe.each(sharedStores)('jobs over GraphQL on %s', (store) => {
  it('O2: shows when jobs run, in the programme’s zone, and what an operator moved', async () => {
    const test = await openTestProgram(store)
    const jobOf = async (name: string) =>
      (await dataOf(test, JOBS)).jobs.find((job: { name: string }) => job.name === name)
    await test.program.jobs.runDue()
    expect(await jobOf('sweep')).toMatchObject({ everyMs: 1_000, schedule: null })
    expect(await jobOf('forget-quotes')).toEqual({
      name: 'forget-quotes',
      title: 'Forget quotes that ran out long ago',
      everyMs: null,
      schedule: { cron: '30 3 * * *', zone: 'Asia/Shanghai' },
      nextRunAt: '2026-01-05T19:30:00.000Z',
      recentFailures: [],
    })
    const document = { jobs: { dailyAt: '23:05', schedules: { seal: '15 */6 * * *' } } }
    expect(await test.program.policies.update({ document, by: 'rosa' })).toHaveProperty('updated')
    await test.program.jobs.runDue()
    expect(await jobOf('forget-quotes')).toMatchObject({
      schedule: { cron: '5 23 * * *' },
      nextRunAt: '2026-01-05T15:05:00.000Z',
    })
    expect(await jobOf('seal')).toMatchObject({ nextRunAt: '2026-01-05T04:15:00.000Z' })
  })

  it('O2: runs a job now, and names one that there is not', async () => {
    const test = await openTestProgram(store)
    await test.program.jobs.runDue()
    test.time.now += 60_000
    const now = new Date(MONDAY_NOON + 60_000).toISOString()
    const variables = { name: 'forget-quotes' }
    expect((await dataOf(test, RUN, { variables })).runJob).toEqual({
      name: 'forget-quotes',
      nextRunAt: now,
      runs: 1,
    })
    const runs = await test.program.jobs.runDue()
    expect(runs).toContainEqual({ name: 'forget-quotes', result: '0 quotes' })
    expect(await test.program.audit.page({ filter: {}, before: null, limit: 9 })).toMatchObject([
      { act: 'runJob', target: { kind: 'job', id: 'forget-quotes' }, by: 'rosa' },
    ])
    expect((await dataOf(test, RUN, { variables: { name: 'tea' } })).runJob).toEqual({
      code: 'JOB_NOT_FOUND',
      field: 'name',
    })
  })

  it('O2: shows what failed lately, of all jobs at once', async () => {
    const test = await openTestProgram(store, {
      server: 'one',
      jobs: [
        {
          name: 'unlucky',
          title: { en: 'Unlucky', zh: '失败' },
          everyMs: HOUR_MS,
          run: async () => {
            throw new Error('it rains')
          },
        },
      ],
    })
    await test.program.jobs.runDue()
    const { jobs } = await dataOf(test, JOBS)
    expect(jobs.find(({ name }: { name: string }) => name === 'unlucky').recentFailures).toEqual([
      { at: new Date(MONDAY_NOON).toISOString(), server: 'one', error: 'it rains' },
    ])
  })

  it.each([
    ['jobs.dailyAt', { dailyAt: '24:00' }],
    ['jobs.schedules.seal', { schedules: { seal: '0 0 31 2 *' } }],
    ['jobs.schedules.sweep', { schedules: { sweep: '0 0 * * *' } }],
  ])('refuses a policy whose %s is not a time of such a job', async (path, jobs) => {
    const test = await openTestProgram(store)
    const answer = await test.program.policies.update({ document: { jobs }, by: 'rosa' })
    expect(answer).toMatchObject({ faults: [{ path }] })
  })
})
