/** Whoever waits in vain goes on after so long: only a read that waits for one of its own request's later
 * ones can make that happen, and it shall not wait for ever. */
const PATIENCE_MS = 10_000

/** What leaves with a wave. */
export interface WaveJob {
  /** Begins; `waves.open` for each answer there will be, one of which is open already. */
  start(waves: ReadWaves): void
}

/** Whose continuations run in this turn of the event loop. */
let current: ReadWaves | undefined

/** The waves of the request on whose behalf this code runs; undefined: it reads when it likes. */
export function currentWaves(): ReadWaves | undefined {
  return current
}

/**
 * Answers one request so that its reads leave in waves: whatever it can ask for before an answer is in is
 * the first, whatever it asks for once all these answers are in is the second, and so on. How many
 * statements it takes part in is then a matter of how deep its reads stand on one another, and never
 * of how long a list is, how busy the machine, or which answer came first (A4).
 *
 * A request has turns of the event loop to itself, one for its beginning and one for each time that
 * answers are handed over, so that what runs in them is known to be its own without a store for each
 * promise. What waits for anything else (a timer, another server) reads outside of the waves from then
 * on, which costs statements and nothing else.
 */
export function runInWaves<T>(work: () => T | PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      const waves = new ReadWaves()
      enter(waves)
      // What is done with the answer is no part of it.
      const leave = () => {
        if (current === waves) current = undefined
      }
      new Promise<T>((settle) => settle(work())).then(
        (answer) => {
          leave()
          resolve(answer)
        },
        (fault) => {
          leave()
          reject(fault)
        },
      )
    })
  })
}

/** Runs with the next wave of this request, where there is one, and at once where there is none. What runs
 * belongs to no request, so it may read as it likes. */
export function joinWave<T>(run: () => Promise<T>): Promise<T> {
  if (!current) return run()
  const waves = current
  return new Promise((resolve, reject) => {
    waves.add({
      start() {
        new Promise<T>((settle) => settle(run())).then(
          (value) => waves.answer(() => resolve(value)),
          (fault) => waves.answer(() => reject(fault)),
        )
      },
    })
  })
}

/** The reads of one request. */
export class ReadWaves {
  private asked: WaveJob[] = []
  private readonly shared = new Map<object, WaveJob>()
  private readonly answers: (() => void)[] = []
  private unanswered = 0
  private isLeaving = false
  private patience: NodeJS.Timeout | undefined

  add(job: WaveJob): void {
    this.asked.push(job)
    if (this.unanswered === 0) this.leaveSoon()
    else this.patience ??= setTimeout(() => this.leaveSoon(), PATIENCE_MS).unref()
  }

  /** The job of this owner that leaves with the next wave. */
  jobOf<Job extends WaveJob>(owner: object, make: () => Job): Job {
    let job = this.shared.get(owner) as Job | undefined
    if (!job) {
      job = make()
      this.shared.set(owner, job)
      this.add(job)
    }
    return job
  }

  /** One answer more to wait for. */
  open(): void {
    this.unanswered++
  }

  /** Hands an answer over in a turn of this request's own. */
  answer(settle: () => void): void {
    this.unanswered--
    if (this.answers.push(settle) === 1) setImmediate(() => this.handOver())
  }

  private handOver(): void {
    enter(this)
    for (const settle of this.answers.splice(0)) settle()
    if (this.unanswered > 0) return
    clearTimeout(this.patience)
    this.patience = undefined
    if (this.asked.length > 0) this.leaveSoon()
  }

  /** When all that can be asked for by now has been. */
  private leaveSoon(): void {
    if (this.isLeaving) return
    this.isLeaving = true
    setImmediate(() => this.leave())
  }

  private leave(): void {
    this.isLeaving = false
    const jobs = this.asked
    this.asked = []
    this.shared.clear()
    this.unanswered += jobs.length
    for (const job of jobs) job.start(this)
  }
}

/** Until this turn of the event loop and all that follows in it without waiting is over. */
function enter(waves: ReadWaves): void {
  current = waves
  queueMicrotask(leaveLast)
}

function leaveLast(): void {
  // After every microtask that is queued by then, and before anything else has a turn.
  process.nextTick(() => {
    current = undefined
  })
}
