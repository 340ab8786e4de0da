import { randomUUID } from 'node:crypto'
import { type Refusal, refuse, type SqlConnection } from '@pointwell/ledger'
import { type Notifier, type PluginStore, type PluginWatch, runEffect } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import type { Job } from '../jobs/job.js'
import type { WrittenMessage } from '../message/message-rows.js'
import { messageWords } from '../message/message-words.js'
import { retryAt } from '../notices/retry-at.js'
import { GIVE_UP_HOURS } from '../policy/policy-document.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { newId } from '../redemption/new-id.js'
import {
  claimDeliveries,
  type Delivery,
  type DeliveryFilter,
  endTry,
  insertDeliveries,
  type Outcome,
  reviveDelivery,
  selectDeliveries,
  selectDelivery,
} from './delivery-rows.js'

/** Messages go out by notifiers (O1): each by each that was on when it was written, once. */
export interface Deliveries {
  /** Puts messages that were just written in the queue, in the transaction that writes them. */
  follow(connection: SqlConnection, written: readonly WrittenMessage[]): Promise<void>
  /** Tries what is due now; answers with how many were tried, and how many of these were not delivered. */
  deliverDue(signal?: AbortSignal): Promise<{ readonly tried: number; readonly failed: number }>
  /** The newest first, before the one with the number `before`. */
  page(request: {
    readonly filter: DeliveryFilter
    readonly before: number
    readonly limit: number
  }): Promise<readonly Delivery[]>
  /** Tries one anew that was given up. Refuses DELIVERY_NOT_FOUND, DELIVERY_NOT_DEAD. */
  redeliver(id: number, acting?: Acting | null): Promise<Delivery | Refusal>
  /** Tries what is due, whoever wrote it. */
  readonly job: Job
}

const CLAIM_MS = 60_000
/** What a notifier may take for one; as many rounds of these as fit in a claim. */
const DELIVER_MS = 10_000
/** Calls of notifiers side by side. */
const AT_ONCE = 20
const MOST = AT_ONCE * Math.floor(CLAIM_MS / DELIVER_MS - 1)
const MOST_DETAIL = 500
/** How long what a switched-off notifier has waits until it is looked at again. */
const OFF_MS = 60_000
const HOUR_MS = 3_600_000

export function openDeliveries({
  database,
  policies,
  notifiers: list,
  clock,
  store,
  record,
  watch,
  signal: shutdown,
}: {
  database: ProgramDatabase
  policies: PolicyReads
  notifiers: readonly Notifier[]
  clock: () => number
  store: PluginStore
  record: Audit['record']
  watch?: PluginWatch | undefined
  /** Ends calls in progress. */
  signal: AbortSignal
}): Deliveries {
  const notifiers = new Map(list.map((notifier) => [notifier.id, notifier]))
  const read = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.read((manager) => work(database.connection(manager)))
  const write = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))

  /** Undefined: it is not told of anything now. */
  const onAt = (id: string, now: number) => {
    const notifier = notifiers.get(id)
    const policy = policies.at(now).document.notifiers[id]
    return notifier && policy?.enabled ? { notifier, settings: policy.settings } : undefined
  }

  /** Asks the notifier, unless it is too late or it is off. */
  const attempt = async (delivery: Delivery): Promise<Outcome & { readonly asked: boolean }> => {
    const now = clock()
    const { notifier: id, detail } = delivery
    const hours = policies.at(now).document.notifiers[id]?.giveUpAfterHours ?? GIVE_UP_HOURS
    if (now >= delivery.askedAt + hours * HOUR_MS) {
      const why = `given up after ${hours} hours${detail ? `: ${detail}` : ''}`
      return { asked: false, ...dead(cut(why), now) }
    }
    const on = onAt(id, now)
    if (!on) return { asked: false, ...waiting(detail, now + OFF_MS) }
    const { message, ref, memberId } = delivery
    const { kind, figures, writtenAt } = message
    const told = { id: ref, memberId, kind, ...messageWords(kind, figures), figures, at: writtenAt }
    const answer = await runEffect(
      on.notifier,
      'deliver',
      { settings: on.settings, message: told, now, store },
      { timeoutMs: DELIVER_MS, signal: shutdown, ...(watch && { watch }) },
    )
    const after = clock()
    const why = answer.detail === undefined ? null : cut(answer.detail)
    switch (answer.outcome) {
      case 'delivered':
        return { asked: true, state: 'delivered', dueAt: null, detail: null, endedAt: after }
      case 'dead':
        return { asked: true, ...dead(why, after) }
      case 'again':
        return { asked: true, ...waiting(why, retryAt(after, delivery.attempts + 1)) }
    }
  }

  const deliverDue: Deliveries['deliverDue'] = async (signal = shutdown) => {
    let tried = 0
    let failed = 0
    const tryOne = async (delivery: Delivery, claim: string) => {
      const { asked, ...outcome } = await attempt(delivery)
      await write((connection) => endTry(connection, { id: delivery.id, claim, asked }, outcome))
      if (!asked) return
      tried++
      if (outcome.state !== 'delivered') failed++
    }
    while (!signal.aborted && !shutdown.aborted) {
      const now = clock()
      const terms = { claim: randomUUID(), now, until: now + CLAIM_MS, limit: MOST }
      const due = await write((connection) => claimDeliveries(connection, terms))
      if (due.length === 0) break
      for (let from = 0; from < due.length && !shutdown.aborted; from += AT_ONCE) {
        const some = due.slice(from, from + AT_ONCE)
        await Promise.all(some.map((delivery) => tryOne(delivery, terms.claim)))
      }
    }
    return { tried, failed }
  }

  return {
    async follow(connection, written) {
      await insertDeliveries(
        connection,
        written.flatMap(({ id: message, writtenAt: askedAt }) =>
          [...notifiers.keys()]
            .filter((notifier) => onAt(notifier, askedAt))
            .map((notifier) => ({ ref: newId(askedAt), message, notifier, askedAt })),
        ),
      )
    },

    deliverDue,

    page: (request) => read((connection) => selectDeliveries(connection, request)),

    redeliver: (id, acting) =>
      write(async (connection) => {
        const before = await selectDelivery(connection, id)
        if (!before) return refuse('DELIVERY_NOT_FOUND', { field: 'id' })
        const now = clock()
        if (!(await reviveDelivery(connection, id, now))) {
          return refuse('DELIVERY_NOT_DEAD', { field: 'id' })
        }
        if (acting) {
          const { endedAt, detail } = before
          await record(connection, [
            {
              ...acting,
              at: now,
              act: 'redeliver',
              target: { kind: 'delivery', id: String(id) },
              before: { state: 'dead', detail },
              after: { state: 'waiting' },
              key: `redeliver:${id}:${endedAt}`,
            },
          ])
        }
        return (await selectDelivery(connection, id))!
      }),

    job: {
      name: 'deliveries',
      title: { en: 'Deliver messages', zh: '投递消息' },
      everyMs: 1_000,
      async run({ signal }) {
        const { tried, failed } = await deliverDue(signal)
        return failed === 0 ? `${tried} tried` : `${tried} tried, ${failed} not delivered`
      },
    },
  }
}

function dead(detail: string | null, endedAt: number): Outcome {
  return { state: 'dead', dueAt: null, detail, endedAt }
}

function waiting(detail: string | null, dueAt: number): Outcome {
  return { state: 'waiting', dueAt, detail, endedAt: null }
}

function cut(detail: string): string {
  return detail.slice(0, MOST_DETAIL)
}
