import { LRUCache } from 'lru-cache'
import type { Client } from './client-of.js'
import type { Rates } from './rates.js'

/** So many clients are told apart at a time; who was away longest begins anew. */
const MAX_CLIENTS = 20_000
const MINUTE = 60_000

/** What a client has left; below zero when an operation cost more than there was. */
interface Bucket {
  /** Costs × milliseconds of a minute: a rate a minute fills it by whole numbers, and exactly. */
  left: number
  /** When that was so, epoch milliseconds. */
  at: number
}

/**
 * How much a client may ask for, by a bucket that fills up steadily. What an operation costs is known
 * only once it is read, so a request is let in while there is anything left, and what it costs beyond
 * that is owed: nothing that is within the other limits is too large to ever be answered, and over time
 * nobody gets more than the rate. Each server counts for itself.
 */
export interface RateLimiter {
  /** A request came, and takes 1. Answers with the seconds to wait when there is nothing left. */
  checkArrival(client: Client): number | undefined
  /**
   * It is an operation that costs so much, the 1 included. Answers with the seconds to wait when others
   * that came at the same time have left a debt.
   */
  checkCost(client: Client, cost: number): number | undefined
}

export function openRateLimiter({
  rates,
  now,
}: {
  rates: Rates
  /** Epoch milliseconds. */
  now(): number
}): RateLimiter {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS })

  return {
    checkArrival: (client) => take(client, { needed: 1, cost: 1 }),
    checkCost: (client, cost) => take(client, { needed: 0, cost: Math.max(0, cost - 1) }),
  }

  function take(
    client: Client,
    { needed, cost }: { needed: number; cost: number },
  ): number | undefined {
    const rate = rates[client.kind]
    if (rate === 0) return undefined
    const bucket = filled(client, rate)
    if (bucket.left < needed * MINUTE) return secondsUntilOne(bucket, rate)
    bucket.left -= cost * MINUTE
    return undefined
  }

  function filled({ kind, name }: Client, rate: number): Bucket {
    const key = `${kind} ${name}`
    const at = now()
    let bucket = buckets.get(key)
    if (!bucket) {
      bucket = { left: rate * MINUTE, at }
      buckets.set(key, bucket)
    }
    const passedMs = Math.max(0, at - bucket.at)
    bucket.left = Math.min(rate * MINUTE, bucket.left + rate * passedMs)
    bucket.at = at
    return bucket
  }
}

function secondsUntilOne({ left }: Bucket, rate: number): number {
  return Math.max(1, Math.ceil((MINUTE - left) / (rate * 1_000)))
}
