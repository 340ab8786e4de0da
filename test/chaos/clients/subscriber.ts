import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Draw } from '../draw.js'
import type { Following, LogBook } from '../log/client-log.js'

const FOLLOW = `subscription ($after: ID!) { balanceChanged(after: $after) {
  version balance { available } change { id points } } }`

/** One that is hung up before it was connected says so once more, when nobody listens to it. */
class Socket extends WebSocket {
  constructor(...terms: ConstructorParameters<typeof WebSocket>) {
    super(...terms)
    this.on('error', () => {})
  }
}

export interface SubscriberTerms {
  readonly name: string
  readonly member: string
  readonly token: string
  readonly urls: readonly string[]
  /** The server it asks first. */
  readonly home: number
  readonly draw: Draw
  readonly log: LogBook
}

export interface Subscriber {
  readonly following: Following
  /** Whether it has come to this version. */
  hasReached(version: number): boolean
  close(): Promise<void>
}

/**
 * Follows a member's wallet from version 0 on. Comes back with the version it saw last whenever the
 * connection ends, and lets go of it by itself now and then. Writes down all that it is sent, right
 * or wrong.
 */
export function subscribe(terms: SubscriberTerms): Subscriber {
  const { urls, home, draw, log } = terms
  const following = log.follow({ subscriber: terms.name, member: terms.member, from: 0 })
  let isOver = false
  let hangUp = () => {}

  const cursor = () => following.seen.at(-1)?.version ?? following.from

  const followOnce = async (url: string) => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      connectionParams: { authorization: `Bearer ${terms.token}` },
      retryAttempts: 0,
    })
    hangUp = () => client.terminate()
    following.connections += 1
    // Once in a while a phone loses its network while the server lives.
    let left = draw.chance(0.5) ? draw.between(1, 60) : Number.POSITIVE_INFINITY
    try {
      const changes = client.iterate<{ balanceChanged: Change }>({
        query: FOLLOW,
        variables: { after: String(cursor()) },
      })
      for await (const { data, errors } of changes) {
        if (!data) throw new Error(JSON.stringify(errors))
        const { version, balance, change } = data.balanceChanged
        log.saw(following, {
          version: Number(version),
          transaction: change.id,
          points: change.points,
          available: balance.available,
          at: Date.now(),
        })
        left -= 1
        if (isOver || left <= 0) break
      }
    } catch (fault) {
      // The server is away, or went away: it comes back.
      log.lost(following, wordsOf(fault))
    } finally {
      await client.dispose()
    }
  }

  const run = async () => {
    for (let server = home; !isOver; server++) {
      await followOnce(urls[server % urls.length]!)
      if (!isOver) await sleep(draw.between(20, 600))
    }
  }
  const ended = run()

  return {
    following,
    hasReached: (version) => cursor() >= version,
    async close() {
      isOver = true
      hangUp()
      await ended
    },
  }
}

/** What graphql-ws throws: an event of the socket, an error, or a list of GraphQL errors. */
function wordsOf(fault: unknown): string {
  const { code, reason, message } = fault as { code?: unknown; reason?: string; message?: string }
  return message ?? (code === undefined ? JSON.stringify(fault) : `${code} ${reason ?? ''}`.trim())
}

interface Change {
  readonly version: string
  readonly balance: { readonly available: number }
  readonly change: { readonly id: string; readonly points: number }
}
