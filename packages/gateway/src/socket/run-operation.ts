import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Logger } from 'pino'
import { nameField } from '../faults/name-field.js'
import { isOwnFault, showFault } from '../faults/show-fault.js'
import type { GatewayContext } from '../gateway-context.js'
import { limitExceeded, nestedTooDeeply } from '../limits/limit-exceeded.js'
import type { Limits } from '../limits/limits.js'
import type { OperationCheck } from '../limits/open-operation-check.js'
import type { Metrics } from '../metrics/open-metrics.js'
import { mapEvents } from './map-events.js'

/** An operation on a socket, its context made anew for each event of a subscription. */
interface SocketOperation extends ExecutionArgs {
  readonly openContext: () => GatewayContext
  readonly metrics: Metrics
}

interface Preparation {
  readonly schema: GraphQLSchema
  readonly limits: Limits
  readonly check: OperationCheck
  readonly rules: readonly ValidationRule[]
  readonly payload: SubscribePayload
  readonly requestId: string
  readonly metrics: Metrics
  openContext(requestId: string): GatewayContext
}

/** The stages of an operation on a socket: the same checks as over HTTP, by the same functions. */
export const runOperation = { prepare, execute: executeOnce, subscribe, show, showErrors }

function prepare(request: Preparation): SocketOperation | readonly GraphQLError[] {
  const { schema, limits, check, rules, payload, requestId, metrics } = request
  const { query, operationName, variables } = payload
  let document: DocumentNode
  try {
    document = parseWithin(query, limits)
  } catch (error) {
    return [withCode(nestedTooDeeply(error), 'GRAPHQL_PARSE_FAILED')]
  }
  const faults = validate(schema, document, [...specifiedRules, ...rules])
  if (faults.length > 0) {
    for (const fault of faults) nameField(fault, document)
    return faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED'))
  }
  if (!getOperationAST(document, operationName)) {
    return [withCode(new GraphQLError('Which operation?'), 'OPERATION_RESOLUTION_FAILURE')]
  }
  try {
    check.assertOperation({ document, operationName, variables })
  } catch (error) {
    return [withCode(error, 'INTERNAL_SERVER_ERROR')]
  }
  const openContext = () => request.openContext(requestId)
  return {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: openContext(),
    openContext,
    metrics,
  }
}

function parseWithin(query: unknown, limits: Limits): DocumentNode {
  if (typeof query !== 'string') throw new GraphQLError('The operation is text: `query`.')
  if (query.length > limits.queryCharacters) {
    throw limitExceeded(
      'queryCharacters',
      `The operation is longer than ${limits.queryCharacters} characters.`,
    )
  }
  return parse(query, { maxTokens: limits.tokens })
}

async function executeOnce(args: ExecutionArgs): Promise<ExecutionResult> {
  return timed(args, async () => execute(args))
}

async function subscribe(
  args: ExecutionArgs,
): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const { openContext } = args as SocketOperation
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

/** With a code, where it has none; what is no GraphQL error at all is a fault of ours. */
function withCode(error: unknown, code: string): GraphQLError {
  if (!(error instanceof GraphQLError)) {
    return new GraphQLError(String(error), {
      originalError: error instanceof Error ? error : undefined,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
  }
  error.extensions.code ??= code
  return error
}
