import { setTimeout as wait } from 'node:timers/promises'
import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pick } from '../support/chance.js'
import { availableStores, freshUrl } from '../support/databases.js'
import { grantMove, openMembers, startServer, times } from '../support/ledger-servers.js'
import { moveCommand } from '../support/move-command.js'
import { startOfUtcDay } from '../support/utc-day.js'

const LOOKS = 8
const CLIENTS = 24

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'L8: verify on a live system, on %s',
  (store) => {
    it('finds nothing wrong while two servers post, seal and fold', async () => {
      const url = await freshUrl(store)
      const clock = () => Date.now()
      const servers = [await startServer(url, clock), await startServer(url, clock)]
      onTestFinished(async () => {
        for (const server of servers) await server.close()
      })
      const wallets = await openMembers(servers[0]!, 40, 1_000)

      let isOver = false
      let posted = 0
      const client = async (place: number) => {
        for (let turn = 0; !isOver; turn += 1) {
          const ref = `live/${place}/${turn}`
          const moves = [
            grantMove(7),
            { move: 'hold' as const, ref, points: 5 },
            { move: 'capture' as const, ref, account: 'redeemed:test' },
          ]
          const command = moveCommand({ wallet: pick(wallets), key: ref, moves })
          const answer = await servers[(place + turn) % 2]!.ledger.post(command)
          expect(isRefusal(answer)).toBe(false)
          posted += 1
        }
      }
      const keeper = async () => {
        while (!isOver) {
          await servers[0]!.ledger.seal()
          await servers[1]!.ledger.store.foldFigures(Date.now(), startOfUtcDay)
          await wait(10)
        }
      }
      const busy = [...times(CLIENTS, client), keeper()]

      const seen: number[] = []
      for (let look = 0; look < LOOKS; look += 1) {
        const before = posted
        const verified = await verifyLedger(servers[look % 2]!.ledger.store, { walletsAtOnce: 4 })
        if (!verified.ok) expect.fail(JSON.stringify(verified.first))
        seen.push(verified.transactions)
        // What went in before it looked is in what it looked at.
        expect(verified.transactions).toBeGreaterThanOrEqual(before + wallets.length)
        while (posted === before) await wait(5)
      }
      isOver = true
      await Promise.all(busy)
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
      expect(new Set(seen).size).toBeGreaterThan(1)
      const last = await verifyLedger(servers[0]!.ledger.store)
      expect(last).toMatchObject({ ok: true, transactions: posted + wallets.length })
      expect(last.ok && last.seals).toBeGreaterThan(0)
    })
  },
)
