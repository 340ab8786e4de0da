import type { Timers } from '../clock/timers.js'
import { BalanceChangesDocument, type BalanceChangesSubscription } from '../documents/documents.js'
import { PointwellError } from '../errors/pointwell-error.js'
import { readErrors } from '../errors/read-errors.js'
import type { Socket } from '../socket/open-socket.js'
import { type BackoffTerms, openBackoff } from './backoff.js'
import type { BalanceMoment, FollowOptions } from './balance-moment.js'
import { readEnd } from './read-end.js'

export interface FollowTerms {
  readonly socket: Socket
  readonly timers: Timers
  readonly backoff: BackoffTerms
  /** Another token, and a new socket for it; false: there is none. */
  renewToken(): boolean
  /** The wallet as it stands. */
  readNow(memberId: string | undefined, signal: AbortSignal): Promise<BalanceMoment>
}

/** So many wait to be taken at most; then the line is let go until they are, and the cursor goes on from there. */
const MOST_WAITING = 256
/** So often a gap may be met again at the same place. */
const MOST_GAPS = 3
/** A subscription that held for so long was a good one: the next pause is a short one again. */
const HELD_MS = 30_000

type Taker = {
  resolve(result: IteratorResult<BalanceMoment>): void
  reject(fault: unknown): void
}

/** How an attempt came to its end. */
interface End {
  readonly error: PointwellError
  /** The server had taken the token. */
  readonly wasAccepted: boolean
  /** The socket closed; otherwise the server refused what was asked. */
  readonly wasClosed: boolean
}

/**
 * Follows a wallet over as many connections as it takes: each change once and in order, whatever is cut.
 * Not a generator, because `return` of a generator that waits would wait with it.
 */
export class BalanceFollower implements AsyncIterableIterator<BalanceMoment> {
  readonly #terms: FollowTerms
  readonly #options: FollowOptions
  readonly #over = new AbortController()
  readonly #backoff
  readonly #moments: BalanceMoment[] = []
  readonly #takers: Taker[] = []
  /** The version that was queued last. */
  #cursor: number | undefined
  #hasBegun = false
  #fault: unknown
  #gaps = 0
  #isRenewing = false
  #drained: (() => void) | undefined

  constructor(terms: FollowTerms, options: FollowOptions) {
    this.#terms = terms
    this.#options = options
    this.#backoff = openBackoff(terms.backoff)
    if (options.after !== undefined) this.#cursor = Number(options.after)
    if (options.signal?.aborted) this.#end()
    options.signal?.addEventListener('abort', this.#end)
  }

  next(): Promise<IteratorResult<BalanceMoment>> {
    if (!this.#hasBegun) {
      this.#hasBegun = true
      void this.#run()
    }
    const value = this.#moments.shift()
    if (value) {
      if (this.#moments.length === 0) this.#drained?.()
      return Promise.resolve({ value, done: false })
    }
    if (this.#isOver) return this.#last()
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }))
  }

  async return(): Promise<IteratorResult<BalanceMoment>> {
    this.#moments.length = 0
    this.#end()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted
  }

  /** The fault is told once; then it is over. */
  async #last(): Promise<IteratorResult<BalanceMoment>> {
    const fault = this.#fault
    this.#fault = undefined
    if (fault !== undefined) throw fault
    return { value: undefined, done: true }
  }

  readonly #end = (): void => {
    if (this.#isOver) return
    this.#over.abort()
    this.#options.signal?.removeEventListener('abort', this.#end)
    this.#drained?.()
    for (const taker of this.#takers.splice(0)) this.#last().then(taker.resolve, taker.reject)
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isOver) {
        const end = await this.#attempt()
        if (this.#isOver || !end) continue
        await this.#pause(end)
      }
    } catch (fault) {
      if (this.#isOver) return
      this.#fault = fault
      this.#end()
    }
  }

  /** Undefined: the line was let go because nobody took what came. */
  async #attempt(): Promise<End | undefined> {
    if (this.#cursor === undefined) {
      try {
        const now = await this.#terms.readNow(this.#options.memberId, this.#over.signal)
        if (!this.#isOver) this.#take(now)
      } catch (error) {
        if (!(error instanceof PointwellError)) throw error
        return { error, wasAccepted: false, wasClosed: false }
      }
    }
    const startedAt = this.#terms.timers.now()
    const end = await this.#listen()
    if (this.#terms.timers.now() - startedAt >= HELD_MS) this.#backoff.reset()
    if (end) return end
    if (this.#moments.length > 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve
      })
    }
    return undefined
  }

  /** One subscription behind the cursor, to its end. */
  #listen(): Promise<End | undefined> {
    return new Promise((resolve) => {
      if (this.#isOver) return resolve(undefined)
      const { memberId, onLine } = this.#options
      let wasAccepted = false
      let isDone = false
      // Where graphql-ws sends it a second time by itself, it goes on from here too.
      const variables: Record<string, unknown> = { memberId, after: String(this.#cursor) }
      const finish = (end: End | undefined) => {
        if (isDone) return
        isDone = true
        this.#over.signal.removeEventListener('abort', leave)
        stop()
        resolve(end)
      }
      const leave = () => finish(undefined)
      let stop = () => {}
      this.#over.signal.addEventListener('abort', leave)
      stop = this.#terms.socket.subscribe(
        { query: BalanceChangesDocument, variables },
        {
          accepted() {
            if (isDone) return
            wasAccepted = true
            onLine?.({ isLive: true })
          },
          next: ({ data, errors }) => {
            if (isDone) return
            const error = readErrors(errors) ?? this.#hear(data as BalanceChangesSubscription)
            if (error) return finish({ error, wasAccepted, wasClosed: false })
            variables.after = String(this.#cursor)
            if (this.#moments.length >= MOST_WAITING) finish(undefined)
          },
          end: (reason) =>
            finish({ error: readEnd(reason), wasAccepted, wasClosed: !Array.isArray(reason) }),
        },
      )
      if (isDone) stop()
    })
  }

  /** Takes the next change; one that was seen is passed over, and behind a gap nothing is taken. */
  #hear({ balanceChanged }: BalanceChangesSubscription): PointwellError | undefined {
    const version = Number(balanceChanged.version)
    const cursor = this.#cursor ?? 0
    if (version <= cursor) return undefined
    if (version === cursor + 1) {
      this.#take(balanceChanged)
      return undefined
    }
    this.#gaps += 1
    return new PointwellError({
      code: this.#gaps > MOST_GAPS ? 'VERSION_GAP' : 'CONNECTION_LOST',
      message: `After version ${cursor} came ${version}.`,
    })
  }

  #take(moment: BalanceMoment): void {
    this.#cursor = Number(moment.version)
    this.#gaps = 0
    this.#isRenewing = false
    this.#backoff.reset()
    const taker = this.#takers.shift()
    if (taker) taker.resolve({ value: moment, done: false })
    else this.#moments.push(moment)
  }

  /** Waits before the next attempt; throws what will be no different then. */
  async #pause(end: End): Promise<void> {
    const { error, wasAccepted } = end
    if (error.code === 'UNAUTHENTICATED') this.#renewToken(end)
    else if (!error.isPassing) throw error
    else if (wasAccepted) this.#isRenewing = false
    const retryInMs = Math.max(this.#backoff.next(), error.retryAfterMs ?? 0)
    this.#options.onLine?.({ isLive: false, error, retryInMs })
    await new Promise<void>((resolve) => {
      const cancel = this.#terms.timers.after(retryInMs, () => {
        this.#over.signal.removeEventListener('abort', stop)
        resolve()
      })
      const stop = () => {
        cancel()
        resolve()
      }
      this.#over.signal.addEventListener('abort', stop, { once: true })
    })
  }

  /** One that was taken and ran out is renewed as often as that happens; one that was refused only once. */
  #renewToken({ error, wasAccepted, wasClosed }: End): void {
    const ranOut = wasAccepted && wasClosed
    if ((this.#isRenewing && !ranOut) || !this.#terms.renewToken()) throw error
    this.#isRenewing = true
  }
}
