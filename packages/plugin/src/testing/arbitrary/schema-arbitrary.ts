import fc, { type Arbitrary } from 'fast-check'
import { z } from 'zod'
import { builderKinds } from '../../schema/builder-kinds.js'
import { builderArbitrary } from './builder-arbitrary.js'
import { CannotMake } from './cannot-make.js'
import { wholeArbitrary } from './number-arbitraries.js'
import { stringArbitrary } from './string-arbitrary.js'

export interface MakingOptions {
  /** What parts are called: `event` makes `event.lines.*.article`. */
  readonly path: string
  /** Instead of what the schema says, by path. */
  readonly arbitraries?: Readonly<Record<string, Arbitrary<unknown>>>
  /** For texts that may be anything, so that they can be found again where they do not belong. */
  readonly tokens?: Arbitrary<string>
}

interface Place extends MakingOptions {
  readonly depth: number
}

type Node = z.ZodType
/** What zod keeps of a schema, as far as values are made by it. */
interface Def {
  readonly type: string
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDef } }[]
  readonly [name: string]: unknown
}
interface CheckDef {
  readonly check: string
  readonly [name: string]: unknown
}

/** Schemas that name themselves end somewhere. */
const MOST_DEPTH = 12
const SAMPLES = 200

/**
 * Values that a schema takes, on its input side: what somebody would send. Each part that is narrowed by
 * refinements is made and tried until it fits; where none of many does, throws `CannotMake`, which names
 * the part. zod 4 only. (The libraries that do this are for zod 3, or make values that cannot shrink.)
 */
export function schemaArbitrary(schema: z.ZodType, options: MakingOptions): Arbitrary<unknown> {
  return fitting(schema, { ...options, depth: 0 })
}

function fitting(schema: Node, place: Place): Arbitrary<unknown> {
  const { path, arbitraries, depth } = place
  if (depth > MOST_DEPTH) throw new CannotMake(path, 'it is nested without end')
  const given = arbitraries && Object.hasOwn(arbitraries, path) ? arbitraries[path] : undefined
  const made = given ?? makeAny(schema, place)
  const def = defOf(schema)
  const narrow = given !== undefined || def.type === 'pipe' || factsOf(def).length > 0
  if (!narrow && !builderKinds.get(schema)) return made
  const fits = (value: unknown) => {
    try {
      return schema.safeParse(value).success
    } catch {
      return false // a refinement that throws is found by a check of its own
    }
  }
  if (!fc.sample(made, { numRuns: SAMPLES, seed: 1 }).some(fits)) {
    throw new CannotMake(path, `of ${SAMPLES} values none fits its ${def.type}`)
  }
  return made.filter(fits)
}

function makeAny(schema: Node, place: Place): Arbitrary<unknown> {
  const kind = builderKinds.get(schema)
  if (kind) return builderArbitrary(kind, place.tokens)
  const def = defOf(schema)
  const inner = (part: unknown, name?: string) =>
    fitting(part as Node, {
      ...place,
      path: name === undefined ? place.path : `${place.path}.${name}`,
      depth: place.depth + 1,
    })
  switch (def.type) {
    case 'string':
      return stringArbitrary(factsOf(def), place.tokens)
    case 'number':
    case 'int':
      return numberArbitrary(factsOf(def))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'undefined':
    case 'void':
      return fc.constant(undefined)
    case 'any':
    case 'unknown':
      return fc.jsonValue({ maxDepth: 2 })
    case 'literal':
      return fc.constantFrom(...(def.values as unknown[]))
    case 'enum':
      return fc.constantFrom(...(schema as z.ZodEnum).options)
    case 'template_literal':
      return stringArbitrary([{ check: 'string_format', pattern: patternOf(schema) }], undefined)
    case 'object':
      return objectArbitrary(def, inner)
    case 'array':
      return arrayArbitrary(inner(def.element, '*'), factsOf(def))
    case 'tuple':
      return fc.tuple(...(def.items as Node[]).map((item, place) => inner(item, `${place}`)))
    case 'record':
      return recordArbitrary(def, inner)
    case 'union':
      return unionArbitrary(def.options as Node[], inner)
    case 'intersection':
      return fc
        .tuple(inner(def.left), inner(def.right))
        .map(([left, right]) => ({ ...(left as object), ...(right as object) }))
    case 'optional':
    case 'default':
    case 'prefault':
      return fc.option(inner(def.innerType), { nil: undefined, freq: 3 })
    case 'nullable':
      return fc.option(inner(def.innerType), { nil: null, freq: 3 })
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return inner(def.innerType)
    case 'pipe':
      // Of `preprocess` nothing says what it takes; what it makes of its own kind, it takes.
      return inner(defOf(def.in as Node).type === 'transform' ? def.out : def.in)
    case 'lazy':
      return inner((def.getter as () => Node)())
    default:
      throw new CannotMake(place.path, `a ${def.type} is not something that is sent as JSON`)
  }
}

function objectArbitrary(def: Def, inner: (part: unknown, name: string) => Arbitrary<unknown>) {
  const parts = Object.entries(def.shape as Record<string, Node>)
  return fc
    .tuple(...parts.map(([name, part]) => inner(part, name)))
    .map((values) =>
      Object.fromEntries(
        values
          .map((value, place): [string, unknown] => [parts[place]![0], value])
          .filter(([, value]) => value !== undefined),
      ),
    )
}

function recordArbitrary(
  def: Def,
  inner: (part: unknown, name: string) => Arbitrary<unknown>,
): Arbitrary<unknown> {
  const values = inner(def.valueType, '*')
  const keyDef = defOf(def.keyType as Node)
  // With an enum for its keys a record has all of them.
  if (keyDef.type === 'enum' || keyDef.type === 'literal') {
    const keys = (
      keyDef.type === 'enum' ? (def.keyType as z.ZodEnum).options : keyDef.values
    ) as readonly string[]
    return fc
      .tuple(...keys.map(() => values))
      .map((all) => Object.fromEntries(all.map((value, place) => [keys[place], value])))
  }
  const keys = inner(def.keyType, '$key') as Arbitrary<string>
  return fc
    .array(fc.tuple(keys, values), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries.filter(([key]) => key !== '__proto__')))
}

function unionArbitrary(
  options: readonly Node[],
  inner: (part: unknown) => Arbitrary<unknown>,
): Arbitrary<unknown> {
  const made: Arbitrary<unknown>[] = []
  let first: CannotMake | undefined
  for (const option of options) {
    try {
      made.push(inner(option))
    } catch (error) {
      if (!(error instanceof CannotMake)) throw error
      first ??= error
    }
  }
  if (made.length === 0 && first) throw first
  return fc.oneof(...made)
}

function arrayArbitrary(element: Arbitrary<unknown>, checks: readonly CheckDef[]) {
  const exactly = numberIn(checks, 'length_equals', 'length')
  const min = exactly ?? numberIn(checks, 'min_length', 'minimum') ?? 0
  const max = exactly ?? numberIn(checks, 'max_length', 'maximum') ?? min + 5
  return fc.array(element, { minLength: min, maxLength: Math.max(min, Math.min(max, min + 5)) })
}

function numberArbitrary(checks: readonly CheckDef[]): Arbitrary<number> {
  const whole = checks.some(({ format }) => /int/.test(String(format ?? '')))
  const bound = (check: string, step: 1 | -1, far: number) => {
    const found = checks
      .filter((it) => it.check === check)
      .map(({ value, inclusive }) => Number(value) + (inclusive || !whole ? 0 : step))
    return found.length === 0 ? far : step === 1 ? Math.max(...found) : Math.min(...found)
  }
  const min = bound('greater_than', 1, whole ? Number.MIN_SAFE_INTEGER : -1e12)
  const max = bound('less_than', -1, whole ? Number.MAX_SAFE_INTEGER : 1e12)
  const multiple = numberIn(checks, 'multiple_of', 'value')
  if (whole) {
    const numbers = wholeArbitrary({ min: Math.ceil(min), max: Math.floor(max) })
    return multiple === undefined
      ? numbers
      : numbers.map((it) => Math.trunc(it / multiple) * multiple)
  }
  return fc.oneof(
    fc.double({ min, max, noNaN: true }),
    wholeArbitrary({ min: Math.ceil(min), max: Math.floor(max) }),
  )
}

function defOf(schema: Node): Def {
  return schema._zod.def as unknown as Def
}

/** All that narrows a schema: its checks, and itself where it is one (`z.int()`, `z.iso.date()`). */
function factsOf(def: Def): readonly CheckDef[] {
  const own = (def.checks ?? []).map((it) => it._zod.def)
  return def.check === undefined ? own : [def as unknown as CheckDef, ...own]
}

function numberIn(checks: readonly CheckDef[], check: string, name: string): number | undefined {
  const found = checks.find((it) => it.check === check)?.[name]
  return typeof found === 'number' ? found : undefined
}

function patternOf(schema: Node): unknown {
  return (schema._zod as { pattern?: RegExp }).pattern
}
