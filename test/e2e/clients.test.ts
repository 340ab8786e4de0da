import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type BadLine, openBadLine } from '../support/bad-line.js'
import { CLIENTS } from '../support/clients-of-others.js'
import { availableStores } from '../support/databases.js'
import { atEndOfTest } from '../support/end-of-file.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const WALLET = 'query { me { id wallet { version balance { available } } } }'
const CHECK_IN = 'mutation { checkIn { __typename ... on Refusal { code } } }'
const FOLLOW = `subscription ($after: ID) { balanceChanged(after: $after) {
  version balance { available } change { type points } } }`

interface Change {
  readonly version: string
  readonly balance: { readonly available: number }
  readonly change: { readonly points: number }
}

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A1 A5: clients of others, on %s',
  (store) => {
    const open = async (): Promise<{ server: TestServer; line: BadLine; token: string }> => {
      const server = await startTestServer({ store: store as 'sqlite', jobs: false })
      atEndOfTest(() => server.close())
      const shop = await server.token('storefront')
      const setUp = 'mutation { registerMember(input: { id: "m-1" }) { __typename } }'
      expect((await server.ask(setUp, { token: shop })).errors).toBeUndefined()
      const token = await server.token('member', { subject: 'm-1' })
      return { server, line: await openBadLine(server.url), token }
    }
    /** Orders of the member, one after the other, straight to the server: `from` to `to`, each of one more point. */
    const buy = async (server: TestServer, from: number, to: number) => {
      const token = await server.token('storefront')
      for (let n = from; n <= to; n += 1) {
        const input = {
          memberId: 'm-1',
          orderId: `O-${n}`,
          at: '2026-01-05T03:00:00Z',
          currency: 'CNY',
          confirmed: true,
          lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: String(n) }],
        }
        const { data } = await server.ask(
          'mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { ... on PurchaseRecorded { points } } }',
          { token, variables: { input } },
        )
        expect(data.recordPurchase).toEqual({ points: n })
      }
    }

    it.each(Object.entries(CLIENTS))(
      '%s asks, changes, and follows a wallet through cut lines without a gap or a change told twice',
      async (_name, openClient) => {
        const { server, line, token } = await open()
        const client = openClient(line, token)

        expect(await client.query(WALLET)).toMatchObject({
          me: { id: 'm-1', wallet: { version: '0', balance: { available: 0 } } },
        })
        expect(await client.mutate(CHECK_IN)).toMatchObject({
          checkIn: { __typename: 'CheckedIn' },
        })
        const changes: Change[] = []
        const after = '0'
        const stop = client.follow(FOLLOW, { after }, ({ balanceChanged }) =>
          changes.push(balanceChanged),
        )
        const versions = () => changes.map(({ version }) => Number(version))
        const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1)
        const heard = (last: number) => expect.poll(versions).toEqual(upTo(last))

        // What was before it came, then live.
        await heard(1)
        await buy(server, 1, 3)
        await heard(4)
        // Cut in the middle of a run of changes, some of which may be on their way.
        const run = buy(server, 4, 9)
        await expect.poll(() => changes.length).toBeGreaterThan(4)
        line.cut()
        await run
        line.mend()
        await heard(10)
        // Cut while nothing happens, and again before it has caught up.
        line.cut()
        await buy(server, 10, 12)
        line.mend()
        line.cut()
        await buy(server, 13, 14)
        line.mend()
        await buy(server, 15, 16)
        await heard(17)
        stop()

        // The first is the check-in; each order after it gave one more point than the one before.
        const points = changes.map(({ change }) => change.points)
        expect(points.slice(1)).toEqual(upTo(16))
        let balance = 0
        for (const change of changes) {
          balance += change.change.points
          expect(change.balance.available).toBe(balance)
        }
      },
    )
  },
)

it('the guide shows the very code that is tested here', async () => {
  const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
  const guide = await read('docs/guides/live-balance.md')
  const code = (await read('test/support/keep-cursor.ts')).replace(/\/\*\*[\s\S]*?\*\/\n/, '')
  expect(guide).toContain(code.trim())
  const clients = await read('test/support/clients-of-others.ts')
  const shown = [...guide.matchAll(/```ts setup\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!.split('\n').map((line) => line.trim()),
  )
  expect(shown.length).toBeGreaterThan(8)
  const lines = new Set(clients.split('\n').map((line) => line.trim()))
  expect(shown.filter((line) => line !== '' && !lines.has(line))).toEqual([])
})
