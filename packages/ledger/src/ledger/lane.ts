import type { LedgerTransaction } from '../posting/posting.js'
import { type LedgerStore, StoreConflict } from '../store/ledger-store.js'
import { type Answer, type BatchOutcome, type Request, runBatch } from './batch.js'

export interface LaneOptions {
  readonly store: LedgerStore
  readonly clock: () => number
  /** Most requests that share one commit. */
  readonly batchSize: number
  /** Most attempts of one batch when the store answers with a conflict. */
  readonly attempts: number
  /** Waits before attempt n (from 2) of a batch; injected so that tests need not wait. */
  readonly pause: (attempt: number) => Promise<void>
  readonly onCommitted: (transactions: readonly LedgerTransaction[]) => void
}

interface Waiting {
  readonly request: Request
  readonly resolve: (answer: Answer) => void
  readonly reject: (fault: unknown) => void
  /** How often a decision asked for lots that were not loaded. */
  repeats: number
}

/** A decision that after so many loads still asks for a lot it did not name is faulty. */
const MOST_REPEATS = 3

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
      this.queue.push({ request, resolve, reject, repeats: 0 })
      this.running ??= this.run()
    })
  }

  /** Resolves when everything asked so far is answered. */
  async drained(): Promise<void> {
    while (this.running) await this.running
  }

  private async run(): Promise<void> {
    // Lets callers of the same turn of the event loop in before the first batch leaves.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, this.options.batchSize)
      await this.commit(batch)
    }
    this.running = undefined
  }

  /** A fault of the store that no retry mends is narrowed down to the requests that cause it. */
  private async commit(batch: Waiting[]): Promise<void> {
    try {
      this.deliver(batch, await this.attempt(batch))
    } catch (fault) {
      if (batch.length === 1) return batch[0]!.reject(fault)
      // Every request would fail alone too; halving would only repeat the wait.
      if (fault instanceof StoreConflict) {
        for (const { reject } of batch) reject(fault)
        return
      }
      const half = batch.length >> 1
      await this.commit(batch.slice(0, half))
      await this.commit(batch.slice(half))
    }
  }

  private async attempt(batch: readonly Waiting[]): Promise<BatchOutcome> {
    const { store, clock, attempts, pause } = this.options
    const requests = batch.map(({ request }) => request)
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.transaction((session) => runBatch(session, requests, clock()))
      } catch (fault) {
        if (!(fault instanceof StoreConflict) || attempt >= attempts) throw fault
        await pause(attempt + 1)
      }
    }
  }

  private deliver(batch: readonly Waiting[], outcome: BatchOutcome): void {
    const again: Waiting[] = []
    outcome.answers.forEach((answer, place) => {
      const waiting = batch[place]!
      if ('again' in answer && ++waiting.repeats < MOST_REPEATS) again.push(waiting)
      else if ('fault' in answer) waiting.reject(answer.fault)
      else waiting.resolve(answer)
    })
    this.queue.unshift(...again)
    if (outcome.transactions.length > 0) this.options.onCommitted(outcome.transactions)
  }
}
