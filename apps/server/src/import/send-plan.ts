import { type ApiClient, ApiFault } from './api-client.js'
import { operations } from './api-operations.js'
import type { StepDone, StepResult } from './import-state.js'
import type { ImportPlan, ImportStep, MemberPlan, StepKind } from './plan-import.js'

export interface SendOptions {
  readonly plan: ImportPlan
  /** Steps that need not be sent, since an earlier run did. */
  readonly done: readonly StepDone[]
  readonly client: ApiClient
  /** Steps in a request, at most. */
  readonly batchSize: number
  /** Requests under way at a time, at most. */
  readonly parallel: number
  /** Once aborted nothing new is sent; what is under way is waited for. */
  readonly signal?: AbortSignal
  /** Called with each answer, one at a time; the next request waits for it. */
  readonly onDone: (steps: readonly StepDone[]) => Promise<void>
}

interface Job {
  readonly member: number
  readonly plan: MemberPlan
  /** The next step to send. */
  next: number
}
interface Sent {
  readonly job: Job
  readonly step: number
  readonly content: ImportStep
}

/** Bytes of a request, about: far below what a server takes, whatever the orders are like. */
const MAX_BATCH_BYTES = 400_000

/**
 * Tells the server every step: those of one member one after the other, different members side by
 * side. A step that the server refuses is an answer like any other. Ends when all is answered, when
 * the signal says so (returns false), or with the first fault that is not the data's, after what was
 * under way is answered.
 */
export async function sendPlan(options: SendOptions): Promise<boolean> {
  const { plan, client, batchSize, parallel, signal, onDone } = options
  const ready: Record<StepKind, Job[]> = { register: [], purchase: [], return: [] }
  for (const job of openJobs(plan, options.done)) makeReady(job)

  const underWay = new Set<Promise<void>>()
  let fault: unknown
  let telling: Promise<void> = Promise.resolve()

  for (;;) {
    while (fault === undefined && !signal?.aborted && underWay.size < parallel) {
      const batch = takeBatch()
      if (batch.length === 0) break
      const sending = sendBatch(batch)
        .catch((error: unknown) => {
          fault ??= error
        })
        .finally(() => underWay.delete(sending))
      underWay.add(sending)
    }
    if (underWay.size === 0) break
    await Promise.race(underWay)
  }
  if (fault !== undefined && !(fault instanceof ApiFault && fault.kind === 'stopped')) throw fault
  return Object.values(ready).every((jobs) => jobs.length === 0) && fault === undefined

  function makeReady(job: Job) {
    const step = job.plan.steps[job.next]
    if (step) ready[step.kind].push(job)
  }

  /** The kind that most members wait for makes the fullest batch. */
  function takeBatch(): Sent[] {
    const jobs = Object.values(ready).reduce((most, each) =>
      each.length > most.length ? each : most,
    )
    const batch: Sent[] = []
    let bytes = 0
    let taken = 0
    for (const job of jobs) {
      if (batch.length >= batchSize || bytes >= MAX_BATCH_BYTES) break
      taken += 1
      const { kind } = job.plan.steps[job.next] as ImportStep
      for (let step = job.next; ; step += 1) {
        const content = job.plan.steps[step]
        if (content?.kind !== kind || batch.length >= batchSize || bytes >= MAX_BATCH_BYTES) break
        batch.push({ job, step, content })
        bytes += guessBytes(content)
        // Events of one request are taken in their order; of returns nobody says so.
        if (kind === 'return') break
      }
    }
    jobs.splice(0, taken)
    return batch
  }

  async function sendBatch(batch: readonly Sent[]) {
    const results = await tell(client, batch)
    const steps = batch.map(({ job, step }, index) => ({
      member: job.member,
      step,
      result: results[index] as StepResult,
    }))
    telling = telling.then(() => onDone(steps))
    await telling
    for (const { job, step } of batch) job.next = step + 1
    for (const job of new Set(batch.map((sent) => sent.job))) makeReady(job)
  }
}

function openJobs(plan: ImportPlan, done: readonly StepDone[]): Job[] {
  const finished = new Map<number, Set<number>>()
  for (const { member, step } of done) {
    const steps = finished.get(member)
    if (steps) steps.add(step)
    else finished.set(member, new Set([step]))
  }
  return plan.members.map((member, index) => {
    let next = 0
    while (finished.get(index)?.has(next)) next += 1
    return { member: index, plan: member, next }
  })
}

/** Sends steps of one kind. Where the server does not take the whole for what one of them says, it is
 * halved until that one stands alone, and only that one is refused. */
async function tell(client: ApiClient, batch: readonly Sent[]): Promise<StepResult[]> {
  const { kind } = (batch[0] as Sent).content
  const { document, read } = operations[kind]
  try {
    const input = batch.map(({ content }) => content.input)
    const { results } = await client.request<Results>(document, { input }, findPassing)
    if (!Array.isArray(results) || results.length !== batch.length) {
      throw new ApiFault('no-api', 'The server did not answer every item of a batch.')
    }
    return results.map(read)
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    if (error.kind !== 'bad-input' && error.kind !== 'too-large') throw error
    if (batch.length === 1) {
      const { message, field } = error
      return [{ refused: true, code: error.code ?? error.kind.toUpperCase(), message, field }]
    }
    const middle = Math.ceil(batch.length / 2)
    // In this order: both halves may have steps of the same member.
    const first = await tell(client, batch.slice(0, middle))
    return [...first, ...(await tell(client, batch.slice(middle)))]
  }
}

interface Results {
  readonly results: readonly ({ readonly code?: string } | null)[]
}

const PASSING = new Set<unknown>(['TRY_AGAIN_LATER', 'OUTCOME_UNKNOWN'])

/** What the server could not do just now, or does not know to be done, is asked again with all of its
 * batch: what did go through answers the same once more. */
function findPassing({ results }: Results): string | undefined {
  if (!Array.isArray(results)) return undefined
  return results.find((result) => PASSING.has(result?.code))?.code
}

function guessBytes(step: ImportStep): number {
  return step.kind === 'register' ? 100 : 200 + step.input.lines.length * 90
}
