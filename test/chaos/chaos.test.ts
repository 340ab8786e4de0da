import { describe, expect, it } from 'vitest'
import { SEED } from '../support/chance.js'
import { hasMysql } from '../support/databases.js'
import { hasRedis } from '../support/redis.js'
import { describeFinding } from './audit/finding.js'
import { type ChaosOptions, runChaos } from './run-chaos.js'

/** A short run of `npm run chaos`. */
async function survive(
  options: Pick<
    ChaosOptions,
    'store' | 'servers' | 'serverKills' | 'databaseKills' | 'partnerOutages' | 'clockJumps'
  >,
  { redisKills = 0 } = {},
) {
  const { partnerOutages = 0, clockJumps = 0 } = options
  const report = await runChaos({
    ...options,
    seed: SEED,
    clients: 4,
    leastWrites: 100,
    redis: redisKills > 0,
    redisKills,
  })
  const { findings, counts } = report
  await report.close({ keep: findings.length > 0 })
  const again = `npm run chaos -- --seed ${SEED} --store ${options.store} --servers ${options.servers} --clients 4 --server-kills ${options.serverKills} --db-kills ${options.databaseKills}${redisKills > 0 ? ` --redis --redis-kills ${redisKills}` : ''} --outages ${partnerOutages} --clock-jumps ${clockJumps}; logs: ${report.folder}`
  expect(findings.map(describeFinding), again).toEqual([])
  expect(counts.acknowledged, again).toBeGreaterThan(50)
  expect(counts.changesSeen, again).toBeGreaterThan(20)
}

// Side by side: most of it is waiting for servers to start.
describe.concurrent('E8 A5: killed again and again, nothing is lost and nothing doubled', () => {
  it('on SQLite, the clock jumping and the partner away', () =>
    survive({
      store: 'sqlite',
      servers: 1,
      serverKills: 2,
      databaseKills: 0,
      partnerOutages: 1,
      clockJumps: 2,
    }))

  it.runIf(hasMysql())('on MariaDB, which is killed too', () =>
    survive({
      store: 'mysql',
      servers: 1,
      serverKills: 1,
      databaseKills: 1,
      partnerOutages: 1,
    }),
  )

  it.runIf(hasMysql())(
    'on two servers with clocks that differ, of which one stands, and what carries their news is killed',
    () =>
      survive(
        { store: 'mysql', servers: 2, serverKills: 2, databaseKills: 1, clockJumps: 2 },
        { redisKills: hasRedis({ ofOurOwn: true }) ? 1 : 0 },
      ),
  )
})
