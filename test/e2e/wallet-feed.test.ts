import { setTimeout as wait } from 'node:timers/promises'
import { openWalletFeed, systemTimers } from '@pointwell/gateway'
import { isRefusal, openLedger } from '@pointwell/ledger'
import { describe, expect, it, onTestFinished } from 'vitest'
import { availableStores, type StoreName } from '../support/databases.js'
import { openFreshStore } from '../support/ledger-stores.js'
import { onePoint } from '../support/one-point.js'

const WALLETS = [1, 2, 3, 4, 5]
const EACH = 60

/** Two servers on one database, as far as the feed goes: connections, ledger and feed of their own. */
async function openServers(name: StoreName) {
  const { stores, close } = await openFreshStore(name)
  const servers = stores.map((store) => {
    const ledger = openLedger({ store })
    const feed = openWalletFeed({ ledger, timers: systemTimers, pollMs: 20, pageSize: 7 })
    return { ledger, feed }
  })
  onTestFinished(async () => {
    for (const { feed } of servers) feed.close()
    for (const { ledger } of servers) await ledger.close()
    await close()
  })
  return servers as [(typeof servers)[0], (typeof servers)[0]]
}

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A5: two servers, one %s database',
  (store) => {
    it('every follower gets every change once and in order, wherever it was written', async () => {
      const servers = await openServers(store)
      await servers[0].ledger.openWallets(WALLETS)

      let isOver = false
      /** Follows a wallet and comes back again and again with its cursor, now here, now there. */
      const follow = async (wallet: number, first: number) => {
        const seen: number[] = []
        for (let turn = first; !isOver || seen.length < EACH; turn += 1) {
          const follower = await servers[turn % 2]!.feed.follow({
            wallet,
            after: seen.at(-1) ?? 0,
          })
          const most = 5 + ((wallet * 7 + turn * 13) % 20)
          for (let i = 0; i < most && seen.length < EACH; i += 1) {
            const { value, done } = await follower.next()
            if (done) break
            seen.push(value.version)
          }
          await follower.return()
          if (seen.length >= EACH) break
        }
        return seen
      }
      const following = WALLETS.flatMap((wallet) => [follow(wallet, 0), follow(wallet, 1)])

      const write = async (wallet: number) => {
        for (let i = 0; i < EACH; i += 1) {
          const { ledger } = servers[(i + wallet) % 2]!
          const posted = await ledger.post(onePoint(wallet, `${wallet}:${i}`))
          expect(isRefusal(posted)).toBe(false)
          if (i % 10 === wallet) await wait(5)
        }
      }
      await Promise.all(WALLETS.map(write))
      isOver = true

      const expected = Array.from({ length: EACH }, (_, i) => i + 1)
      for (const seen of await Promise.all(following)) expect(seen).toEqual(expected)
      for (const { feed } of servers) expect(feed.followers()).toBe(0)
    })

    it('L11: what one server writes is on the other within a second', async () => {
      const [here, there] = await openServers(store)
      await here.ledger.openWallets([1])
      const follower = await there.feed.follow({ wallet: 1, after: null })
      const tookMs: number[] = []
      for (const version of [1, 2, 3, 4, 5]) {
        const startedAt = performance.now()
        const next = follower.next()
        await here.ledger.post(onePoint(1, `a-${version}`))
        expect((await next).value.version).toBe(version)
        tookMs.push(performance.now() - startedAt)
      }
      // The one in the middle: a busy machine may hold one up.
      expect(tookMs.sort((a, b) => a - b)[2]).toBeLessThan(1_000)
    })
  },
)
