import type { PluginFault, PluginJob } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { openTestProgram, shelf } from '../../../../test/support/test-program.js'
import { shop } from '../../../../test/support/test-program-plugins.js'

const title = { en: 'Dust', zh: '除尘' }

describe.each(availableStores().filter((it) => it !== 'memory'))(
  'O2: what a plugin does by itself, on %s',
  (store) => {
    it('is done on one of several servers, and seen among the jobs', async () => {
      const done: [number, number][] = []
      let fails = false
      const jobOf = (server: number): PluginJob => ({
        name: 'dusting',
        title,
        everyMs: 60_000,
        async run({ now, program, store: tables, report }) {
          if (fails) throw new Error('no duster')
          done.push([server, now])
          report('the top shelf', new Error('too high'))
          expect(tables).toBe(program.store('shelf'))
          return `${await program.findRedemption('none')} left`
        },
      })
      const faults: PluginFault[] = []
      const failures: [string, unknown][] = []
      const open = (server: number, other: Partial<Parameters<typeof openTestProgram>[1]> = {}) =>
        openTestProgram(store, {
          plugins: [shop, { ...shelf, jobs: [jobOf(server)] }],
          server: `server-${server}`,
          onPluginFault: (fault) => void faults.push(fault),
          onFailure: (what, fault) => void failures.push([what, fault]),
          ...other,
        })
      const first = await open(1)
      const { url, time } = first
      const second = await open(2, { url, time })
      const runAll = () => Promise.all([first.program.jobs.runDue(), second.program.jobs.runDue()])
      const look = async () =>
        (await first.program.jobs.list()).find(({ name }) => name === 'shelf:dusting')

      for (let n = 0; n < 3; n += 1) {
        await runAll()
        await runAll()
        expect(done).toHaveLength(n + 1)
        expect(done.at(-1)?.[1]).toBe(time.now)
        time.now += 60_000
      }
      expect(await look()).toMatchObject({
        title,
        everyMs: 60_000,
        runs: 3,
        lastResult: 'null left',
      })
      expect(failures).toContainEqual(['shelf:dusting: the top shelf', new Error('too high')])

      fails = true
      await runAll()
      expect(await look()).toMatchObject({
        failures: 1,
        lastError: expect.stringMatching(/no duster/),
      })
      expect(faults).toMatchObject([{ plugin: 'shelf', operation: 'job dusting', reason: 'threw' }])
    })
  },
)
