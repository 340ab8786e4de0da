import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, shippedPlugins, signToken, startServer } from '@pointwell/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { riskMyPlugin } from './index.js'

const SECRET = 'a secret for the tests of this plugin'
const NOW = Date.parse('2026-05-02T10:00:00Z')

let folder: string
let server: Server
const tokens = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'my-plugin-'))
  server = await startServer({
    databaseUrl: `sqlite://${join(folder, 'pointwell.db')}`,
    tokens: { secret: SECRET },
    plugins: [...shippedPlugins, riskMyPlugin],
    clock: () => NOW,
    jobs: false,
  })
  const terms = { secret: SECRET, expiresAt: NOW + 3_600_000 }
  tokens.set('storefront', await signToken({ ...terms, kind: 'storefront', subject: 'shop' }))
  tokens.set(
    'operator',
    await signToken({ ...terms, kind: 'operator', subject: 'ada', roles: ['admin'] }),
  )
})

afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the server answers. */
async function ask(who: 'storefront' | 'operator', query: string, variables: object = {}) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokens.get(who)}`,
    },
    body: JSON.stringify({ query, variables }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: whatever was asked for
  return (await response.json()) as { data?: any; errors?: unknown }
}

/** An operator sets how often a member may earn within an hour. */
async function setPolicy(rule: object): Promise<void> {
  const { data } = await ask('operator', '{ policy { version document } }')
  const { version: baseVersion, document } = data.policy
  const input = {
    baseVersion,
    document: { ...document, rules: { ...document.rules, 'my-plugin': rule } },
  }
  const query = `mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { __typename } }`
  const { data: updated } = await ask('operator', query, { input })
  expect(updated.updatePolicy.__typename).toBe('PolicyUpdated')
}

it('holds what a member earns too fast on a server, as the policy says', async () => {
  await ask('storefront', 'mutation { registerMember(input: { id: "ann" }) { __typename } }')
  await setPolicy({ settings: { earnsAnHour: 1 } })
  const buy = async (orderId: string) => {
    const { data } = await ask(
      'storefront',
      `mutation {
        recordPurchase(input: {
          memberId: "ann", orderId: "${orderId}", at: "2026-05-02T09:00:00Z", currency: "CNY", confirmed: true
          lines: [{ id: "1", article: "tea", quantity: 1, unitPrice: "100.00" }]
        }) {
          ... on PurchaseRecorded { wallet { balance { available frozen } } }
          ... on Refusal { code }
        }
      }`,
    )
    return data.recordPurchase.wallet.balance
  }
  const first = await buy('o-1')
  expect(first.frozen).toBe(0)
  expect(first.available).toBeGreaterThan(0)
  const second = await buy('o-2')
  expect(second.available).toBe(first.available)
  expect(second.frozen).toBe(first.available)
  await setPolicy({ enabled: false })
  expect((await buy('o-3')).available).toBe(2 * first.available)
})
