import { type Connection, openConnection, requestFor } from '../http/open-connection.js'
import { BARE, PAGE, RECORD, RECORD_MANY, REDEEM, SAME } from '../http/operations.js'
import { quantile } from '../measure/median.js'
import { seededRandom } from '../measure/seeded-random.js'
import { drawOrders } from '../posting/draw-orders.js'
import type { Order } from '../posting/purchase-command.js'
import { serveProgram } from '../process/serve-program.js'

/** Clients of a shop, many at a time, in a process of their own. */

export type Kind = 'record' | 'recordMany' | 'same' | 'bare' | 'page' | 'redeem'

export interface Load {
  readonly kind: Kind
  /** Orders of a round are like no other round's. */
  readonly round: number
  /** Requests. */
  readonly count: number
  readonly members: number
  readonly token: string
  /** Epoch milliseconds at which the orders were placed. */
  readonly at: number
  /** What is redeemed. */
  readonly offerId?: string
}

export interface Measured {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Orders of one `recordPurchases`. */
const MANY = 100

let connections: Connection[] = []
let requests: Buffer[] = []
let expected = ''

serveProgram({
  /** Connections spread evenly over the servers. */
  async open({ urls, count }: { urls: string[]; count: number }) {
    for (const connection of connections) connection.close()
    connections = await Promise.all(
      Array.from({ length: count }, (_, place) => openConnection(urls[place % urls.length]!)),
    )
  },
  prepare(load: Load) {
    ;({ requests, expected } = draw(load))
    globalThis.gc?.()
  },
  /** Requests a second, and how long they took, each connection asking again once it is answered. */
  async run(): Promise<Measured> {
    let next = 0
    const latencies: number[] = []
    const client = async (connection: Connection) => {
      while (next < requests.length) {
        const request = requests[next++]!
        const sentAt = performance.now()
        const body = await connection.exchange(request)
        latencies.push(performance.now() - sentAt)
        if (!body.includes(expected) || body.includes('"errors"')) {
          throw new Error(`not what was asked for: ${body.toString('utf8', 0, 1_000)}`)
        }
      }
    }
    const startedAt = performance.now()
    await Promise.all(connections.map(client))
    const perSecond = (requests.length * 1_000) / (performance.now() - startedAt)
    return { perSecond, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) }
  },
  close() {
    for (const connection of connections) connection.close()
  },
})

function draw({ kind, round, count, members, token, at, offerId }: Load): {
  requests: Buffer[]
  expected: string
} {
  const orders = (many: number) => drawOrders({ round, count: many, wallets: members })
  const inputOf = ({ orderId, wallet, lines }: Order) => ({
    memberId: `m-${wallet}`,
    orderId,
    at: new Date(at).toISOString(),
    currency: 'CNY',
    lines,
    confirmed: true,
  })
  switch (kind) {
    case 'record':
    case 'same': {
      const query = kind === 'record' ? RECORD : SAME
      return {
        expected: '"PurchaseRecorded"',
        requests: orders(count).map((order) =>
          requestFor({ token, query, variables: { input: inputOf(order) } }),
        ),
      }
    }
    case 'recordMany': {
      const all = orders(count * MANY).map(inputOf)
      return {
        expected: '"PurchaseRecorded"',
        requests: Array.from({ length: count }, (_, place) => {
          const input = all.slice(place * MANY, (place + 1) * MANY)
          return requestFor({ token, query: RECORD_MANY, variables: { input } })
        }),
      }
    }
    case 'bare':
      return {
        expected: 'true',
        requests: new Array(count).fill(requestFor({ token, query: BARE })),
      }
    case 'redeem':
      return {
        // Sold out is an answer too.
        expected: '"redeem":{"__typename"',
        requests: Array.from({ length: count }, (_, place) => {
          const memberId = `m-${1 + (place % members)}`
          const input = { memberId, offerId, idempotencyKey: `${offerId}-${place}` }
          return requestFor({ token, query: REDEEM, variables: { input } })
        }),
      }
    case 'page': {
      const random = seededRandom(round + 1)
      return {
        expected: '"transactions"',
        requests: Array.from({ length: count }, () => {
          const memberId = `m-${1 + Math.floor(random() * members)}`
          return requestFor({ token, query: PAGE, variables: { memberId } })
        }),
      }
    }
  }
}
