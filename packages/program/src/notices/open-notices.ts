import { randomUUID } from 'node:crypto'
import type { Ledger, Notice } from '@pointwell/ledger'
import type { Job, JobContext } from '../jobs/job.js'
import type { OnFailure } from '../refusal/each-its-own.js'
import { retryAt } from './retry-at.js'

/** Does what a notice asks for. Called at least once for each, and must be safe to be called again;
 * `wallet` and `version` name the transaction it is about. */
export type NoticeHandler = (notice: Notice) => Promise<void>

export interface NoticesOptions {
  readonly ledger: Pick<Ledger, 'notices' | 'clock' | 'onNotices'>
  /** By topic. Notices of other topics stay where they are. */
  readonly handlers: Readonly<Record<string, NoticeHandler>>
  /** Told of each notice that failed, which is tried again later. */
  readonly onFailure?: OnFailure | undefined
  /** How long a handler may take; milliseconds, default 20 s. */
  readonly handleMs?: number
  /** How long a server that died keeps its notices from the others; default a minute. */
  readonly claimMs?: number
  /** Most notices that are taken at a time; default 200. */
  readonly most?: number
}

export interface Handled {
  readonly handled: number
  readonly failed: number
}

export interface Notices {
  /** From now on, what this server's own postings call for is done at once. */
  start(): void
  /** Does all that is due now, whoever wrote it. */
  handleDue(signal?: AbortSignal): Promise<Handled>
  /** Does what servers that died left undone, and what failed. */
  readonly job: Job
  /** Takes nothing new, and resolves when what is in hand is done. */
  close(): Promise<void>
}

/**
 * Hands notices to whom they concern: those of one wallet and topic one after the other, in the order
 * of the wallet's versions, all others side by side. A server that has written some handles them as
 * soon as they are committed; a job does what is left. Any number of servers may, for each has claimed
 * what it handles.
 */
export function openNotices(options: NoticesOptions): Notices {
  const { ledger, handlers, onFailure, handleMs = 20_000, claimMs = 60_000 } = options
  const topics = Object.keys(handlers)
  const stop = new AbortController()
  let working: Promise<unknown> | undefined
  let more = false

  const handleDue = async (signal: AbortSignal = stop.signal): Promise<Handled> => {
    let handled = 0
    let failed = 0
    while (topics.length > 0 && !signal.aborted && !stop.signal.aborted) {
      const now = ledger.clock()
      const claim = { claim: randomUUID(), now, until: now + claimMs }
      const terms = { ...claim, topics, limit: options.most ?? 200 }
      const notices = await ledger.notices.claim(terms)
      if (notices.length === 0) break
      const done = await handleClaimed(notices, claim)
      handled += done.handled
      failed += done.failed
    }
    return { handled, failed }
  }

  const handleClaimed = async (
    notices: readonly Notice[],
    { claim, until }: { claim: string; until: number },
  ): Promise<Handled> => {
    const ended: number[] = []
    const failed: { seq: number; dueAt: number; error: string }[] = []
    const left: number[] = []
    /** Stops at the first that fails: what follows it comes after it. */
    const handleQueue = async (queue: readonly Notice[]) => {
      for (const [place, notice] of queue.entries()) {
        if (stop.signal.aborted || ledger.clock() > until - handleMs) {
          left.push(...queue.slice(place).map(({ seq }) => seq))
          return
        }
        const fault = await faultOf(handlers[notice.topic]!, notice, handleMs)
        if (fault === undefined) {
          ended.push(notice.seq)
          continue
        }
        const { seq, topic, wallet, version, attempts } = notice
        onFailure?.(`notices: ${topic} of ${wallet}-${version}`, fault)
        failed.push({ seq, dueAt: retryAt(ledger.clock(), attempts), error: messageOf(fault) })
        left.push(...queue.slice(place + 1).map((next) => next.seq))
        return
      }
    }
    await Promise.all(queuesOf(notices).map(handleQueue))
    if (ended.length > 0) await ledger.notices.end(claim, ended)
    if (failed.length > 0) await ledger.notices.postpone(claim, failed)
    if (left.length > 0) await ledger.notices.release(claim, left)
    return { handled: ended.length, failed: failed.length }
  }

  /** One turn at a time on this server; what comes meanwhile is in the next. */
  const hear = (): void => {
    more = true
    working ??= (async () => {
      while (more && !stop.signal.aborted) {
        more = false
        await handleDue()
      }
    })()
      .catch((fault) => onFailure?.('notices', fault))
      .finally(() => {
        working = undefined
        // Heard between the last look and now.
        if (more && !stop.signal.aborted) hear()
      })
  }

  const job: Job = {
    name: 'notices',
    title: { en: 'Do what follows from postings', zh: '处理入账后的后续事项' },
    everyMs: 1_000,
    async run({ signal }: JobContext) {
      const { handled, failed } = await handleDue(signal)
      return failed === 0 ? `${handled} handled` : `${handled} handled, ${failed} failed`
    },
  }

  let unhear = () => {}
  return {
    start() {
      unhear()
      const forget = ledger.onNotices(hear)
      unhear = () => void forget()
    },
    handleDue,
    job,
    async close() {
      unhear()
      stop.abort()
      await working
    },
  }
}

/** Of each wallet and topic, in the order in which they were claimed. */
function queuesOf(notices: readonly Notice[]): Notice[][] {
  const queues = new Map<string, Notice[]>()
  for (const notice of notices) {
    const name = `${notice.wallet}:${notice.topic}`
    const queue = queues.get(name)
    if (queue) queue.push(notice)
    else queues.set(name, [notice])
  }
  return [...queues.values()]
}

async function faultOf(
  handle: NoticeHandler,
  notice: Notice,
  handleMs: number,
): Promise<unknown | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not done after ${handleMs} ms`)), handleMs)
  })
  try {
    await Promise.race([handle(notice), late])
    return undefined
  } catch (fault) {
    return fault ?? new Error('it failed without saying why')
  } finally {
    clearTimeout(timer)
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
