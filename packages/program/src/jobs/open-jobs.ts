import type { ProgramDatabase } from '../database/program-database.js'
import type { Job, JobStatus } from './job.js'
import { endRun, insertJobs, type JobRow, renewLease, selectJobs, takeLease } from './job-rows.js'

export interface JobsOptions {
  readonly database: ProgramDatabase
  readonly jobs: readonly Job[]
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** This server's name, unique among those that share the database, 64 characters at most. */
  readonly owner: string
  /** How long a server that died keeps a job from the others; default a minute. */
  readonly leaseMs?: number
  /** How often to look for jobs that are due; default half a second. */
  readonly lookEveryMs?: number
  /** Told of every run that failed; the job is tried again at its next time. */
  readonly onFailure?: (job: string, fault: unknown) => void
}

/** How one run of a job ended. */
export interface JobRun {
  readonly name: string
  readonly result?: string
  readonly error?: string
}

export interface Jobs {
  /** Looks for due jobs now and then, until `close`. */
  start(): void
  /** Runs what is due now and not running elsewhere, one after the other. */
  runDue(): Promise<readonly JobRun[]>
  list(): Promise<readonly JobStatus[]>
  /** Starts nothing new, asks what runs to stop, and resolves when it has. */
  close(): Promise<void>
}

/**
 * Jobs on any number of servers: a lease in the database lets one of them run each, and lets go by
 * itself when that server dies. A lease is not a lock: a server that stalls past its lease may
 * overlap with the next, so a job must be safe to run twice. The ledger makes that easy.
 */
export function openJobs(options: JobsOptions): Jobs {
  const { database, clock, owner, leaseMs = 60_000, lookEveryMs = 500 } = options
  const jobs = new Map(options.jobs.map((job) => [job.name, job]))
  const stop = new AbortController()
  let known: Promise<void> | undefined
  let looking: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const write = <T>(work: (connection: ReturnType<typeof database.connection>) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))

  const rows = async (): Promise<readonly JobRow[]> => {
    known ??= write((connection) => insertJobs(connection, [...jobs.keys()], clock()))
    await known.catch((fault) => {
      known = undefined
      throw fault
    })
    return database.read((manager) => selectJobs(database.connection(manager)))
  }

  const runDue = async (): Promise<readonly JobRun[]> => {
    const runs: JobRun[] = []
    for (const row of await rows()) {
      const job = jobs.get(row.name)
      const now = clock()
      if (!job || stop.signal.aborted || row.nextRunAt > now || row.leaseUntil > now) continue
      const lease = { name: job.name, owner, now, until: now + leaseMs }
      if (await write((connection) => takeLease(connection, lease))) runs.push(await run(job, now))
    }
    return runs
  }

  const run = async (job: Job, now: number): Promise<JobRun> => {
    const outcome = await runUnderLease(job, now)
    const finishedAt = clock()
    await write((connection) =>
      endRun(connection, {
        name: job.name,
        owner,
        finishedAt,
        nextRunAt: finishedAt + job.everyMs,
        ...outcome,
      }),
    )
    return { name: job.name, ...outcome }
  }

  const runUnderLease = async (job: Job, now: number) => {
    const lost = new AbortController()
    const renewal = setInterval(() => {
      const lease = { name: job.name, owner, until: clock() + leaseMs }
      write((connection) => renewLease(connection, lease)).then(
        (renewed) => {
          if (!renewed) lost.abort()
        },
        // The database is away: the lease runs out by itself and another server goes on.
        () => {},
      )
    }, leaseMs / 3)
    renewal.unref()
    try {
      const signal = AbortSignal.any([stop.signal, lost.signal])
      return { result: await job.run({ now, signal }) }
    } catch (fault) {
      options.onFailure?.(job.name, fault)
      return { error: fault instanceof Error ? fault.message : String(fault) }
    } finally {
      clearInterval(renewal)
    }
  }

  const look = (): void => {
    looking = runDue()
      .catch((fault) => options.onFailure?.('jobs', fault))
      .finally(() => {
        if (stop.signal.aborted) return
        timer = setTimeout(look, lookEveryMs)
        timer.unref()
      })
  }

  return {
    start: look,
    runDue,
    async list() {
      return (await rows()).flatMap((row) => {
        const job = jobs.get(row.name)
        return job ? [toStatus(job, row, clock())] : []
      })
    },
    async close() {
      stop.abort()
      clearTimeout(timer)
      await looking
    },
  }
}

function toStatus(job: Job, row: JobRow, now: number): JobStatus {
  return {
    name: job.name,
    title: job.title,
    everyMs: job.everyMs,
    nextRunAt: row.nextRunAt,
    lastStartedAt: row.lastStartedAt,
    lastFinishedAt: row.lastFinishedAt,
    lastResult: row.lastResult,
    lastError: row.lastError,
    runs: row.runs,
    failures: row.failures,
    runningOn: row.leaseUntil > now ? row.leaseOwner : null,
  }
}
