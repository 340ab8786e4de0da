import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Logger } from 'pino'
import { asGraphQLError, type Documents } from '../documents/open-documents.js'
import type { Executor } from '../execution/open-executor.js'
import { isOwnFault, showFault } from '../faults/show-fault.js'
import type { GatewayContext } from '../gateway-context.js'
import type { OperationCheck } from '../limits/open-operation-check.js'
import type { Metrics } from '../metrics/open-metrics.js'
import {
  findPersistedId,
  type PersistedOperations,
  persistedQueryNotFound,
} from '../persisted/open-persisted-operations.js'
import { mapEvents } from './map-events.js'

/** An operation on a socket, its context made anew for each event of a subscription. */
interface SocketOperation extends ExecutionArgs {
  readonly openContext: () => GatewayContext
  readonly execute: Executor
  readonly metrics: Metrics
}

interface Preparation {
  readonly schema: GraphQLSchema
  readonly execute: Executor
  readonly documents: Documents
  readonly persisted: PersistedOperations
  readonly check: OperationCheck
  readonly payload: SubscribePayload
  readonly requestId: string
  readonly metrics: Metrics
  /** Throws when the client may not ask for so much now. */
  assertRate(cost: number): void
  openContext(requestId: string): GatewayContext
}

/** The stages of an operation on a socket: the same checks as over HTTP, by the same functions. */
export const runOperation = { prepare, execute: executeOnce, subscribe, show, showErrors }

function prepare(request: Preparation): SocketOperation | readonly GraphQLError[] {
  const { schema, execute, documents, check, payload, requestId, metrics } = request
  const { operationName, variables } = payload
  const { text, hash, fault } = findSent(request)
  if (fault) return [fault]
  const read = documents.read(text)
  if ('faults' in read) return read.faults
  const { document } = read
  if (!getOperationAST(document, operationName)) {
    return [
      new GraphQLError('Which operation?', {
        extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
      }),
    ]
  }
  try {
    request.assertRate(check.assertOperation({ document, operationName, variables }))
  } catch (error) {
    return [asGraphQLError(error)]
  }
  if (text !== undefined && hash !== undefined) request.persisted.keep(hash, text)
  const openContext = () => request.openContext(requestId)
  return {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: openContext(),
    openContext,
    execute,
    metrics,
  }
}

/** The text that was sent, or that of which the hash was; graphql-ws wants `query` in any case, so an
 * empty one is none. */
function findSent({ persisted, payload }: Preparation): {
  text?: string
  hash?: string
  fault?: GraphQLError
} {
  const { query, extensions } = payload
  const fault = persisted.checkSent(payload)
  if (fault) {
    return { fault: new GraphQLError(fault.message, { extensions: { code: fault.code } }) }
  }
  const { id } = findPersistedId(extensions) ?? {}
  if (typeof id !== 'string') return { text: query }
  if (query !== '') return { text: query, hash: id }
  const text = persisted.findText(id)
  return text === undefined ? { fault: persistedQueryNotFound() } : { text }
}

async function executeOnce(args: ExecutionArgs): Promise<ExecutionResult> {
  return timed(args, async () => (args as SocketOperation).execute(args))
}

async function subscribe(
  args: ExecutionArgs,
): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const { openContext, execute } = args as SocketOperation
  const events = await timed(args, () => createSourceEventStream(args))
  if (!isEvents(events)) return events
  return mapEvents(events, async (rootValue) =>
    execute({ ...args, rootValue, contextValue: openContext() }),
  )
}

function isEvents(
  outcome: AsyncIterable<unknown> | ExecutionResult,
): outcome is AsyncIterable<unknown> {
  return Symbol.asyncIterator in outcome
}

async function timed<Outcome extends AsyncIterable<unknown> | ExecutionResult>(
  args: ExecutionArgs,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const operation = getOperationAST(args.document, args.operationName)
  const startedAt = performance.now()
  const outcome = await work()
  const errors = isEvents(outcome) ? undefined : outcome.errors
  ;(args as SocketOperation).metrics.operationDone({
    name: operation?.name?.value,
    kind: operation?.operation ?? 'none',
    transport: 'socket',
    outcome: !errors?.length ? 'ok' : errors.some(isOwnFault) ? 'fault' : 'error',
    seconds: (performance.now() - startedAt) / 1_000,
  })
  return outcome
}

function show({
  log,
  introspection,
  args,
  result,
}: {
  log: Logger
  introspection: boolean
  args: ExecutionArgs
  result: ExecutionResult | FormattedExecutionResult
}): FormattedExecutionResult | undefined {
  if (!result.errors) return undefined
  const { requestId } = args.contextValue as GatewayContext
  const { data, extensions } = result
  return {
    ...(data !== undefined && { data }),
    errors: result.errors.map((error) => shown(error, { log, introspection, requestId })),
    ...(extensions && { extensions }),
  }
}

function showErrors({
  log,
  introspection,
  errors,
}: {
  log: Logger
  introspection: boolean
  errors: readonly GraphQLError[]
}): readonly GraphQLFormattedError[] {
  return errors.map((error) => shown(error, { log, introspection }))
}

function shown(
  error: GraphQLError | GraphQLFormattedError,
  { log, introspection, requestId }: { log: Logger; introspection: boolean; requestId?: string },
): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return error
  if (isOwnFault(error)) {
    log.error({ requestId, path: error.path, err: error.originalError ?? error }, 'fault')
  }
  return showFault(error.toJSON(), error, { introspection })
}
