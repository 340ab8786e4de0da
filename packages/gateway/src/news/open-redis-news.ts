import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Timers } from '../clock/timers.js'
import { assertRedisUrl } from './assert-redis-url.js'
import type { ChangeNews, NewsListener } from './change-news.js'
import { openRedisLink, type RedisLink } from './open-redis-link.js'
import { Outbox } from './outbox.js'
import { readNews } from './read-news.js'
import { writeNews } from './write-news.js'

export interface RedisNewsOptions {
  /** `redis://USER:PASSWORD@HOST:PORT`, or `rediss://`. */
  readonly url: string
  /** The database that the news is about; servers of another one are not heard. */
  readonly databaseId: string
  readonly timers: Timers
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** How often a server says that it is there; it is what its own hearing is checked by. */
const BEAT_MS = 1_000
/** Beats without hearing oneself after which news does not travel. */
const BEATS_UNSURE = 2
/** Beats without hearing oneself after which another connection is tried. */
const BEATS_LOST = 4
/** Beats after which a connection is not one of those that break at once. */
const BEATS_STEADY = 10
const RETRY_MS = { first: 250, most: 10_000 }
/** Wallets that may wait to be told of; in a message there are at most so many. */
const MOST_WAITING = 10_000
const MOST_IN_MESSAGE = 2_000

/**
 * News by Redis' PUBLISH and SUBSCRIBE. One message is under way at a time, and takes with it all
 * that has gathered meanwhile; so a Redis that is slow gets fewer and larger ones, and one that hangs
 * is given up after some seconds. Throws `RedisUrlInvalid`; a Redis that is not there is no fault.
 */
export function openRedisNews(options: RedisNewsOptions): ChangeNews {
  const { url, databaseId, timers, log } = options
  assertRedisUrl(url)
  const channel = `pointwell:news:${databaseId}`
  const sender = randomUUID()
  const listeners = new Set<NewsListener>()
  const outbox = new Outbox(MOST_WAITING)
  const counts = { told: 0, heard: 0, dropped: 0, unreadable: 0 }
  let link: RedisLink | undefined
  let state: 'closed' | 'opening' | 'open' | 'live' = 'closed'
  let isTelling = false
  let isTellingSoon = false
  let silentBeats = 0
  let steadyBeats = 0
  let tries = 0
  let hasSaidAway = false
  let cancelRetry = () => {}
  const stopBeating = timers.every(BEAT_MS, beat)
  connect()

  return {
    tell(changes) {
      if (state !== 'open' && state !== 'live') {
        counts.dropped += changes.length
        return
      }
      counts.dropped += outbox.put(changes)
      if (isTellingSoon || isTelling) return
      isTellingSoon = true
      // What other lanes commit in this turn of the event loop goes with it.
      setImmediate(() => {
        isTellingSoon = false
        if (outbox.size > 0) void send()
      })
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isLive: () => state === 'live' && silentBeats < BEATS_UNSURE,
    counts: () => ({ ...counts }),
    async close() {
      stopBeating()
      cancelRetry()
      letGo()
      listeners.clear()
    },
  }

  function connect(): void {
    state = 'opening'
    silentBeats = 0
    link = openRedisLink({
      url,
      channel,
      onOpen() {
        state = 'open'
        void send()
      },
      onText: hear,
      onLost: lose,
    })
  }

  function beat(): void {
    if (state === 'closed') return
    if (silentBeats >= BEATS_LOST) {
      lose(new Error(`Redis has not answered for ${(BEATS_LOST * BEAT_MS) / 1_000} s`))
      return
    }
    silentBeats += 1
    steadyBeats += 1
    if (steadyBeats >= BEATS_STEADY && state === 'live') tries = 0
    if (state !== 'opening') void send()
  }

  /** Sends what waits, or only that this server is there; one message after the other. */
  async function send(): Promise<void> {
    const by = link
    if (isTelling || !by) return
    isTelling = true
    try {
      do {
        const changes = outbox.take(MOST_IN_MESSAGE)
        await by.tell(writeNews(sender, changes))
        counts.told += changes.length
      } while (outbox.size > 0 && link === by)
      if (link === by) isTelling = false
    } catch (fault) {
      // Refused, as by an access list, or lost: both are an end of this connection.
      if (link === by) lose(fault)
    }
  }

  function hear(text: string): void {
    const news = readNews(text)
    if (!news) {
      counts.unreadable += 1
      return
    }
    if (news.sender === sender) {
      hearMyself()
      return
    }
    counts.heard += news.changes.length
    if (news.changes.length > 0) inform((listener) => listener.onChanges(news.changes))
  }

  function hearMyself(): void {
    silentBeats = 0
    if (state !== 'open') return
    state = 'live'
    steadyBeats = 0
    log.info({ channel }, 'Redis carries the news of changes between servers')
    hasSaidAway = false
    inform((listener) => listener.onGap())
  }

  function lose(fault: unknown): void {
    const wasLive = state === 'live'
    letGo()
    if (!hasSaidAway) {
      hasSaidAway = true
      log.warn(
        { reason: reasonOf(fault) },
        'POINTWELL_REDIS_URL: Redis cannot be used now; nothing is lost, but changes written by other servers show up later. It is tried again until it can',
      )
    }
    const delayMs = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** tries)
    tries = Math.min(tries + 1, 16)
    cancelRetry = timers.after(delayMs, connect)
    if (wasLive) inform((listener) => listener.onGap())
  }

  function letGo(): void {
    state = 'closed'
    const lost = link
    link = undefined
    isTelling = false
    counts.dropped += outbox.clear()
    lost?.close()
  }

  /** A listener's fault is its own. */
  function inform(act: (listener: NewsListener) => void): void {
    for (const listener of listeners) {
      try {
        act(listener)
      } catch (err) {
        log.error({ err }, 'a listener to news failed')
      }
    }
  }
}

/** What Node or Redis says of it; several addresses that all fail come as one fault without words. */
function reasonOf(fault: unknown): string {
  if (fault instanceof AggregateError && fault.errors.length > 0) return reasonOf(fault.errors[0])
  return fault instanceof Error ? fault.message || fault.name : String(fault)
}
