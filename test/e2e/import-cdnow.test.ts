import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { signToken } from '@pointwell/gateway'
import { verifyLedger } from '@pointwell/ledger'
import { applyPolicy, importOrders, startServer } from '@pointwell/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expected, fileName, oracle } from '../oracle/cdnow.mjs'
import { freshUrl, hasMysql } from '../support/databases.js'
import { readBalances } from '../support/read-balances.js'
import { findSharedData } from '../support/shared-data.js'

const SECRET = 'a secret of thirty-two bytes or more, for tests'
const policyFile = fileURLToPath(
  new URL('../../apps/server/mappings/cdnow.policy.json', import.meta.url),
)
const file = findSharedData(fileName)
const stores = hasMysql() ? (['sqlite', 'mysql'] as const) : (['sqlite'] as const)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.runIf(file)('E13: the whole of CDNOW', () => {
  it.each(stores)(
    'leaves every customer with the balance of the oracle, on %s',
    async (store) => {
      const server = await startServer({
        databaseUrl: await freshUrl(store),
        tokens: { secret: SECRET },
        durable: false,
        // Reading every member at once, again and again, is more than an operator's share.
        rates: { operator: 0 },
      })
      const url = `${server.url}/graphql`
      const expiresAt = Date.now() + 3_600_000
      const shop = { secret: SECRET, kind: 'storefront', subject: 'shop', expiresAt } as const
      const root = { ...shop, kind: 'operator', subject: 'root', roles: ['admin'] } as const
      const admin = await signToken(root)
      await applyPolicy({ file: policyFile, url, token: admin })

      const { summary, fault } = await importOrders({
        file: file as string,
        mapping: 'cdnow',
        url,
        token: await signToken(shop),
        folder: join(folder, store),
        batchSize: 500,
        progress: { say() {}, begin() {}, reach() {}, end() {} },
      })
      expect(fault).toBeNull()
      expect(summary).toMatchObject({
        complete: true,
        refused: 0,
        reported: {},
        found: { cancellations: 0, unitsUncovered: 0 },
        accepted: {
          customers: expected.customers,
          orders: expected.orders,
          pointsGranted: expected.granted,
          pointsTakenBack: 0,
        },
        balances: { members: expected.customers, available: expected.balanceTotal, pending: 0 },
      })

      const balances = await readBalances(server.url, admin)
      const points = new Map([...balances].map(([id, { available }]) => [id, available]))
      expect(sorted(points)).toEqual(sorted(oracle(file as string).balances))
      expect(await verifyLedger(server.ledger.store)).toMatchObject({
        ok: true,
        wallets: expected.customers,
        transactions: expected.orders,
      })
      await server.close()
    },
    600_000,
  )
})

function sorted(balances: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...balances].sort(([a], [b]) => (a < b ? -1 : 1)))
}
