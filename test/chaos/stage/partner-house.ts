import { appendFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Draw } from '../draw.js'

/** Something the partner really did, by its own books. */
export interface PartnerLine {
  readonly order: string
  readonly did: 'sold' | 'refused' | 'taken back'
  /** The code that it sold. */
  readonly code: string | null
  readonly at: number
}

/** How it meets a request: `…-after` it did the work and then says nothing of use. */
export const MOODS = [
  'well',
  'slow',
  'refuses',
  'pending',
  '500-before',
  '500-after',
  'silent-after',
  'dropped-before',
  'dropped-after',
  'nonsense-after',
] as const
export type Mood = (typeof MOODS)[number]

/** A partner on the network with books of its own, which nobody kills: it keeps its word about keys. */
export interface PartnerHouse {
  readonly url: string
  /** What a server must be told so that it may speak to it. */
  readonly env: Readonly<Record<string, string>>
  readonly secretName: string
  readonly lines: readonly PartnerLine[]
  /** How often it was asked for anything, also while it was down. */
  readonly requests: number
  /** Nobody is there, or somebody is again. */
  setDown(isDown: boolean): void
  /** In what mood it meets requests from now on. */
  setMood(moodOf: (what: 'order' | 'look' | 'cancel', order: string) => Mood): void
  close(): Promise<void>
}

const SECRET_NAME = 'CHAOS'

interface Order {
  state: 'done' | 'pending' | 'refused' | 'cancelled'
  readonly code: string
}

/** Most requests are met well; what else happens is drawn. */
export function drawMoods(draw: Draw): () => Mood {
  return () => (draw.chance(0.6) ? 'well' : draw.oneOf(MOODS))
}

export async function openPartnerHouse(logFile: string): Promise<PartnerHouse> {
  const orders = new Map<string, Order>()
  const lines: PartnerLine[] = []
  let isDown = false
  let requests = 0
  let moodOf: (what: 'order' | 'look' | 'cancel', order: string) => Mood = () => 'well'

  const write = (line: Omit<PartnerLine, 'at'>) => {
    const dated = { ...line, at: Date.now() }
    lines.push(dated)
    appendFileSync(logFile, `${JSON.stringify(dated)}\n`)
  }

  const order = (key: string, mood: Mood): [number, object] => {
    const known = orders.get(key)
    if (known) return shown(known)
    const state = mood === 'refuses' ? 'refused' : mood === 'pending' ? 'pending' : 'done'
    const made: Order = { state, code: `HOUSE-${key}` }
    orders.set(key, made)
    // What is pending is sold as soon as it is taken in; it is only not told of yet.
    const did = state === 'refused' ? 'refused' : 'sold'
    write({ order: key, did, code: did === 'sold' ? made.code : null })
    return shown(made)
  }
  const look = (key: string): [number, object] => {
    const known = orders.get(key)
    if (!known) return [404, {}]
    if (known.state === 'pending') known.state = 'done'
    return shown(known)
  }
  const cancel = (key: string, mood: Mood): [number, object] => {
    const known = orders.get(key)
    if (!known) return [404, {}]
    if (known.state === 'done' && mood === 'refuses') {
      return [409, { status: 'refused', reason: 'used already' }]
    }
    if (known.state === 'done') {
      known.state = 'cancelled'
      write({ order: key, did: 'taken back', code: null })
    }
    return [200, { status: known.state === 'cancelled' ? 'done' : known.state }]
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    requests += 1
    const text = await textOf(request)
    if (isDown) return void response.destroy()
    const [, , , named = ''] = (request.url ?? '').split('/').map(decodeURIComponent)
    const isOrder = request.method === 'POST' && request.url === '/api/orders'
    const key = isOrder ? (JSON.parse(text) as { order: string }).order : named
    if (request.headers['idempotency-key'] !== key) return void response.writeHead(400).end('{}')
    const what = isOrder ? 'order' : request.url?.endsWith('/cancel') ? 'cancel' : 'look'
    const mood = moodOf(what, key)
    const work = {
      order: () => order(key, mood),
      look: () => look(key),
      cancel: () => cancel(key, mood),
    }
    await meet(mood, work[what], response)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}/api`,
    env: {
      POINTWELL_PARTNER_HOSTS: origin,
      [`POINTWELL_PARTNER_${SECRET_NAME}`]: 'what only the two of them know',
    },
    secretName: SECRET_NAME,
    lines,
    get requests() {
      return requests
    },
    setDown(to) {
      isDown = to
    },
    setMood(to) {
      moodOf = to
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function shown({ state, code }: Order): [number, object] {
  if (state === 'refused') return [422, { status: 'refused', reason: 'none left' }]
  return [200, { status: state, ...(state === 'done' && { code }) }]
}

async function meet(mood: Mood, work: () => [number, object], response: ServerResponse) {
  const send = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  if (mood === 'dropped-before') return void response.destroy()
  if (mood === '500-before') return void send(500, '{}')
  const [status, content] = work()
  switch (mood) {
    case '500-after':
      return void send(500, '{}')
    // Whoever asked gives up, or is killed.
    case 'silent-after':
      return
    case 'dropped-after':
      return void response.destroy()
    case 'nonsense-after':
      return void send(200, '<html>Service busy</html>')
    case 'slow':
      await sleep(300)
      return void send(status, JSON.stringify(content))
    default:
      return void send(status, JSON.stringify(content))
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}
