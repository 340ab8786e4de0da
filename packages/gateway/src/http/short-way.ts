import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Documents } from '../documents/open-documents.js'
import type { Executor } from '../execution/open-executor.js'
import type { GatewayContext } from '../gateway-context.js'
import type { OperationCheck } from '../limits/open-operation-check.js'
import type { Metrics } from '../metrics/open-metrics.js'
import {
  findPersistedId,
  type PersistedOperations,
} from '../persisted/open-persisted-operations.js'
import type { RateGate } from '../rate/open-rate-gate.js'

/** Clients send the same few `accept` headers; one that is longer is asked about each time. */
const MAX_ACCEPTS = 200
const MAX_ACCEPT = 400

/** How far an operation came before Apollo Server was asked to answer it. */
export interface Begun {
  /** By `performance.now`. */
  readonly startedAt: number
  readonly outcome:
    | { readonly refusal: unknown }
    | { readonly result: ExecutionResult }
    | { readonly fault: unknown }
}

const BEGUN = Symbol('begun')
type ContextOfBegun = GatewayContext & { readonly [BEGUN]?: Begun }

/** How far the operation of a context came before; undefined when it is only to be begun. */
export function begunOf(context: GatewayContext): Begun | undefined {
  return (context as ContextOfBegun)[BEGUN]
}

/** A request as Fastify has read it. */
interface Sent {
  readonly headers: { readonly accept?: string }
  readonly body: unknown
}

interface Answered {
  readonly contentType: string
  readonly text: string
}

/** What Apollo Server is to answer with instead of what was sent. */
interface HandedOver {
  readonly context: GatewayContext
  /** With the text, where its hash was sent: by now the text may be forgotten. */
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * What Apollo Server found out about an operation once is not asked again. A text that it read and validated,
 * sent with an `accept` header that it chose a type by, goes straight to the checks that hang on its
 * variables, and to the executor. Whatever else comes is Apollo Server's: operations in an address, bodies
 * that are not as they should be, and every answer that tells of an error, which it is handed begun.
 */
export interface ShortWay {
  /** The type that Apollo Server chose for an answer. */
  keepContentType(accept: string | undefined, contentType: string | undefined): void
  /**
   * Answers an operation like one that was answered before, or says what Apollo Server is to answer.
   * Undefined when this is none, and nothing has begun.
   */
  answer(sent: Sent, openContext: () => GatewayContext): Promise<Answered | HandedOver> | undefined
}

interface Known {
  readonly text: string
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | undefined
  readonly contentType: string
}

export function openShortWay({
  documents,
  persisted,
  check,
  rate,
  execute,
  metrics,
}: {
  /** Where those are kept that Apollo Server validated. */
  documents: Pick<Documents, 'find'>
  persisted: PersistedOperations
  check: OperationCheck
  rate: RateGate
  execute: Executor
  metrics: Metrics
}): ShortWay {
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTS })

  return {
    keepContentType(accept = '', contentType) {
      if (contentType !== undefined && accept.length <= MAX_ACCEPT) {
        contentTypes.set(accept, contentType)
      }
    },
    answer(sent, openContext) {
      const known = findKnown(sent)
      const context = known && tryTo(openContext)
      // Why it cannot be made Apollo Server finds out too.
      return context && run(known, context)
    },
  }

  async function run(known: Known, context: GatewayContext): Promise<Answered | HandedOver> {
    const startedAt = performance.now()
    const { text: query, document, operation, operationName, variables, contentType } = known
    const handOver = (outcome: Begun['outcome']): HandedOver => {
      const withBegun: ContextOfBegun = { ...context, [BEGUN]: { startedAt, outcome } }
      return { context: withBegun, body: { query, operationName, variables: variables ?? null } }
    }
    try {
      const cost = check.assertOperation({ document, operationName, variables })
      rate.assertCost(context.client, cost)
    } catch (refusal) {
      return handOver({ refusal })
    }
    let result: ExecutionResult
    try {
      result = await execute({
        document,
        operationName,
        variableValues: variables,
        contextValue: context,
      })
    } catch (fault) {
      return handOver({ fault })
    }
    const text = result.errors ? undefined : tryTo(() => `${JSON.stringify(result)}\n`)
    if (text === undefined) return handOver({ result })
    metrics.operationDone({
      name: operation.name?.value,
      kind: operation.operation,
      transport: 'http',
      outcome: 'ok',
      seconds: (performance.now() - startedAt) / 1_000,
    })
    return { contentType, text }
  }

  function findKnown({ headers: { accept = '' }, body }: Sent): Known | undefined {
    if (!isRecord(body)) return undefined
    const contentType = contentTypes.get(accept)
    const text = textOf(body)
    if (text === undefined || contentType === undefined) return undefined
    const document = documents.find(text)
    if (!document) return undefined
    const operationName = body.operationName ?? null
    const variables = body.variables ?? undefined
    if (operationName !== null && typeof operationName !== 'string') return undefined
    if (variables !== undefined && !isRecord(variables)) return undefined
    const operation = getOperationAST(document, operationName)
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined
    return { text, document, operation, operationName, variables, contentType }
  }

  /** The text that was sent, or that of which the hash was; with both, the hash is still to be learned. */
  function textOf({ query, extensions }: Readonly<Record<string, unknown>>): string | undefined {
    if (extensions !== undefined && extensions !== null && !isRecord(extensions)) return undefined
    const sent = typeof query === 'string' ? query : undefined
    const named = findPersistedId(extensions)
    if (!named) return sent
    const isAlone = query === undefined || query === null
    return isAlone && typeof named.id === 'string' ? persisted.findText(named.id) : undefined
  }
}

function tryTo<Value>(make: () => Value): Value | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
