import type { Viewer } from '@pointwell/plugin'
import type { GraphQLError } from 'graphql'
import { RequestFault } from '../http/request-fault.js'
import type { Metrics } from '../metrics/open-metrics.js'
import { type Client, clientOf } from './client-of.js'
import { openRateLimiter } from './open-rate-limiter.js'
import { rateLimited, requestRateLimited } from './rate-limited.js'
import type { Rates } from './rates.js'

/** Where requests are turned away that come too fast (A7), over HTTP and sockets alike. */
export interface RateGate {
  /**
   * Lets a request in for whoever it turns out to be from. One with a token that is no good counts for
   * its address, so that others there who have good ones go on. Throws `RequestFault` 429, and what
   * `findViewer` throws.
   */
  admit(address: string, findViewer: () => Promise<Viewer>): Promise<Viewer>
  /** An operation of someone who was let in before: a socket's. */
  checkOperation(client: Client): GraphQLError | undefined
  /** What the operation costs is known now. Throws RATE_LIMITED. */
  assertCost(client: Client, cost: number): void
}

export function openRateGate(options: {
  rates: Rates
  metrics: Metrics
  /** Epoch milliseconds. */
  now(): number
}): RateGate {
  const { metrics } = options
  const limiter = openRateLimiter(options)

  return {
    async admit(address, findViewer) {
      let viewer: Viewer
      try {
        viewer = await findViewer()
      } catch (error) {
        if (error instanceof RequestFault && error.statusCode === 401) {
          assertArrival(clientOf({ kind: 'anonymous' }, address))
        }
        throw error
      }
      assertArrival(clientOf(viewer, address))
      return viewer
    },
    checkOperation(client) {
      const waitSeconds = limiter.checkArrival(client)
      if (waitSeconds === undefined) return undefined
      metrics.rateLimited(client.kind)
      return rateLimited(waitSeconds)
    },
    assertCost(client, cost) {
      const waitSeconds = limiter.checkCost(client, cost)
      if (waitSeconds === undefined) return
      metrics.rateLimited(client.kind)
      throw rateLimited(waitSeconds)
    },
  }

  function assertArrival(client: Client): void {
    const waitSeconds = limiter.checkArrival(client)
    if (waitSeconds === undefined) return
    metrics.rateLimited(client.kind)
    throw requestRateLimited(waitSeconds)
  }
}
