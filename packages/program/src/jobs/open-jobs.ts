import type { ProgramDatabase } from '../database/program-database.js'
import type { Job, JobStatus, ReportFailure } from './job.js'
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
  /** Told of every run that failed, which is tried again at its next time; and of every single thing
   * that failed while its job went on (`sweep: wallet 7`). */
  readonly onFailure?: ReportFailure
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
  /** Runs what is due now and not running already, side by side; answers when all of it has ended. */
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
  /** What runs here now, by its name. The lease keeps other servers off; this keeps off the same
   * one, whose lease may run out while the database is away. */
  const running = new Map<string, Promise<JobRun>>()
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

  /** Begins what is due; a job that takes long holds up no other. */
  const beginDue = async (): Promise<readonly Promise<JobRun>[]> => {
    const begun: Promise<JobRun>[] = []
    for (const row of await rows()) {
      const job = jobs.get(row.name)
      const now = clock()
      if (!job || stop.signal.aborted || row.nextRunAt > now || row.leaseUntil > now) continue
      if (running.has(job.name)) continue
      const lease = { name: job.name, owner, now, until: now + leaseMs }
      if (!(await write((connection) => takeLease(connection, lease)))) continue
      const ending = run(job, now).finally(() => running.delete(job.name))
      // Who begins it hears of its fault; a look after it may not be there any more to hear it.
      ending.catch(() => {})
      running.set(job.name, ending)
      begun.push(ending)
    }
    return begun
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
      const report: ReportFailure = (what, fault) =>
        options.onFailure?.(`${job.name}: ${what}`, fault)
      return { result: await job.run({ now, signal, report }) }
    } catch (fault) {
      options.onFailure?.(job.name, fault)
      return { error: fault instanceof Error ? fault.message : String(fault) }
    } finally {
      clearInterval(renewal)
    }
  }

  const tellOfJobs = (fault: unknown): void => options.onFailure?.('jobs', fault)

  const look = (): void => {
    looking = beginDue()
      .then((begun) => {
        for (const ending of begun) ending.catch(tellOfJobs)
      }, tellOfJobs)
      .finally(() => {
        if (stop.signal.aborted) return
        timer = setTimeout(look, lookEveryMs)
        timer.unref()
      })
  }

  return {
    start: look,
    runDue: async () => Promise.all(await beginDue()),
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
      await Promise.allSettled(running.values())
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
