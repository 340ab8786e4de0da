import { groupReads, type Refusal, refuse } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { nextByCron } from './cron.js'
import type { Job, JobFailure, JobStatus, ReportFailure } from './job.js'
import {
  bringForward,
  endRun,
  insertJobs,
  type JobEnd,
  type JobRow,
  moveNextRun,
  renewLease,
  selectFailures,
  selectJobs,
  takeLease,
} from './job-rows.js'
import { writeTogether } from './write-together.js'

/** How long a server that died keeps a job from the others. Renewed while the job runs, so it may be short:
 * members wait for what is looked at every few seconds, points that confirm, redemptions that go on. */
const LEASE_MS = 60_000
const SHORT_LEASE_MS = 15_000
const EVERY_FEW_SECONDS_MS = 10_000

/** A job that runs by the clock, and failed, is tried again so soon, or at its next time before that. */
const RETRY_MS = 300_000

export interface JobsOptions {
  readonly database: ProgramDatabase
  readonly jobs: readonly Job[]
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** The programme's time zone now, for jobs that run by the clock; default UTC. */
  readonly zone?: () => string
  /** This server's name, unique among those that share the database, 64 characters at most. */
  readonly owner: string
  /** Writes down what operators did. */
  readonly record?: Audit['record']
  /** How long a server that died keeps a job from the others; default a minute, and a quarter of that
   * for what runs every few seconds. */
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
  /** Has one run now, on whichever server looks first; one that runs already is not begun again. Refuses
   * JOB_NOT_FOUND. */
  runSoon(name: string, acting?: Acting | null): Promise<JobStatus | Refusal>
  /** The last failures of a job, the newest first. */
  failuresOf(name: string): Promise<readonly JobFailure[]>
  /** Starts nothing new, asks what runs to stop, and resolves when it has. */
  close(): Promise<void>
}

/**
 * Jobs on any number of servers: a lease in the database lets one of them run each, and lets go by
 * itself when that server dies. A lease is not a lock: a server that stalls past its lease may
 * overlap with the next, so a job must be safe to run twice. The ledger makes that easy.
 */
export function openJobs(options: JobsOptions): Jobs {
  const { database, clock, owner, zone = () => 'UTC', lookEveryMs = 500 } = options
  const leaseOf = ({ everyMs = Infinity }: Job) =>
    options.leaseMs ?? (everyMs <= EVERY_FEW_SECONDS_MS ? SHORT_LEASE_MS : LEASE_MS)
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

  const writeEnd = writeTogether((ends: readonly JobEnd[]) =>
    write(async (connection) => {
      // Every server in this order, as leases are taken: none waits for another in a circle.
      for (const end of ends.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        await endRun(connection, end)
      }
    }),
  )

  const rows = async (): Promise<readonly JobRow[]> => {
    known ??= write((connection) => insertJobs(connection, [...jobs.keys()].sort(), clock()))
    await known.catch((fault) => {
      known = undefined
      throw fault
    })
    return database.read((manager) => selectJobs(database.connection(manager)))
  }

  /** Begins what is due; a job that takes long holds up no other. */
  const beginDue = async (): Promise<readonly Promise<JobRun>[]> => {
    const due: Job[] = []
    for (const row of await rows()) {
      const job = jobs.get(row.name)
      const now = clock()
      if (!job || stop.signal.aborted) continue
      if (row.nextRunAt > now) await followSchedule(job, row, now)
      if (row.nextRunAt > now || row.leaseUntil > now || running.has(job.name)) continue
      due.push(job)
    }
    if (due.length === 0) return []
    const now = clock()
    return (await takeLeases(due, now)).map((job) => {
      const ending = run(job, now).finally(() => running.delete(job.name))
      // Who begins it hears of its fault; a look after it may not be there any more to hear it.
      ending.catch(() => {})
      running.set(job.name, ending)
      return ending
    })
  }

  /** Those of the jobs that are this server's now. By one write: a commit waits for the disk, and some of
   * them come round every second. */
  const takeLeases = (due: readonly Job[], now: number): Promise<readonly Job[]> =>
    write(async (connection) => {
      const taken: Job[] = []
      for (const job of due) {
        const lease = { name: job.name, owner, now, until: now + leaseOf(job) }
        if (await takeLease(connection, lease)) taken.push(job)
      }
      return taken
    })

  /** What waits for a time that an operator has since moved waits for the new one. What is due already
   * runs first. */
  const followSchedule = async (job: Job, row: JobRow, now: number): Promise<void> => {
    const schedule = scheduleOf(job)
    if (!schedule || nameOf(schedule) === row.schedule) return
    const to = nextRun(schedule, now)
    const move = { name: job.name, from: row.nextRunAt, to, schedule: nameOf(schedule) }
    await write((connection) => moveNextRun(connection, move))
  }

  /** Null: every so often; or the policy that says when cannot be read just now, and the job, which is
   * safe to run twice, goes on as if it had failed. */
  const scheduleOf = ({ cron }: Job): Schedule | null => {
    try {
      return cron ? { cron: cron(), zone: zone() } : null
    } catch {
      return null
    }
  }

  const run = async (job: Job, now: number): Promise<JobRun> => {
    const outcome = await runUnderLease(job, now)
    const finishedAt = clock()
    const schedule = scheduleOf(job)
    const next = schedule ? nextRun(schedule, finishedAt) : finishedAt + (job.everyMs ?? RETRY_MS)
    const nextRunAt = schedule && 'error' in outcome ? Math.min(next, finishedAt + RETRY_MS) : next
    await writeEnd({
      name: job.name,
      owner,
      finishedAt,
      nextRunAt,
      schedule: schedule && nameOf(schedule),
      ...outcome,
    })
    return { name: job.name, ...outcome }
  }

  const runUnderLease = async (job: Job, now: number) => {
    const lost = new AbortController()
    const leaseMs = leaseOf(job)
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

  const list = async (): Promise<readonly JobStatus[]> =>
    (await rows()).flatMap((row) => {
      const job = jobs.get(row.name)
      return job ? [toStatus(job, row, { now: clock(), schedule: scheduleOf(job) })] : []
    })

  const failuresOf = groupReads(async (names: readonly string[]) => {
    const failures = await database.read((manager) =>
      selectFailures(database.connection(manager), names),
    )
    return (name) => failures.filter(({ job }) => job === name)
  })

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
    list,
    async runSoon(name, acting) {
      if (!jobs.has(name)) return refuse('JOB_NOT_FOUND', { field: 'name' })
      await rows()
      const now = clock()
      await write(async (connection) => {
        await bringForward(connection, { name, now })
        if (acting) await options.record?.(connection, [auditRun(name, { acting, now })])
      })
      return (await list()).find((status) => status.name === name)!
    },
    failuresOf,
    async close() {
      stop.abort()
      clearTimeout(timer)
      await looking
      await Promise.allSettled(running.values())
    },
  }
}

function auditRun(name: string, { acting, now }: { acting: Acting; now: number }): NewAuditEntry {
  return {
    ...acting,
    at: now,
    act: 'runJob',
    target: { kind: 'job', id: name },
    before: null,
    after: null,
    key: null,
  }
}

interface Schedule {
  readonly cron: string
  readonly zone: string
}

function nameOf({ cron, zone }: Schedule): string {
  return `${cron} ${zone}`
}

function nextRun({ cron, zone }: Schedule, after: number): number {
  const next = nextByCron(cron, { zone, after })
  if (next === null) throw new Error(`No time comes that is ${cron}.`)
  return next
}

function toStatus(
  job: Job,
  row: JobRow,
  { now, schedule }: { now: number; schedule: Schedule | null },
): JobStatus {
  return {
    name: job.name,
    title: job.title,
    everyMs: job.everyMs ?? null,
    schedule,
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
