import type { Ledger, Posted, Refusal } from '@pointwell/ledger'
import type { Viewer } from '@pointwell/plugin'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { WalletFeed } from '../feed/wallet-feed.js'
import type { ChangeNews, NewsCounts } from '../news/change-news.js'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Names of operations are the client's words: so many are told apart, the rest are `other`. */
const MAX_OPERATIONS = 200

/** Figures of one server, for Prometheus (O6). */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  requestDone(request: { method: string; route: string; status: number; seconds: number }): void
  operationDone(operation: {
    name: string | null | undefined
    kind: string
    transport: 'http' | 'socket'
    outcome: 'ok' | 'error' | 'fault'
    seconds: number
  }): void
  socketOpened(): void
  socketClosed(reason: 'client' | 'expired' | 'slow' | 'shutdown'): void
  rateLimited(kind: Viewer['kind']): void
  watchFeed(feed: WalletFeed): void
  watchNews(news: ChangeNews): void
}

export function openMetrics(registry = new Registry()): Metrics {
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({
    name: 'pointwell_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const operations = new Histogram({
    name: 'pointwell_graphql_operation_duration_seconds',
    help: 'Time to answer an operation; of a subscription, to start it.',
    labelNames: ['operation', 'kind', 'transport', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const sockets = new Gauge({
    name: 'pointwell_sockets_open',
    help: 'Sockets open now.',
    registers,
  })
  const closings = new Counter({
    name: 'pointwell_sockets_closed_total',
    help: 'Sockets closed, by who or what closed them.',
    labelNames: ['reason'],
    registers,
  })
  const limited = new Counter({
    name: 'pointwell_rate_limited_total',
    help: 'Requests and operations turned away because their client asked for too much, by who it is.',
    labelNames: ['kind'],
    registers,
  })
  const names = new Set<string>()

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    requestDone({ method, route, status, seconds }) {
      requests.observe({ method, route, status: String(status) }, seconds)
    },
    operationDone({ name, kind, transport, outcome, seconds }) {
      operations.observe({ operation: labelOf(name), kind, transport, outcome }, seconds)
    },
    socketOpened() {
      sockets.inc()
    },
    socketClosed(reason) {
      sockets.dec()
      closings.inc({ reason })
    },
    rateLimited(kind) {
      limited.inc({ kind })
    },
    watchFeed(feed) {
      new Gauge({
        name: 'pointwell_wallet_followers',
        help: 'Subscriptions of balanceChanged that run now.',
        registers,
        collect() {
          this.set(feed.followers())
        },
      })
    },
    watchNews(news) {
      new Gauge({
        name: 'pointwell_news_live',
        help: '1 while Redis carries the news of changes between servers, 0 while they are found by looking.',
        registers,
        collect() {
          this.set(news.isLive() ? 1 : 0)
        },
      })
      const what: Record<keyof NewsCounts, string> = {
        told: 'Changes told to other servers.',
        heard: 'Changes that other servers told.',
        dropped: 'Changes not told, because Redis could not be used; others found them by looking.',
        unreadable: 'Messages on our channel of Redis that no server of ours wrote.',
      }
      for (const [name, help] of Object.entries(what)) {
        new Counter({
          name: `pointwell_news_${name}_total`,
          help,
          registers,
          collect() {
            this.reset()
            this.inc(news.counts()[name as keyof NewsCounts])
          },
        })
      }
    },
  }

  function labelOf(name: string | null | undefined): string {
    if (!name) return 'anonymous'
    if (names.has(name)) return name
    if (names.size >= MAX_OPERATIONS || name.length > 64) return 'other'
    names.add(name)
    return name
  }
}

/** The same ledger, counted: what was posted and refused, how long it took, how many waited. */
export function meterLedger(ledger: Ledger, registry: Registry): Ledger {
  const registers = [registry]
  const posts = new Histogram({
    name: 'pointwell_ledger_post_duration_seconds',
    help: 'Time from handing a command to the ledger to its answer.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  })
  const refusals = new Counter({
    name: 'pointwell_ledger_refusals_total',
    help: 'Commands refused, by code.',
    labelNames: ['code'],
    registers,
  })
  const transactions = new Counter({
    name: 'pointwell_ledger_transactions_total',
    help: 'Transactions written, by type.',
    labelNames: ['type'],
    registers,
  })
  const batches = new Histogram({
    name: 'pointwell_ledger_batch_transactions',
    help: 'Transactions that shared one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  })
  new Gauge({
    name: 'pointwell_ledger_waiting',
    help: 'Commands that wait for a batch now.',
    registers,
    collect() {
      this.set(ledger.waiting())
    },
  })
  ledger.onPosted((posted) => {
    batches.observe(posted.length)
    for (const { type } of posted) transactions.inc({ type })
  })

  return {
    ...ledger,
    async post(command): Promise<Posted | Refusal> {
      const stop = posts.startTimer()
      try {
        const answer = await ledger.post(command)
        if (answer.refused) refusals.inc({ code: answer.code })
        stop({ outcome: answer.refused ? 'refused' : answer.replayed ? 'replayed' : 'posted' })
        return answer
      } catch (fault) {
        stop({ outcome: 'fault' })
        throw fault
      }
    },
  }
}
