import { describe, expect, it } from 'vitest'
import { openSocket } from './open-socket.js'

/** As browsers have it, with the server in the test's hand. */
class FakeWebSocket {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  static all: FakeWebSocket[] = []
  readyState = 0
  readonly sent: { type: string; id?: string; payload?: unknown }[] = []
  onopen: (() => void) | undefined
  onmessage: ((message: { data: string }) => void) | undefined
  onclose: ((event: { code: number; reason: string }) => void) | undefined
  onerror: ((event: unknown) => void) | undefined
  constructor(readonly url: string) {
    FakeWebSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close(code = 1000, reason = '') {
    this.readyState = 3
    this.onclose?.({ code, reason })
  }
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

function open() {
  FakeWebSocket.all = []
  const waiting: { delayMs: number; act: () => void }[] = []
  const socket = openSocket({
    url: () => 'ws://points.example/graphql',
    webSocket: FakeWebSocket,
    keepAliveMs: 1,
    timers: {
      now: () => 0,
      after(delayMs, act) {
        const timer = { delayMs, act }
        waiting.push(timer)
        return () => {
          if (waiting.includes(timer)) waiting.splice(waiting.indexOf(timer), 1)
        }
      },
    },
    connectionParams: async () => ({ token: `token ${FakeWebSocket.all.length}` }),
  })
  const follow = () => {
    const heard: unknown[] = []
    const stop = socket.subscribe(
      { query: 'subscription { x }' },
      {
        accepted: () => heard.push('accepted'),
        next: (answer) => heard.push(answer),
        end: (reason) => heard.push((reason as { code?: number } | undefined)?.code ?? 'end'),
      },
    )
    return { heard, stop }
  }
  const accept = async () => {
    await settled()
    const server = FakeWebSocket.all.at(-1)!
    server.open()
    await settled()
    server.say({ type: 'connection_ack' })
    await settled()
    return server
  }
  return { socket, follow, accept, waiting }
}

describe('A9: the socket of a client', () => {
  it('is one for all who follow, and is opened for the first', async () => {
    const { follow, accept } = open()
    expect(FakeWebSocket.all).toEqual([])
    const [one, other] = [follow(), follow()]
    const server = await accept()
    expect(FakeWebSocket.all).toHaveLength(1)
    expect(server.sent[0]).toEqual({ type: 'connection_init', payload: { token: 'token 1' } })
    expect([one.heard, other.heard]).toEqual([['accepted'], ['accepted']])
    expect(follow().heard).toEqual(['accepted'])
    one.stop()
    other.stop()
  })

  it('a line that is dead and says nothing is given up', async () => {
    const { follow, accept, waiting } = open()
    const { heard } = follow()
    const server = await accept()
    await expect.poll(() => server.sent.map(({ type }) => type)).toContain('ping')
    expect(waiting).toHaveLength(1)
    server.say({ type: 'pong' })
    expect(waiting).toEqual([])
    await expect.poll(() => waiting).toHaveLength(1)
    waiting[0]!.act()
    await settled()
    expect(heard).toEqual(['accepted', 4499])
    expect(server.readyState).toBe(FakeWebSocket.CLOSED)
    // The next one goes over a new one.
    const again = follow()
    await accept()
    expect(FakeWebSocket.all).toHaveLength(2)
    expect(again.heard).toEqual(['accepted'])
    again.stop()
  })

  it('what an old one says late is no news of the new one', async () => {
    const { socket, follow, accept } = open()
    const before = follow()
    const old = await accept()
    socket.renew()
    const after = follow()
    const server = await accept()
    expect(server).not.toBe(old)
    expect(server.sent[0]).toEqual({ type: 'connection_init', payload: { token: 'token 2' } })
    old.close(4403, 'the token has run out')
    await settled()
    expect(before.heard).toEqual(['accepted', 4403])
    expect(after.heard).toEqual(['accepted'])
    after.stop()
  })
})
