import { type ReferralEvent, referral } from '@pointwell/earn-referral'
import { isRefusal, type Ledger, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { runs } from '../support/runs.js'
import { balanceOf, openTestProgram, type TestProgram } from '../support/test-program.js'
import { shop } from '../support/test-program-plugins.js'

const POINTS = 300
const WELCOME = 50
const ORDER = 10
/** When each of a ring accepts the code of the next one, and buys something. */
const member = fc.record({ accepts: fc.nat(2), buys: fc.nat(3), server: fc.nat(1) })

/** Two servers on one store; what is posted while a gate is shut waits until so many wait. */
async function openServers(store: 'sqlite' | 'mysql') {
  const settings = { friendPoints: WELCOME, newForDays: null, limits: [] }
  const plugins = [shop, referral]
  const first = await openTestProgram(store, {
    plugins,
    firstPolicy: { sources: { referral: { settings } } },
  })
  const second = await openTestProgram(store, { plugins, url: first.url, time: first.time })
  const servers = [first, second] as const
  let wanted = 0
  let waiting: (() => void)[] = []
  for (const { ledger } of servers) {
    const post: Ledger['post'] = ledger.post
    ledger.post = async (command) => {
      if (wanted > 0) {
        await new Promise<void>((go) => {
          waiting.push(go)
          if (waiting.length < wanted) return
          wanted = 0
          for (const it of waiting) it()
          waiting = []
        })
      }
      return post(command)
    }
  }
  const together = (count: number) => {
    wanted = count
  }
  return { servers, together }
}

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'E4: rings of referrals on two servers, on %s',
  (store) => {
    it('whoever closes one at whatever moment, no ring gives points all around', async () => {
      const { servers, together } = await openServers(store as 'sqlite')
      const [{ program, time, ledger }] = servers
      let rings = 0
      let given = 0
      let run = 0
      const property = fc.asyncProperty(
        fc.array(member, { minLength: 2, maxLength: 4 }),
        async (ring) => {
          run += 1
          const ids = ring.map((_, n) => `r${run}-${n}`)
          await program.members.registerMany(ids.map((id) => ({ id })))
          const accepted = new Set<string>()
          for (const phase of [0, 1, 2, 3]) {
            time.now += 1_000
            const now = [...ring.entries()].filter(([, it]) => it.accepts === phase)
            together(now.length)
            await Promise.all(
              now.map(async ([n, { server }]) => {
                const answer = await accept(servers[server]!, ids[n]!, ids[(n + 1) % ids.length]!)
                if (!isRefusal(answer)) accepted.add(ids[n]!)
              }),
            )
            together(0)
            const buyers = [...ring.entries()].filter(([, { buys }]) => buys === phase)
            await Promise.all(buyers.map(([n, it]) => buy(servers[it.server]!, ids[n]!)))
            for (let again = true; again; ) {
              const handled = await Promise.all(
                servers.map((server) => server.program.notices.handleDue()),
              )
              for (const { failed } of handled) expect(failed).toBe(0)
              again = handled.some((it) => it.handled > 0)
            }
          }
          if (accepted.size === ring.length) rings += 1
          let stand = 0
          for (const id of ids) {
            const { balance } = await balanceOf(servers[0], id)
            stand += Math.floor((balance.available - ORDER) / POINTS)
          }
          expect(stand).toBeLessThan(ring.length)
          given += stand
        },
      )
      // One that is sure to close at once.
      const atOnce = [0, 1, 0].map((server, n) => ({ accepts: 1, buys: 1 + n, server: server }))
      await fc.assert(property, { numRuns: runs(15), examples: [[atOnce], [atOnce.slice(1)]] })
      expect(rings).toBeGreaterThan(1)
      expect(given).toBeGreaterThan(0)
      expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true })
    })
  },
)

/** As the resolver does it: with the line as it is now. */
async function accept({ program, time }: TestProgram, memberId: string, referrer: string) {
  const line = [referrer]
  for (let above: string | undefined = referrer; line.length < 20; ) {
    const memory = (await program.remembered({ source: 'referral', memberId: above! })) as {
      accepted: { referrer: string } | null
    }
    above = memory.accepted?.referrer
    if (above === undefined) break
    line.push(above)
  }
  const event: ReferralEvent = { act: 'accept', line, device: null, payment: null, at: time.now }
  return program.earn({ source: 'referral', memberId, event })
}

async function buy({ program, time }: TestProgram, memberId: string) {
  const event = {
    orderId: `of-${memberId}`,
    at: time.now,
    lines: [{ id: '1', quantity: 1, priceMinor: ORDER * 100 }],
    confirmed: true,
  }
  expect(isRefusal(await program.earn({ source: 'purchase', memberId, event }))).toBe(false)
}
