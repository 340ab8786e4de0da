import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DeliveryContext } from '@pointwell/plugin'
import { openMemoryStore, testNotifier } from '@pointwell/plugin/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deliverMyPlugin } from './deliver-my-plugin.js'
import { type MyPluginSettings, myPluginSettings } from './my-plugin-settings.js'
import { notifyMyPlugin } from './notify-my-plugin.js'

/** A made-up other side, which takes each message once. */
const taken = new Map<string, unknown>()
const take: RequestListener = async (request, response) => {
  const key = String(request.headers['idempotency-key'])
  let text = ''
  for await (const chunk of request) text += chunk
  if (!taken.has(key)) taken.set(key, JSON.parse(text))
  response.end()
}

let listen: RequestListener = take
let server: Server
let address: string

beforeAll(async () => {
  server = createServer((request, response) => listen(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})
beforeEach(() => {
  listen = take
})

// The whole contract, with random messages and settings, sent to the side made up above.
testNotifier(notifyMyPlugin, {
  arbitraries: { 'settings.address': fc.constant(null).map(() => address) },
  deliveredFor: (id) => (taken.has(id) ? 1 : 0),
})

async function deliver(settings: Partial<MyPluginSettings> = {}) {
  const { store, close } = await openMemoryStore(notifyMyPlugin)
  const context: DeliveryContext<MyPluginSettings> = {
    settings: myPluginSettings.parse({ address, ...settings }),
    message: {
      id: 'a-message',
      memberId: 'ann',
      kind: 'expiring',
      title: { en: 'Your points run out soon', zh: '积分即将过期' },
      body: { en: '120 points run out.', zh: '120 积分即将过期。' },
      figures: { points: 120 },
      at: Date.parse('2026-02-25T04:00:00Z'),
    },
    now: Date.parse('2026-02-25T04:00:01Z'),
    store,
    signal: AbortSignal.timeout(5_000),
  }
  try {
    return await deliverMyPlugin(context)
  } finally {
    await close()
  }
}

describe('a message', () => {
  it('is sent as the README shows', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const [, example = ''] = readme.match(/^```json\n([\s\S]+?)^```$/m) ?? []
    expect(await deliver()).toEqual({ outcome: 'delivered' })
    expect(taken.get('a-message')).toEqual(JSON.parse(example))
  })

  it('is sent in one language, where that is what is set', async () => {
    taken.delete('a-message')
    await deliver({ language: 'zh' })
    expect(taken.get('a-message')).toMatchObject({ title: '积分即将过期' })
  })

  it.each([
    [200, 'delivered'],
    [202, 'delivered'],
    [301, 'again'],
    [400, 'dead'],
    [401, 'again'],
    [404, 'dead'],
    [408, 'again'],
    [410, 'dead'],
    [429, 'again'],
    [500, 'again'],
    [503, 'again'],
  ])('answered with %i is %s', async (status, outcome) => {
    listen = (_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end('who reads this')
    }
    expect((await deliver()).outcome).toBe(outcome)
  })

  it('waits where no address is set, and where nobody answers', async () => {
    expect(await deliver({ address: null })).toEqual({
      outcome: 'again',
      detail: 'no address is set',
    })
    listen = (request) => void request.socket.destroy()
    expect(await deliver()).toMatchObject({
      outcome: 'again',
      detail: expect.stringMatching(/^no answer: /),
    })
  })
})
