import { describe, expect, it } from 'vitest'
import { hasMysql } from '../../support/databases.js'
import { describeFinding } from '../audit/finding.js'
import type { ChaosStore } from '../stage/open-stage.js'
import { runSteps } from './run-steps.js'
import { STEPS, type Step } from './steps.js'

async function killAt(
  store: ChaosStore,
  steps: readonly Step[],
  { servers = 1 }: { servers?: number } = {},
) {
  const { findings, hit, folder, close } = await runSteps({ store, steps, servers })
  await close({ keep: findings.length > 0 })
  const again = `npm run chaos -- --steps --store ${store} --servers ${servers}; logs: ${folder}`
  expect(findings.map(describeFinding), again).toEqual([])
  expect([...hit].sort()).toEqual(steps.map(({ name }) => name).sort())
}

const BASES = [...new Set(STEPS.map(({ name }) => baseOf(name)))]

/** Of what is just before and just after a commit, one; `npm run chaos -- --steps` has both of each. */
const ONE_OF_EACH = STEPS.filter(({ name, point }) => {
  const at = BASES.indexOf(baseOf(name)) % 2 === 0 ? 'before' : 'after'
  return point === null || point.at === at
})

function baseOf(name: string): string {
  return name.replace(/, (before|after)$/, '')
}

/** One of each kind of saga: on SQLite, where there is one transaction at a time, each is a start of the server; and
 * with two servers the second ends what the first was killed over. */
const OF_EACH_KIND = [
  'coupon: capture, after',
  'goods: taken back, before',
  'code: given, after',
  'partner: given, before',
  'pool: taken back, after',
  'draw: drawn, before',
  'stake: share awarded, before',
  'cash: given after it was paid, after',
  'checkout: return, after',
  'survey: answered, before',
  'playbook: marked as given, before',
]
const SOME = STEPS.filter(({ name }) => OF_EACH_KIND.includes(name))
/** What comes to pass by itself, on SQLite too. */
const WAITING = STEPS.filter(({ name, waits }) => waits && name.endsWith('after'))

describe.concurrent('R6 R8 R10 R11 R12 R13 R14 R4 R5: killed at a step, by name', () => {
  it.runIf(hasMysql())('on MariaDB', () => killAt('mysql', ONE_OF_EACH), 600_000)
  it.runIf(hasMysql())('on MariaDB, and another server goes on with it', () =>
    killAt('mysql', SOME, { servers: 2 }),
  )
  it('on SQLite', () => killAt('sqlite', [...SOME, ...WAITING]), 600_000)
})

describe('the list of steps', () => {
  it('has no name twice, and each step of the saga for each channel', () => {
    const names = STEPS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(SOME).toHaveLength(OF_EACH_KIND.length)
    const kindsOf = (some: readonly string[]) => [...new Set(some.map((it) => it.split(':')[0]))]
    // Those two are drawn as a draw is.
    const own = kindsOf(names).filter((kind) => kind !== 'guess' && kind !== 'revive')
    expect(kindsOf(OF_EACH_KIND).sort()).toEqual(own.sort())
    for (const channel of ['coupon', 'goods', 'partner', 'draw', 'cash', 'checkout']) {
      expect(names).toContain(`${channel}: hold, before`)
      expect(names.some((name) => name.startsWith(`${channel}: capture`))).toBe(true)
    }
  })
})
