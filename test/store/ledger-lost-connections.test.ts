import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chance, pick } from '../support/chance.js'
import { freshMysqlUrl, hasMysql } from '../support/databases.js'
import {
  grantMove,
  killConnections,
  openMembers,
  postUntilAnswered,
  type Server,
  startServer,
  times,
} from '../support/ledger-servers.js'
import { moveCommand } from '../support/move-command.js'

const CLIENTS = Number(process.env.POINTWELL_CLIENTS ?? 400) * 3

describe.runIf(hasMysql())('three servers whose connections are killed under way', () => {
  let servers: readonly Server[] = []
  let url: string

  beforeAll(async () => {
    url = await freshMysqlUrl()
    servers = await Promise.all(times(3, () => startServer(url, () => 1_000)))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
  })

  it('L4: nothing is lost, nothing doubled, and no client has to know', async () => {
    const members = await openMembers(servers[0]!, 40)
    const anyServer = () => pick(servers).ledger
    const told = new Map<string, number>()
    for (const { ledger } of servers) {
      ledger.onPosted((transactions) => {
        for (const { id } of transactions) told.set(id, (told.get(id) ?? 0) + 1)
      })
    }
    const kills = killConnections(url)
    const answers = await Promise.all(
      times(CLIENTS, async (place) => {
        // Clients come one after the other, so that there is always something under way.
        await new Promise((resolve) => setTimeout(resolve, chance() * 1_500))
        const wallet = members[place % members.length]!
        const command = moveCommand({ wallet, key: `kill/${place}`, moves: [grantMove(1)] })
        return postUntilAnswered(anyServer, command)
      }),
    )
    const killed = await kills.stop()
    const conflicts = servers.reduce((sum, server) => sum + server.conflicts, 0)
    expect(killed).toBeGreaterThan(5)
    expect(conflicts, 'some were killed in the middle of a batch').toBeGreaterThan(0)

    expect(new Set(answers.map(({ transaction }) => transaction.id)).size).toBe(CLIENTS)
    const { store } = servers[0]!.ledger
    const wallets = await store.findWallets(members)
    expect(wallets.reduce((sum, { balance }) => sum + balance.available, 0)).toBe(CLIENTS)
    for (const { id, version } of wallets) {
      const history = await store.findTransactions(id, { after: 0, limit: 10_000 })
      expect(history.map((one) => one.version)).toEqual(times(version, (place) => place + 1))
    }
    // Also of a commit whose answer was lost the listeners hear, and hear once.
    for (const { transaction } of answers) expect(told.get(transaction.id)).toBe(1)
    const verified = await verifyLedger(store)
    expect(verified, JSON.stringify(verified)).toMatchObject({ ok: true })
  })
})
