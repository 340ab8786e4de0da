import { WebSocket } from 'ws'
import { CHANGED } from '../http/operations.js'
import { quantile } from '../measure/median.js'
import { serveProgram } from '../process/serve-program.js'

/** Members with their page open: each a socket of its own, following its own wallet. */

/** Opened so many at a time: a listening socket queues only so many. */
const AT_ONCE = 50

export interface Heard {
  readonly changes: number
  readonly p50Ms: number
  readonly p99Ms: number
}

let sockets: WebSocket[] = []
let delays: number[] = []

serveProgram({
  /** One socket each for `m-1` to `m-COUNT`; answers when all of them listen. */
  async open({ url, token, count }: { url: string; token: string; count: number }) {
    for (let first = 1; first <= count; first += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - first + 1) }, (_, place) =>
        subscribe({ url, token, memberId: `m-${first + place}` }),
      )
      sockets.push(...(await Promise.all(some)))
    }
  },
  reset() {
    delays = []
  },
  heard(): Heard {
    if (delays.length === 0) throw new Error('No subscriber heard of anything.')
    return { changes: delays.length, p50Ms: quantile(delays, 0.5), p99Ms: quantile(delays, 0.99) }
  },
  async close() {
    const closed = sockets.map((socket) => new Promise((done) => socket.once('close', done)))
    for (const socket of sockets) socket.close()
    await Promise.all(closed)
    sockets = []
  },
})

interface Message {
  readonly type: string
  readonly payload?: {
    readonly data?: { readonly balanceChanged: { change: { recordedAt: string } } }
  }
}

function subscribe({
  url,
  token,
  memberId,
}: {
  url: string
  token: string
  memberId: string
}): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  const send = (message: object) => socket.send(JSON.stringify(message))
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', (code, reason) => reject(new Error(`closed with ${code}: ${reason}`)))
    socket.on('open', () => send({ type: 'connection_init', payload: { token } }))
    socket.on('message', (text) => {
      const heardAt = Date.now()
      const message = JSON.parse(String(text)) as Message
      switch (message.type) {
        case 'connection_ack':
          send({ id: '1', type: 'subscribe', payload: { query: CHANGED, variables: { memberId } } })
          // Answered in turn: when this comes back, the subscription has been begun.
          send({ type: 'ping' })
          break
        case 'ping':
          send({ type: 'pong' })
          break
        case 'pong':
          resolve(socket)
          break
        case 'next': {
          const change = message.payload?.data?.balanceChanged.change
          if (change) delays.push(heardAt - Date.parse(change.recordedAt))
          else reject(new Error(`not a change: ${text}`))
          break
        }
        default:
          reject(new Error(`not what was expected: ${text}`))
      }
    })
  })
}
