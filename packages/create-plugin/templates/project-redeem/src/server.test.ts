import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, shippedPlugins, signToken, startServer } from '@pointwell/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { redeemMyPlugin } from './index.js'

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
    plugins: [...shippedPlugins, redeemMyPlugin],
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
async function ask(who: 'storefront' | 'operator', query: string) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokens.get(who)}`,
    },
    body: JSON.stringify({ query }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: whatever was asked for
  return (await response.json()) as { data?: any; errors?: unknown }
}

it('gives a voucher for points of a member, and one order uses it', async () => {
  await ask('storefront', 'mutation { registerMember(input: { id: "ann" }) { __typename } }')
  await ask(
    'storefront',
    `mutation {
      recordPurchase(input: {
        memberId: "ann", orderId: "o-1", at: "2026-05-01T10:00:00Z", currency: "CNY", confirmed: true
        lines: [{ id: "1", article: "tea", quantity: 10, unitPrice: "100.00" }]
      }) { __typename }
    }`,
  )
  const offer = await ask(
    'operator',
    `mutation {
      createOffer(input: {
        id: "first", channel: "my-plugin", title: { en: "My plugin", zh: "我的插件" }
        cashValue: "5.00 CNY", details: { validDays: 30 }
      }) { __typename }
    }`,
  )
  expect(offer.data?.createOffer?.__typename).not.toBe('Refusal')
  const { data } = await ask(
    'storefront',
    `mutation {
      redeem(input: { memberId: "ann", offerId: "first", idempotencyKey: "k-1" }) {
        ... on Redemption { status receipt }
        ... on Refusal { code message }
      }
    }`,
  )
  expect(data.redeem).toMatchObject({ status: 'FULFILLED' })
  const { code } = data.redeem.receipt

  const use = (orderId: string) =>
    ask(
      'storefront',
      `mutation {
        useMyPluginVoucher(code: "${code}", orderId: "${orderId}") {
          ... on MyPluginVoucherUsed { voucher { status usedFor } }
          ... on Refusal { code }
        }
      }`,
    )
  const used = { data: { useMyPluginVoucher: { voucher: { status: 'USED', usedFor: 'o-2' } } } }
  expect(await use('o-2')).toEqual(used)
  expect(await use('o-2')).toEqual(used)
  expect(await use('o-3')).toEqual({ data: { useMyPluginVoucher: { code: 'MY_PLUGIN_USED' } } })
})
