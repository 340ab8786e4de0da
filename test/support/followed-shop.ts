import {
  type BalanceMoment,
  createPointwellClient,
  type FollowOptions,
  type PointwellClientOptions,
  RecordPurchaseDocument,
  RegisterMemberDocument,
  type Timers,
} from '@pointwell/client'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { type BadLine, openBadLine } from './bad-line.js'
import { atEndOfTest } from './end-of-file.js'

/** A server with a storefront that sells to its members, and a line to it that can be cut. */
export async function openFollowedShop({
  url,
  token,
}: {
  url: string
  /** The storefront's. */
  token: string
}) {
  const shop = createPointwellClient({ url: `${url}/graphql`, token })
  const line = await openBadLine(url)
  const sold = new Map<string, number>()
  return {
    line,
    async register(id: string) {
      const { registerMember } = await shop.request(RegisterMemberDocument, { input: { id } })
      expect(registerMember.__typename).toBe('MemberRegistered')
    },
    /** So many orders of the member, straight to the server, one after the other, each of one more point. */
    async buy(memberId: string, count: number) {
      for (let n = 0; n < count; n += 1) {
        const price = (sold.get(memberId) ?? 0) + 1
        sold.set(memberId, price)
        const input = {
          memberId,
          orderId: `O-${memberId}-${price}`,
          at: '2026-01-05T03:00:00Z',
          currency: 'CNY',
          confirmed: true,
          lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: String(price) }],
        }
        const { recordPurchase } = await shop.request(RecordPurchaseDocument, { input })
        expect(recordPurchase).toMatchObject({ points: price, replayed: false })
      }
    },
    /** A member's client over the line. */
    open: (options: Partial<PointwellClientOptions>) => openOver(line, options),
  }
}

/** A client over a line, which tries again as soon as the line is whole. */
export function openOver(line: BadLine, options: Partial<PointwellClientOptions>) {
  const client = createPointwellClient({
    url: `${line.url}/graphql`,
    webSocket: WebSocket,
    timers: untilWhole(line),
    ...options,
  })
  atEndOfTest(async () => client.close())
  return client
}

function untilWhole(line: BadLine): Timers {
  return {
    now: () => 0,
    after(_delayMs, act) {
      let isCalledOff = false
      void line.whole().then(() => setImmediate(() => !isCalledOff && act()))
      return () => {
        isCalledOff = true
      }
    },
  }
}

/** What a client hears of a wallet, as far as it has come. */
export function hear(client: ReturnType<typeof openOver>, options: FollowOptions = {}) {
  const moments: BalanceMoment[] = []
  const stop = new AbortController()
  const ended = (async () => {
    for await (const moment of client.followBalance({ ...options, signal: stop.signal })) {
      moments.push(moment)
    }
  })()
  // Looked at by the test; until then it is nobody's.
  ended.catch(() => {})
  atEndOfTest(async () => stop.abort())
  return { moments, stop, ended, versions: () => moments.map(({ version }) => Number(version)) }
}

export function upTo(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, n) => n)
}
