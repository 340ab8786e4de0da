import type { Words } from '@pointwell/plugin'

/** Work that is done by itself, now and then, on one of any number of servers. */
export type Job = JobWork & (EverySoOften | ByTheClock)

interface JobWork {
  /** Unique; its row in the table `job` is known by it. */
  readonly name: string
  readonly title: Words
  /** Must be safe to break off and to run again; answers with what an operator reads of it. */
  run(context: JobContext): Promise<string>
}

interface EverySoOften {
  /** From the end of a run to the start of the next. */
  readonly everyMs: number
  readonly cron?: undefined
}

interface ByTheClock {
  readonly everyMs?: undefined
  /** When it runs, as a cron expression of five fields in the programme's time zone: `30 3 * * *`. Asked
   * at each look, so that an operator may move it. A run that was missed is caught up with, once. */
  readonly cron: () => string
}

export interface JobContext {
  /** Epoch milliseconds, when the run began. */
  readonly now: number
  /** Aborted when the server shuts down or has lost the lease: stop at the next whole step. */
  readonly signal: AbortSignal
  /** Tells of one thing that failed, when the job goes on with the others. */
  readonly report: ReportFailure
}

/** What it was, for whoever reads the log, and why it failed. */
export type ReportFailure = (what: string, fault: unknown) => void

/** What an operator sees of a job. Instants are epoch milliseconds. */
export interface JobStatus {
  readonly name: string
  readonly title: Words
  /** Null: it runs by the clock. */
  readonly everyMs: number | null
  /** Cron expression and time zone; null: it runs every so often. */
  readonly schedule: { readonly cron: string; readonly zone: string } | null
  readonly nextRunAt: number
  readonly lastStartedAt: number | null
  readonly lastFinishedAt: number | null
  /** What the last run that ended well said. */
  readonly lastResult: string | null
  /** Why the last run failed, null when it did not. */
  readonly lastError: string | null
  readonly runs: number
  readonly failures: number
  /** The server that runs it now. */
  readonly runningOn: string | null
}

/** A run that failed. */
export interface JobFailure {
  readonly job: string
  /** Epoch milliseconds. */
  readonly at: number
  /** The server that it failed on. */
  readonly server: string
  readonly error: string
}
