import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, shippedPlugins, signToken, startServer } from '@pointwell/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { notifyMyPlugin } from './index.js'

const SECRET = 'a secret for the tests of this plugin'
const DAY_MS = 86_400_000
let now = Date.parse('2026-05-02T10:00:00Z')

const came: { memberId: string; figures: unknown }[] = []
const other = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  came.push(JSON.parse(text))
  response.end()
})

let folder: string
let server: Server
const tokens = new Map<string, string>()

beforeAll(async () => {
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  folder = await mkdtemp(join(tmpdir(), 'my-plugin-'))
  server = await startServer({
    databaseUrl: `sqlite://${join(folder, 'pointwell.db')}`,
    tokens: { secret: SECRET },
    plugins: [...shippedPlugins, notifyMyPlugin],
    clock: () => now,
    jobs: false,
  })
  const terms = { secret: SECRET, expiresAt: now + 365 * DAY_MS }
  tokens.set('storefront', await signToken({ ...terms, kind: 'storefront', subject: 'shop' }))
  tokens.set(
    'operator',
    await signToken({ ...terms, kind: 'operator', subject: 'ada', roles: ['admin'] }),
  )
})

afterAll(async () => {
  await server?.close()
  other.close()
  other.closeAllConnections()
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

it('tells a member of points that run out', async () => {
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  const { data } = await ask('operator', '{ policy { version document } }')
  const { document } = data.policy
  const changed = {
    ...document,
    kinds: {
      ...document.kinds,
      purchase: { ...document.kinds.purchase, expiry: { term: 'days', days: 10 } },
    },
    notifiers: { 'my-plugin': { settings: { address } } },
  }
  const update = await ask(
    'operator',
    `mutation ($document: JSON!) {
      updatePolicy(input: { document: $document }) { __typename ... on Refusal { code message } }
    }`,
    { document: changed },
  )
  expect(update).toEqual({ data: { updatePolicy: { __typename: 'PolicyUpdated' } } })
  await ask('storefront', 'mutation { registerMember(input: { id: "ann" }) { __typename } }')
  await ask(
    'storefront',
    `mutation {
      recordPurchase(input: {
        memberId: "ann", orderId: "o-1", at: "2026-05-02T09:00:00Z", currency: "CNY", confirmed: true
        lines: [{ id: "1", article: "tea", quantity: 1, unitPrice: "100.00" }]
      }) { __typename }
    }`,
  )
  // It is told of them at once, for they are short, and 7 days ahead; each message is delivered, once.
  for (let day = 0; day < 5; day++) {
    now += DAY_MS
    await server.program.jobs.runDue()
    await server.program.jobs.runDue()
  }
  expect(came).toMatchObject([
    { memberId: 'ann', kind: 'expiring', figures: { points: 100, days: 9 } },
    { memberId: 'ann', kind: 'expiring', figures: { points: 100, days: 7 } },
  ])
  const { data: seen } = await ask(
    'operator',
    '{ deliveries(first: 9) { nodes { notifier memberId state } } }',
  )
  const delivered = { notifier: 'my-plugin', memberId: 'ann', state: 'DELIVERED' }
  expect(seen.deliveries.nodes).toEqual([delivered, delivered])
})
