import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, shippedPlugins, signToken, startServer } from '@pointwell/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { earnMyPlugin } from './index.js'

const SECRET = 'a secret for the tests of this plugin'
const NOW = Date.parse('2026-05-02T10:00:00Z')

let folder: string
let server: Server
let token: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'my-plugin-'))
  server = await startServer({
    databaseUrl: `sqlite://${join(folder, 'pointwell.db')}`,
    tokens: { secret: SECRET },
    plugins: [...shippedPlugins, earnMyPlugin],
    clock: () => NOW,
    jobs: false,
  })
  token = await signToken({
    secret: SECRET,
    kind: 'storefront',
    subject: 'shop',
    expiresAt: NOW + 3_600_000,
  })
})

afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the server answers a storefront. */
async function ask(query: string): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  return response.json()
}

it('gives points to a member of a server, once', async () => {
  await ask('mutation { registerMember(input: { id: "ann" }) { __typename } }')
  const record = `mutation {
    recordMyPlugin(input: { memberId: "ann", ref: "act-1", at: "2026-05-01T10:00:00Z" }) {
      ... on MyPluginRecorded { points replayed wallet { balance { available } } }
      ... on Refusal { code }
    }
  }`
  const wallet = { balance: { available: 10 } }
  const answer = (replayed: boolean) => ({
    data: { recordMyPlugin: { points: 10, replayed, wallet } },
  })
  expect(await ask(record)).toEqual(answer(false))
  expect(await ask(record)).toEqual(answer(true))
})
