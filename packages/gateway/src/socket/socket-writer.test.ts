import { once } from 'node:events'
import { Extensions, Query, Resolver } from 'type-graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { openTestGateway } from '../../../../test/support/test-gateway.js'

@Resolver()
class Nothing {
  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  nothing(): string {
    return ''
  }
}

const EACH_BYTES = 250_000
const TOTAL = 200

describe('A5 A7: a client that asks and does not read the answers', () => {
  it('is not read from either until it does, and then gets them all', async () => {
    const { socketUrl } = await openTestGateway({ resolvers: [Nothing] })
    const client = new WebSocket(socketUrl, 'graphql-transport-ws')
    onTestFinished(() => client.terminate())
    await once(client, 'open')
    client.send(JSON.stringify({ type: 'connection_init' }))
    await once(client, 'message')
    client.pause()

    // Each is answered with as much again.
    for (let n = 0; n < TOTAL; n += 1) {
      const payload = { n, text: 'x'.repeat(EACH_BYTES) }
      client.send(JSON.stringify({ type: 'ping', payload }))
    }
    const left = () => client.bufferedAmount
    let before = Number.POSITIVE_INFINITY
    await expect
      .poll(
        () => {
          const isStill = left() === before
          before = left()
          return isStill
        },
        { interval: 300 },
      )
      .toBe(true)
    // What the two machines hold between them is taken, and no more.
    expect(left()).toBeGreaterThan((TOTAL * EACH_BYTES) / 2)

    const answers: number[] = []
    client.on('message', (data) => answers.push(JSON.parse(String(data)).payload.n))
    client.resume()
    await expect.poll(() => answers.length).toBe(TOTAL)
    expect(answers).toEqual(Array.from({ length: TOTAL }, (_, n) => n))
  })
})
