import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEndOfFile } from './end-of-file.js'

/**
 * How a partner's API meets one request. `…-before`: it did nothing and answers, or does not, so;
 * `…-after`: it did the work and then answers so. `late`: an order
 * is done, unheard, when another request has been answered.
 */
export const MEETINGS = [
  'well',
  'slowly',
  'pending',
  'refuses',
  '500-before',
  '500-after',
  'silent-before',
  'silent-after',
  'dropped-before',
  'dropped-after',
  'nonsense-before',
  'nonsense-after',
  'twice-after',
  'wrong-shape-after',
  'huge-after',
  'redirect-after',
  '409-after',
  '404-before',
  'late',
] as const
export type Meeting = (typeof MEETINGS)[number]

export interface StandInOrder {
  state: 'done' | 'pending' | 'refused' | 'cancelled'
  readonly code: string
  readonly product: string
  /** How often the work was really done: an order sent twice is one. */
  sold: number
}

/** A partner on the network, who keeps its word about keys and nothing else. */
export interface StandInPartner {
  readonly url: string
  readonly secretName: string
  /** By key. */
  readonly orders: ReadonlyMap<string, StandInOrder>
  /** `GET /orders/r-1` … in the order they came, with what was wrong with each, if anything. */
  readonly requests: readonly { readonly what: string; readonly fault: string | null }[]
  /** How the next requests about an order are met; when they are used up, well. */
  meet(key: string, meetings: readonly Meeting[]): void
  /** So many requests, whatever they are about, meet nobody. */
  down(requests: number): void
}

const SECRET = 'a secret that only the two of them know'
let others = 0

/** Opens one on a free port of this machine, and tells the environment of it; both end with the file. */
export async function openStandInPartner(): Promise<StandInPartner> {
  const orders = new Map<string, StandInOrder>()
  const requests: { what: string; fault: string | null }[] = []
  const scripts = new Map<string, Meeting[]>()
  const late: (() => unknown)[] = []
  let down = 0
  others += 1
  const secretName = `STAND_IN_${others}`

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = process.env.POINTWELL_PARTNER_HOSTS
  process.env.POINTWELL_PARTNER_HOSTS = [before, origin].filter(Boolean).join(',')
  process.env[`POINTWELL_PARTNER_${secretName}`] = SECRET
  atEndOfFile(async () => {
    process.env.POINTWELL_PARTNER_HOSTS = before ?? ''
    delete process.env[`POINTWELL_PARTNER_${secretName}`]
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request)
    const path = request.url ?? ''
    const [, , , key = ''] = path.split('/').map(decodeURIComponent)
    const isOrder = request.method === 'POST' && path === '/api/orders'
    const order = isOrder ? (JSON.parse(body) as { order: string; product: string }) : null
    const about = order?.order ?? key
    requests.push({
      what: `${request.method} ${path}`,
      fault: faultOf(request, { path, body, about }),
    })
    if (down > 0) {
      down -= 1
      response.destroy()
      return
    }
    const meeting = scripts.get(about)?.shift() ?? 'well'
    const work = (): [number, object] => {
      if (order) return doOrder(about, order.product, meeting)
      if (path.endsWith('/cancel')) return doCancel(about, meeting)
      return doLook(about)
    }
    const overdue = late.splice(0)
    if (meeting === 'late' && order) late.push(work)
    else meetBy(meeting, work, response)
    for (const one of overdue) one()
  }

  function doOrder(key: string, product: string, meeting: Meeting): [number, object] {
    const known = orders.get(key)
    if (known) return shown(known)
    const state = meeting === 'refuses' ? 'refused' : meeting === 'pending' ? 'pending' : 'done'
    const made: StandInOrder = {
      state,
      code: `CODE-${key}`,
      product,
      sold: state === 'refused' ? 0 : 1,
    }
    orders.set(key, made)
    return shown(made)
  }

  function doLook(key: string): [number, object] {
    const known = orders.get(key)
    if (!known) return [404, {}]
    // What was pending is done by the time somebody asks.
    if (known.state === 'pending') known.state = 'done'
    return shown(known)
  }

  function doCancel(key: string, meeting: Meeting): [number, object] {
    const known = orders.get(key)
    if (!known) return [404, {}]
    if (known.state !== 'cancelled') {
      if (meeting === 'refuses') return [409, { status: 'refused', reason: 'used already' }]
      if (meeting === 'pending') return [200, { status: 'pending' }]
      known.state = 'cancelled'
      known.sold = 0
    }
    return [200, { status: 'done' }]
  }

  return {
    url: `${origin}/api`,
    secretName,
    orders,
    requests,
    meet: (key, meetings) => void scripts.set(key, [...meetings]),
    down(requests) {
      down = requests
    },
  }
}

function shown({ state, code }: StandInOrder): [number, object] {
  if (state === 'refused') return [422, { status: 'refused', reason: 'none left' }]
  if (state === 'done')
    return [200, { status: 'done', code, expiresAt: '2027-01-01T00:00:00+08:00' }]
  return [200, { status: state }]
}

function meetBy(meeting: Meeting, work: () => [number, object], response: ServerResponse): void {
  const send = (status: number, text: string, headers = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
  const [kind, when] = meeting.split('-').length > 1 ? splitAtLast(meeting) : [meeting, null]
  const [status, content] = when === 'before' ? [500, {}] : work()
  const text = JSON.stringify(content)
  switch (kind) {
    case '500':
    case '409':
    case '404':
      send(Number(kind), kind === '409' ? '{"error":"conflict"}' : '{}')
      return
    case 'silent':
      // Never: whoever asked gives up.
      return
    case 'dropped':
      response.destroy()
      return
    case 'nonsense':
      send(200, '<html>Service busy</html>')
      return
    case 'twice':
      send(200, text + text)
      return
    case 'wrong-shape':
      send(200, '{"status":"done","code":{"is":"an object"}}')
      return
    case 'huge':
      send(200, `${text.slice(0, -1)},"padding":"${'x'.repeat(200_000)}"}`)
      return
    case 'redirect':
      send(302, '', { location: '/api/elsewhere' })
      return
    case 'slowly':
      setTimeout(() => send(status, text), 5)
      return
    default:
      send(status, text)
      return
  }
}

function splitAtLast(meeting: string): [string, string] {
  const at = meeting.lastIndexOf('-')
  return [meeting.slice(0, at), meeting.slice(at + 1)]
}

/** What is wrong with how it was asked; null: nothing. The signature is made here anew, by the words of
 * the README. */
function faultOf(
  { method = '', headers }: IncomingMessage,
  { path, body, about }: { path: string; body: string; about: string },
): string | null {
  if (headers['idempotency-key'] !== about) return 'another key'
  const timestamp = headers['pointwell-timestamp']
  if (!/^\d{9,11}$/.test(String(timestamp))) return 'no time'
  const text = `${timestamp}.${method}.${path}.${body}`
  const signature = createHmac('sha256', SECRET).update(text).digest('hex')
  if (headers['pointwell-signature'] !== `v1=${signature}`) return 'another signature'
  return null
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}
