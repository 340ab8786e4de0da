import { describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { liveYear } from './live-year.js'

/*
 * In `npm test` a few members live through some weeks; `node scripts/run.mjs year` has 500 of them live
 * through a year. See README.md.
 */
const setting = (name: string) => process.env[`POINTWELL_YEAR_${name}`]
const whole = (name: string, usual: number) => Number(setting(name) ?? usual)
const isAsked = (store: string) => (setting('STORE') ?? store).split(',').includes(store)

describe.each(availableStores().filter(isAsked))('a year, on %s', (store) => {
  it(
    'M2 M3 E1 E8 E9 E11 L2 L5 X4 X5 X6 X7 X8: is what the specification says, day by day',
    async () => {
      const members = whole('MEMBERS', 16)
      const days = whole('DAYS', 45)
      const seeds = (setting('SEEDS') ?? '1').split(',').map(Number)
      for (const seed of seeds) {
        const print = setting('PRINT')
          ? (line: string) => console.log(`${store}, seed ${seed}: ${line}`)
          : undefined
        const done = await liveYear({ store, seed, members, days, ...(print && { print }) })
        print?.(
          `${done.acts} acts (${done.refused} refused), ${done.transactions} transactions: verified`,
        )
        print?.(JSON.stringify(Object.fromEntries([...done.totals].sort())))
        expect(done.transactions).toBeGreaterThan(days)
      }
    },
    6 * 3_600_000,
  )
})
