import {
  defaultTypeResolver,
  type ExecutionResult,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  locatedError,
} from 'graphql'
import { Place, pathOf } from './place.js'
import {
  type FieldPlan,
  findPossibleType,
  type OperationPlan,
  type SelectionPlan,
  type Shape,
} from './selection-plan.js'

type Answer = Record<string, unknown>

/** One operation being run. */
interface Run {
  readonly schema: GraphQLSchema
  readonly plan: OperationPlan
  readonly rootValue: unknown
  readonly contextValue: unknown
  readonly variables: Readonly<Record<string, unknown>>
  readonly errors: GraphQLError[]
  /** What is being waited for. */
  pending: number
  /** Whether an error went all the way up. */
  isLost: boolean
  /** Whether any place is lost. */
  hasLost: boolean
  finish: () => void
}

/**
 * Answers an operation whose root fields may be asked for side by side: a query, or an event of a
 * subscription. Gives at once what needs no waiting, as `execute` does.
 *
 * A value that comes later is put where it belongs when it comes, and the last one ends the run: there is
 * no promise for every object and list that has one somewhere below.
 */
export function runPlan(asked: {
  schema: GraphQLSchema
  plan: OperationPlan
  rootValue: unknown
  contextValue: unknown
  variables: Readonly<Record<string, unknown>>
}): ExecutionResult | Promise<ExecutionResult> {
  const run: Run = {
    ...asked,
    errors: [],
    pending: 0,
    isLost: false,
    hasLost: false,
    finish: () => {},
  }
  let data: Answer | null = null
  try {
    data = answerSelection(run, run.plan.selection, run.rootValue, undefined)
  } catch (error) {
    loseAll(run, error)
  }
  const result = (): ExecutionResult => {
    const shown = run.isLost ? null : data
    return run.errors.length === 0 ? { data: shown } : { errors: run.errors, data: shown }
  }
  if (run.pending === 0) return result()
  return new Promise((resolve) => {
    run.finish = () => resolve(result())
  })
}

function answerSelection(
  run: Run,
  { blank, fields }: SelectionPlan,
  source: unknown,
  above: Place | undefined,
): Answer {
  const answer = { ...blank }
  for (const field of fields) {
    const value = answerField(run, field, source, above, answer)
    if (value !== null) answer[field.key] = value
  }
  return answer
}

/** The answer, or null for now when it comes later. Throws what this field may not stand for. */
function answerField(
  run: Run,
  field: FieldPlan,
  source: unknown,
  above: Place | undefined,
  holder: Answer,
): unknown {
  const { definition, shape } = field
  let place: Place | undefined
  try {
    let value: unknown
    if (definition.resolve) {
      place = placeOf(field, above, holder)
      value = definition.resolve(
        source,
        argumentsOf(run, field),
        run.contextValue,
        infoOf(run, field, place),
      )
    } else {
      value = propertyOf(source, definition.name)
      if (typeof value === 'function') {
        place = placeOf(field, above, holder)
        value = (source as Record<string, (...all: unknown[]) => unknown>)[definition.name]!(
          argumentsOf(run, field),
          run.contextValue,
          infoOf(run, field, place),
        )
      }
    }
    if (isPromise(value)) {
      place ??= placeOf(field, above, holder)
      whenHere(run, value, { field, place }, (here, at) => complete(run, field, shape, here, at))
      return null
    }
    // Most values of most answers: no place, no path.
    if (shape.kind === 'leaf' || value === null || value === undefined) {
      return completeLeaf(field, shape, value)
    }
    place ??= placeOf(field, above, holder)
    return complete(run, field, shape, value, place)
  } catch (error) {
    if (!place) place = placeOf(field, above, holder)
    const located = locatedError(error, field.nodes, pathOf(place))
    if (!shape.isNullable) throw located
    lose(run, place, located)
    return null
  }
}

function complete(run: Run, field: FieldPlan, shape: Shape, value: unknown, place: Place): unknown {
  if (value === null || value === undefined || shape.kind === 'leaf') {
    return completeLeaf(field, shape, value)
  }
  if (value instanceof Error) throw value
  if (shape.kind === 'list') return completeList(run, field, shape.item, value, place)
  if (shape.kind === 'object') return completeObject(run, field, shape.type, value, place)
  const { type: abstract } = shape
  const info = infoOf(run, field, place)
  const name = (abstract.resolveType ?? defaultTypeResolver)(
    value,
    run.contextValue,
    info,
    abstract,
  )
  const withType = (name: unknown) => {
    const type = findPossibleType(run.schema, abstract, name)
    if (!type) throw new GraphQLError(`${String(name)} is no type that ${abstract.name} can be.`)
    return completeObject(run, field, type, value, place)
  }
  if (!isPromise(name)) return withType(name)
  whenHere(run, name, { field, place }, withType)
  return null
}

/** Of a leaf the value, of anything else that is not there null, where it may be. */
function completeLeaf(
  { parentType, definition }: FieldPlan,
  shape: Shape,
  value: unknown,
): unknown {
  if (value instanceof Error) throw value
  if (value === null || value === undefined) {
    if (shape.isNullable) return null
    throw new Error(`${parentType.name}.${definition.name} must not be null.`)
  }
  if (shape.kind !== 'leaf') return value
  const serialized = shape.type.serialize(value)
  if (serialized === null || serialized === undefined) {
    throw new Error(`${shape.type.name} made nothing of a value.`)
  }
  return serialized
}

function completeList(
  run: Run,
  field: FieldPlan,
  shape: Shape,
  value: unknown,
  place: Place,
): unknown[] {
  if (
    typeof value !== 'object' ||
    typeof (value as Iterable<unknown>)[Symbol.iterator] !== 'function'
  ) {
    const { parentType, definition } = field
    throw new GraphQLError(`${parentType.name}.${definition.name} is no list.`)
  }
  const items: unknown[] = []
  for (const item of value as Iterable<unknown>) {
    items.push(
      completeItem(
        run,
        field,
        shape,
        item,
        new Place(place, items.length, undefined, items as never, shape.isNullable),
      ),
    )
  }
  return items
}

function completeItem(
  run: Run,
  field: FieldPlan,
  shape: Shape,
  item: unknown,
  place: Place,
): unknown {
  try {
    if (!isPromise(item)) return complete(run, field, shape, item, place)
    whenHere(run, item, { field, place }, (here, at) => complete(run, field, shape, here, at))
  } catch (error) {
    const located = locatedError(error, field.nodes, pathOf(place))
    if (!shape.isNullable) throw located
    lose(run, place, located)
  }
  return null
}

function completeObject(
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  value: unknown,
  place: Place,
): unknown {
  const answer = () => answerSelection(run, run.plan.below(field, type), value, place)
  if (!type.isTypeOf) return answer()
  const isOfType = type.isTypeOf(value, run.contextValue, infoOf(run, field, place))
  const ifSo = (is: unknown) => {
    if (!is) throw new GraphQLError(`A value is no ${type.name}.`)
    return answer()
  }
  if (!isPromise(isOfType)) return ifSo(isOfType)
  whenHere(run, isOfType, { field, place }, ifSo)
  return null
}

/** Puts what comes out of it where it belongs, or the error to the nearest place that may be null. */
function whenHere<Value>(
  run: Run,
  promised: PromiseLike<Value>,
  { field, place }: { field: FieldPlan; place: Place },
  completeWith: (value: Value, place: Place) => unknown,
): void {
  run.pending++
  // One that is no real promise might answer at once, before there is anything to put it into.
  const promise = promised instanceof Promise ? promised : Promise.resolve(promised)
  promise.then(
    (value) => {
      // Whoever waits for it has gone.
      if (!isLost(run, place)) {
        try {
          place.holder[place.key] = completeWith(value, place)
        } catch (error) {
          failLater(run, field, place, error)
        }
      }
      settle(run)
    },
    (error) => {
      failLater(run, field, place, error)
      settle(run)
    },
  )
}

function settle(run: Run): void {
  run.pending--
  if (run.pending === 0) run.finish()
}

function failLater(run: Run, field: FieldPlan, place: Place, error: unknown): void {
  const located = locatedError(error, field.nodes, pathOf(place))
  let nullable: Place | undefined = place
  while (nullable && !nullable.isNullable) nullable = nullable.prev
  if (nullable) {
    lose(run, nullable, located)
    nullable.holder[nullable.key] = null
  } else loseAll(run, located)
}

/** A place is null for one error; what goes wrong below it afterwards nobody asked for any more. */
function lose(run: Run, place: Place, error: GraphQLError): void {
  if (isLost(run, place)) return
  run.errors.push(error)
  place.isLost = true
  run.hasLost = true
}

function loseAll(run: Run, error: unknown): void {
  if (run.isLost) return
  run.errors.push(error as GraphQLError)
  run.isLost = true
  run.hasLost = true
}

function isLost(run: Run, place: Place): boolean {
  if (!run.hasLost) return false
  if (run.isLost) return true
  for (let at: Place | undefined = place; at; at = at.prev) if (at.isLost) return true
  return false
}

function placeOf({ key, parentType, shape }: FieldPlan, above: Place | undefined, holder: Answer) {
  return new Place(above, key, parentType.name, holder, shape.isNullable)
}

function argumentsOf({ variables }: Run, { definition, nodes }: FieldPlan) {
  return definition.args.length === 0 ? {} : getArgumentValues(definition, nodes[0]!, variables)
}

function infoOf(
  run: Run,
  { definition, nodes, parentType }: FieldPlan,
  path: Place,
): GraphQLResolveInfo {
  const { schema, plan, rootValue, variables } = run
  return {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path,
    schema,
    fragments: plan.fragments,
    rootValue,
    operation: plan.operation,
    variableValues: variables,
  }
}

function propertyOf(source: unknown, name: string): unknown {
  return (typeof source === 'object' && source !== null) || typeof source === 'function'
    ? (source as Record<string, unknown>)[name]
    : undefined
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as PromiseLike<unknown>).then === 'function'
  )
}
