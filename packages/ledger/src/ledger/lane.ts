import { CommitUnknown, StoreConflict } from '../database/store-conflict.js'
import type { NoticesOf } from '../notice/notice.js'
import type { LabelsOf } from '../posting/posting.js'
import type { LedgerStore } from '../store/ledger-store.js'
import {
  type Answer,
  type BatchOutcome,
  DecisionHung,
  type Request,
  runBatch,
} from './run-batch.js'
import { withMissing } from './with-missing.js'

export interface LaneOptions {
  readonly store: LedgerStore
  readonly clock: () => number
  /** Most requests that share one commit. */
  readonly batchSize: number
  /** Most attempts of one batch when the store answers with a conflict. */
  readonly attempts: number
  /** Waits before attempt n (from 2) of a batch; injected so that tests need not wait. */
  readonly pause: (attempt: number) => Promise<void>
  /** Longest that the decisions of one batch may take together, milliseconds. */
  readonly decideMs: number
  readonly noticesOf: NoticesOf | undefined
  readonly labelsOf: LabelsOf
  readonly onCommitted: (outcome: BatchOutcome) => void
}

interface Waiting {
  request: Request
  readonly resolve: (answer: Answer) => void
  readonly reject: (fault: unknown) => void
}

/**
 * One lane of group commit: whatever arrives while a batch commits shares the next one. Requests of
 * a wallet always take the same lane, in the order in which they came.
 */
export class Lane {
  private queue: Waiting[] = []
  private running: Promise<void> | undefined

  constructor(private readonly options: LaneOptions) {}

  get length(): number {
    return this.queue.length
  }

  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject })
      this.running ??= this.run()
    })
  }

  /** Resolves when everything asked so far is answered. */
  async drained(): Promise<void> {
    while (this.running) await this.running
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      // Lets callers of the same turn of the event loop in before the batch leaves. And lets the
      // loop turn at all: SQLite never waits, and callers who post again at once would never end.
      await new Promise((resolve) => setImmediate(resolve))
      const batch = this.queue.splice(0, this.options.batchSize)
      await this.commit(batch)
    }
    this.running = undefined
  }

  /** A fault of the store that no retry mends is narrowed down to the requests that cause it. */
  private async commit(batch: Waiting[]): Promise<void> {
    let outcome: BatchOutcome
    try {
      outcome = await this.attempt(batch.map(({ request }) => request))
    } catch (fault) {
      // In a conflict every request would fail alone too; halving would only repeat the wait.
      if (batch.length === 1 || fault instanceof StoreConflict) {
        for (const { reject } of batch) reject(fault)
        return
      }
      for (const part of parted(batch, fault)) await this.commit(part)
      return
    }
    this.deliver(batch, outcome)
  }

  private async attempt(requests: readonly Request[]): Promise<BatchOutcome> {
    const { store, clock, attempts, pause, decideMs, noticesOf, labelsOf } = this.options
    const unsure: BatchOutcome[] = []
    for (let attempt = 1; ; attempt++) {
      let decided: BatchOutcome | undefined
      try {
        return await store.transaction(async (session) => {
          const terms = { now: clock(), decideMs, noticesOf, labelsOf, unsure }
          decided = await runBatch(session, requests, terms)
          return decided
        })
      } catch (fault) {
        if (!(fault instanceof StoreConflict) || attempt >= attempts) throw fault
        if (decided && fault instanceof CommitUnknown) unsure.push(decided)
        await pause(attempt + 1)
      }
    }
  }

  private deliver(batch: readonly Waiting[], outcome: BatchOutcome): void {
    const again: Waiting[] = []
    outcome.answers.forEach((answer, place) => {
      const waiting = batch[place]!
      const richer = 'fault' in answer ? withMissing(waiting.request, answer.missing) : undefined
      if (richer) again.push({ ...waiting, request: richer })
      else if ('fault' in answer) waiting.reject(answer.fault)
      else waiting.resolve(answer)
    })
    this.queue.unshift(...again)
    if (outcome.transactions.length > 0) this.options.onCommitted(outcome)
  }
}

/** Smaller batches to find the culprit with, in the same order: it stands alone where it is known,
 * else in one of two halves. */
function parted(batch: Waiting[], fault: unknown): Waiting[][] {
  const half = batch.length >> 1
  const [from, to] = fault instanceof DecisionHung ? [fault.place, fault.place + 1] : [half, half]
  const parts = [batch.slice(0, from), batch.slice(from, to), batch.slice(to)]
  return parts.filter((part) => part.length > 0)
}
