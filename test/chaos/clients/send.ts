import type { LogBook, Outcome, Write } from '../log/client-log.js'
import { ask } from './ask.js'
import { OPERATIONS, ORDERS } from './operations.js'
import type { Tokens } from './tokens.js'

export interface Door {
  readonly urls: readonly string[]
  readonly tokens: Tokens
  readonly log: LogBook
  /** How long to wait for an answer, instead of what `ask` waits. */
  readonly timeoutMs?: number
}

/** Sends something once, to one server, and writes down what came of it. */
export async function send(
  write: Write,
  door: Door,
  where: { readonly server: number; readonly phase: 'run' | 'end' },
): Promise<Outcome> {
  const { document, as } = OPERATIONS[write.act]
  const [outcome] = await sendAs(as, [write], door, {
    ...where,
    document,
    variables: write.asked,
    // Some move many at once, and are asked for one.
    listOf: (result) => [result].flat(),
  })
  return outcome!
}

/** Sends several orders in one request. */
export function sendOrders(
  writes: readonly Write[],
  door: Door,
  where: { readonly server: number; readonly phase: 'run' | 'end' },
): Promise<Outcome[]> {
  return sendAs('storefront', writes, door, {
    ...where,
    document: ORDERS,
    variables: { input: writes.map(({ asked }) => asked.input) },
    listOf: (result) => result as unknown[],
  })
}

async function sendAs(
  as: 'storefront' | 'member' | 'operator',
  writes: readonly Write[],
  { urls, tokens, log, timeoutMs }: Door,
  {
    server,
    phase,
    document,
    variables,
    listOf,
  }: {
    readonly server: number
    readonly phase: 'run' | 'end'
    readonly document: string
    readonly variables: Readonly<Record<string, unknown>>
    readonly listOf: (result: unknown) => unknown[]
  },
): Promise<Outcome[]> {
  const token = as === 'member' ? tokens.member(writes[0]!.member) : tokens[as]
  const sentAt = Date.now()
  const asked = await ask(urls[server]!, { token, document, variables, timeoutMs })
  const endedAt = Date.now()
  const results = 'data' in asked ? listOf(asked.data.result) : []
  return writes.map((write, place) => {
    const outcome = 'silence' in asked ? asked : read(write, results[place])
    log.attempted(write, { server, phase, sentAt, endedAt, outcome })
    return outcome
  })
}

/** What one of many is answered with where nobody knows what became of it, or not yet. */
const UNSURE = new Set<unknown>(['TRY_AGAIN_LATER', 'OUTCOME_UNKNOWN'])

function read({ act }: Write, result: unknown): Outcome {
  const data = result as Readonly<Record<string, unknown>>
  if (UNSURE.has(data.code)) return { silence: String(data.code) }
  return data.__typename === 'Refusal'
    ? { refusal: String(data.code) }
    : { answer: OPERATIONS[act].read(data) }
}
