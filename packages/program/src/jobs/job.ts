import type { Words } from '@pointwell/plugin'

/** Work that is done by itself, now and then, on one of any number of servers. */
export interface Job {
  /** Unique; its row in the table `job` is known by it. */
  readonly name: string
  readonly title: Words
  /** From the end of a run to the start of the next. */
  readonly everyMs: number
  /** Must be safe to break off and to run again; answers with what an operator reads of it. */
  run(context: JobContext): Promise<string>
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
  readonly everyMs: number
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
