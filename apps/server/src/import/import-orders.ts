import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { type ApiClientOptions, ApiFault, openApiClient } from './api-client.js'
import type { ImportProgress } from './import-progress.js'
import { writeReport } from './import-report.js'
import { type ImportState, openImportState, type StepDone } from './import-state.js'
import { type ImportSummary, summarizeImport } from './import-summary.js'
import { PLAN_VERSION } from './plan-import.js'
import { type BalanceTotals, readBalances } from './read-balances.js'
import { readMapping } from './read-mapping.js'
import { readOrderFile } from './read-order-file.js'
import { sendPlan } from './send-plan.js'

export interface ImportOptions {
  readonly file: string
  /** Path of a mapping, or the name of one that comes with Pointwell. */
  readonly mapping: string
  /** The GraphQL endpoint. */
  readonly url: string
  readonly token: string
  /** Members, orders or returns in one request, at most. */
  readonly batchSize?: number
  /** Requests under way at a time. */
  readonly parallel?: number
  /** Default: under `folder`, named for the file, its content, the mapping and the server. */
  readonly statePath?: string
  /** CSV if the name ends so, else NDJSON. Default: under `folder`. */
  readonly reportPath?: string
  /** Where state and report go unless they are named. */
  readonly folder?: string
  readonly progress: ImportProgress
  /** Reads and reports, and tells the server nothing. */
  readonly dryRun?: boolean
  /** Stops once what is under way is answered. */
  readonly signal?: AbortSignal
  /** Stops at once. */
  readonly killSignal?: AbortSignal
  readonly client?: Pick<ApiClientOptions, 'fetch' | 'patienceMs' | 'timeoutMs' | 'sleep'>
}

export interface ImportOutcome {
  readonly summary: ImportSummary
  readonly reportPath: string
  /** Where to go on from, when it was stopped; null when there is nothing left. */
  readonly statePath: string | null
  /** What stopped it, when that was not us. */
  readonly fault: ApiFault | null
}

export const DEFAULT_BATCH_SIZE = 200
export const DEFAULT_PARALLEL = 4

/**
 * Imports a file of orders through the public API: members, purchases and returns, each member's in
 * order. Stopped in any way it can be run again: with its state file it goes on where it was, without
 * it the server answers what it knows already as it did before.
 * @throws BadMappingError, OtherImportError, StoppedWhileReading, and faults of files
 */
export async function importOrders(options: ImportOptions): Promise<ImportOutcome> {
  const { file, url, progress, folder = join('data', 'imports') } = options
  const { mapping, hash: mappingHash } = await readMapping(options.mapping)
  progress.begin('Reading', 100)
  const { plan, hash } = await readOrderFile(file, mapping, {
    onProgress: (part) => progress.reach(Math.floor(part * 100)),
    signal: options.signal,
  })
  progress.end()

  const key = { planVersion: PLAN_VERSION, file: hash, mapping: mappingHash, server: url }
  const name = `${basename(file)}-${digest(JSON.stringify(key)).slice(0, 12)}`
  const reportPath = options.reportPath ?? join(folder, `${name}.report.csv`)
  const finish = async (given: {
    done: Iterable<StepDone>
    complete: boolean
    balances: BalanceTotals | null
  }) => {
    const { summary, report } = summarizeImport({ file, plan, ...given })
    await writeReport(reportPath, report)
    return summary
  }
  if (options.dryRun) {
    const summary = await finish({ done: [], complete: false, balances: null })
    return { summary, reportPath, statePath: null, fault: null }
  }

  const statePath = options.statePath ?? join(folder, `${name}.state.ndjson`)
  const state = await openImportState(statePath, key)
  try {
    const { complete, done, balances, fault } = await send({ options, plan, state })
    const summary = await finish({ done, complete, balances })
    if (complete) await state.remove()
    return { summary, reportPath, statePath: complete ? null : statePath, fault }
  } finally {
    await state.close()
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function send({
  options,
  plan,
  state,
}: {
  options: ImportOptions
  plan: Parameters<typeof sendPlan>[0]['plan']
  state: ImportState
}) {
  const { progress, parallel = DEFAULT_PARALLEL, batchSize = DEFAULT_BATCH_SIZE } = options
  const client = openApiClient({
    url: options.url,
    token: options.token,
    signal: options.killSignal,
    onRetry: ({ reason, waitMs }) =>
      progress.say(`The server: ${reason}. Trying again in ${(waitMs / 1000).toFixed(1)} s.`),
    ...options.client,
  })
  const done = new Map<string, StepDone>()
  const note = (steps: readonly StepDone[]) => {
    for (const step of steps) done.set(`${step.member} ${step.step}`, step)
  }
  note(state.done)
  if (state.done.length > 0) {
    progress.say(
      `Going on where it stopped: ${state.done.length} of ${plan.counts.steps} are done.`,
    )
  }

  let complete = false
  let balances: BalanceTotals | null = null
  let fault: ApiFault | null = null
  try {
    progress.begin('Sending', plan.counts.steps)
    progress.reach(done.size)
    complete = await sendPlan({
      plan,
      client,
      batchSize,
      parallel,
      done: state.done,
      signal: options.signal,
      async onDone(steps) {
        await state.append(steps)
        note(steps)
        progress.reach(done.size)
      },
    })
    if (complete) {
      progress.begin('Balances', plan.members.length)
      balances = await readBalances(
        client,
        plan.members.map(({ id }) => id),
        { parallel, onProgress: (read) => progress.reach(read) },
      )
    }
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    complete = false
    if (error.kind !== 'stopped') fault = error
  } finally {
    progress.end()
  }
  return { complete, done: done.values(), balances, fault }
}
