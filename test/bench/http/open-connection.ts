import { connect, type Socket } from 'node:net'

/** One connection that is kept: a request, its answer, the next request. */
export interface Connection {
  /** Sends a request as it is and answers with the body that came back. */
  exchange(request: Buffer): Promise<Buffer>
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * Just enough of HTTP/1.1 for a server whose answers name their length: on two cores a real client
 * would take from the server what it needs to be measured.
 */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = await connected(connect({ host: hostname, port: Number(port), noDelay: true }))
  let waiting: { resolve: (body: Buffer) => void; reject: (fault: Error) => void } | undefined
  let closed: Error | undefined
  let received: Buffer = Buffer.alloc(0)
  const fail = (fault: Error) => {
    closed ??= fault
    waiting?.reject(fault)
    waiting = undefined
  }
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    try {
      const answer = cutAnswer(received)
      if (!answer) return
      received = answer.rest
      const { resolve } = waiting!
      waiting = undefined
      resolve(answer.body)
    } catch (fault) {
      fail(fault as Error)
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        // Nothing would ever come back of it.
        if (closed) return reject(closed)
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** The whole request of one operation. */
export function requestFor({
  token,
  query,
  variables,
}: {
  token: string
  query: string
  variables?: object
}): Buffer {
  const body = JSON.stringify({ query, variables })
  return Buffer.from(
    `POST /graphql HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\naccept: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function cutAnswer(received: Buffer): { body: Buffer; rest: Buffer } | undefined {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = received.toString('latin1', 0, headEnd)
  const length = head.match(/content-length: (\d+)/i)?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${head}`)
  const start = headEnd + HEAD_END.length
  const end = start + Number(length)
  if (received.length < end) return undefined
  if (!head.startsWith('HTTP/1.1 200')) {
    throw new Error(`${head.split('\r\n')[0]}: ${received.toString('utf8', start, end)}`)
  }
  return { body: received.subarray(start, end), rest: received.subarray(end) }
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}
