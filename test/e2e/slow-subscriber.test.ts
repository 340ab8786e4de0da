import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { onePoint } from '../support/one-point.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const CHANGES = 1_500
/** Large answers, so that what fits between two machines is soon full: the names of the fields are. */
const NAMES = Array.from({ length: 40 }, (_, i) => `${'x'.repeat(250)}${i}`)
const LARGE = `subscription { balanceChanged(memberId: "m-1", after: "0") {
  version ${NAMES.map((name) => `${name}: memberId`).join(' ')}
} }`
const SMALL = 'subscription { balanceChanged(memberId: "m-1", after: "0") { version } }'

const LIMITS = { aliases: 100 }

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close()
})

/** A subscriber on a bare socket, which can stop reading as a client on a bad line does. */
async function subscribe(server: TestServer, query: string) {
  const token = await server.token('storefront')
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, [
    'graphql-transport-ws',
  ])
  open.push({ close: () => socket.terminate() })
  const say = (message: object) => socket.send(JSON.stringify(message))
  await once(socket, 'open')
  say({ type: 'connection_init', payload: { token } })
  await once(socket, 'message')
  const versions: number[] = []
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data))
    if (type === 'next') versions.push(Number(payload.data.balanceChanged.version))
  })
  say({ id: '1', type: 'subscribe', payload: { query } })
  return { socket, versions }
}

/** With what waits in buffers, which are not of the heap. */
function bytesUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('A5: a subscriber that does not read', () => {
  it('costs no memory, holds up nobody, and goes on where it was when it reads again', async () => {
    // Longer than a slow machine is at it: nobody is to be cut off.
    const limits = { ...LIMITS, slowClientMs: 600_000 }
    const server = await startTestServer({ jobs: false, limits })
    open.push(server)
    const token = await server.token('storefront')
    await server.ask('mutation { registerMember(input: { id: "m-1" }) { __typename } }', { token })
    const { wallet } = (await server.program.members.find('m-1'))!
    const slow = await Promise.all(Array.from({ length: 4 }, () => subscribe(server, LARGE)))
    const quick = await subscribe(server, SMALL)
    await server.ledger.post(onePoint(wallet, 'first'))
    for (const { versions } of [...slow, quick]) await expect.poll(() => versions).toEqual([1])
    for (const { socket } of slow) socket.pause()

    const before = bytesUsed()
    for (let i = 1; i < CHANGES; i += 50) {
      const some = Array.from({ length: Math.min(50, CHANGES - i) }, (_, k) => `${i + k}`)
      await Promise.all(some.map((key) => server.ledger.post(onePoint(wallet, key))))
    }
    const all = Array.from({ length: CHANGES }, (_, i) => i + 1)
    await expect.poll(() => quick.versions.length).toBe(CHANGES)
    expect(quick.versions).toEqual(all)
    // Had all of it been kept for the four, it would be six times that.
    const used = bytesUsed() - before
    expect(used).toBeLessThan(8_000_000)
    for (const { versions } of slow) expect(versions.length).toBeLessThan(CHANGES)

    for (const { socket } of slow) socket.resume()
    for (const { versions } of slow) {
      await expect.poll(() => versions.length).toBe(CHANGES)
      expect(versions).toEqual(all)
    }
  })

  it('is cut off when it takes too long, and comes back with its cursor', async () => {
    const limits = { ...LIMITS, slowClientMs: 300 }
    const server = await startTestServer({ jobs: false, limits })
    open.push(server)
    const token = await server.token('storefront')
    await server.ask('mutation { registerMember(input: { id: "m-1" }) { __typename } }', { token })
    const { wallet } = (await server.program.members.find('m-1'))!
    const slow = await subscribe(server, LARGE)
    await server.ledger.post(onePoint(wallet, 'first'))
    await expect.poll(() => slow.versions).toEqual([1])
    const closed = once(slow.socket, 'close')
    slow.socket.pause()
    for (let i = 1; i < CHANGES; i += 50) {
      const some = Array.from({ length: Math.min(50, CHANGES - i) }, (_, k) => `${i + k}`)
      await Promise.all(some.map((key) => server.ledger.post(onePoint(wallet, key))))
    }
    const said = () => server.logs.filter(({ msg }) => String(msg).includes('does not read'))
    await expect.poll(() => said().length).toBe(1)
    slow.socket.resume()
    await closed
    const last = slow.versions.at(-1)!
    expect(last).toBeLessThan(CHANGES)
    const again = await subscribe(server, SMALL.replace('after: "0"', `after: "${last}"`))
    await expect.poll(() => again.versions.length).toBe(CHANGES - last)
    expect([...slow.versions, ...again.versions]).toEqual(
      Array.from({ length: CHANGES }, (_, i) => i + 1),
    )
  })
})
