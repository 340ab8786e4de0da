import fc from 'fast-check'
import {
  type ExecutionResult,
  execute,
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  getNamedType,
  isListType,
  isNonNullType,
  parse,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { type Executor, openExecutor } from './open-executor.js'

/**
 * The same operations over the same made-up schema by graphql's executor and by ours. What a field gives
 * hangs on the value it is a field of and on its name, never on when it is asked: at once or after some
 * turns, as a property, a method or by a resolver; and where a world has faults, an error in any of the
 * ways in which there can be one.
 */

interface World {
  readonly seed: number
  readonly isAsync: boolean
  readonly hasThenables: boolean
  /** Whether no item of a list is there at once. */
  readonly hasLateItems?: boolean
  /** Whether something goes wrong with what stands there. */
  readonly fails: (at: string) => boolean
  readonly calls: string[]
}

interface Thing {
  readonly id: string
  readonly kind: 'Apple' | 'Pear'
  readonly world: World
}

const NAMES = [
  'int',
  'intNow',
  'text',
  'textNow',
  'color',
  'flag',
  'ints',
  'words',
  'apple',
  'appleNow',
  'pear',
  'fruit',
  'fruitNow',
  'basket',
  'apples',
  'fruits',
  'grid',
] as const

const Color = new GraphQLEnumType({
  name: 'Color',
  values: { RED: { value: 1 }, GREEN: { value: 2 } },
})

const Fruit: GraphQLInterfaceType = new GraphQLInterfaceType({
  name: 'Fruit',
  fields: () => fieldsOf(() => undefined),
  resolveType: (thing: Thing) => later(thing.world, `${thing.id}:type`, thing.kind) as string,
})

const Apple: GraphQLObjectType = new GraphQLObjectType({
  name: 'Apple',
  interfaces: [Fruit],
  fields: () => fieldsOf(resolverOf),
})

const Pear: GraphQLObjectType = new GraphQLObjectType({
  name: 'Pear',
  interfaces: [Fruit],
  fields: () => fieldsOf(resolverOf),
  isTypeOf: ({ id, kind, world }: Thing) => later(world, `${id}:is`, kind === 'Pear') as boolean,
})

/** Without a function of its own: the types are asked. */
const Basket = new GraphQLUnionType({ name: 'Basket', types: () => [Pear] })

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: () => fieldsOf(resolverOf) }),
  types: [Apple, Pear],
})

function fieldsOf(
  resolve: (name: string) => ReturnType<typeof resolverOf> | undefined,
): GraphQLFieldConfigMap<Thing, unknown> {
  const types: Record<(typeof NAMES)[number], GraphQLOutputType> = {
    int: GraphQLInt,
    intNow: new GraphQLNonNull(GraphQLInt),
    text: GraphQLString,
    textNow: new GraphQLNonNull(GraphQLString),
    color: Color,
    flag: GraphQLBoolean,
    ints: new GraphQLList(new GraphQLNonNull(GraphQLInt)),
    words: new GraphQLNonNull(new GraphQLList(GraphQLString)),
    apple: Apple,
    appleNow: new GraphQLNonNull(Apple),
    pear: Pear,
    fruit: Fruit,
    fruitNow: new GraphQLNonNull(Fruit),
    basket: Basket,
    apples: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Apple))),
    fruits: new GraphQLList(Fruit),
    grid: new GraphQLList(new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Fruit)))),
  }
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      name,
      {
        type,
        args: { plus: { type: GraphQLInt, defaultValue: 1 }, note: { type: GraphQLString } },
        ...(!isProperty(name) && { resolve: resolve(name) }),
      },
    ]),
  )
}

/** Every third field has no resolver: the value has a property, a method every other time. */
function isProperty(name: string): boolean {
  return NAMES.indexOf(name as never) % 3 === 0
}

function resolverOf(name: string) {
  return (thing: Thing, args: { plus?: number | null; note?: string | null }) =>
    givenBy(thing, name, args)
}

function thingOf(world: World, id: string, kind: Thing['kind']): Thing {
  const thing = { id, kind, world }
  for (const name of NAMES.filter(isProperty)) {
    Object.defineProperty(thing, name, {
      get: () =>
        draw(world, `${id}.${name}:how`) % 2 === 0
          ? givenBy(thing, name, {})
          : (args: object) => givenBy(thing, name, args),
    })
  }
  return thing
}

/** What a field gives, or how it fails. */
function givenBy(
  { id, world }: Thing,
  name: string,
  { plus, note }: { plus?: number | null; note?: string | null },
): unknown {
  const at = `${id}.${name}(${plus},${note})`
  world.calls.push(at)
  if (world.fails(at)) {
    const fault = new Error(`fault ${at}`)
    switch (draw(world, `${at}:which`) % 5) {
      case 0:
        throw fault
      case 1:
        return fault
      case 2:
        return null
      case 3:
        return world.isAsync ? later(world, at, () => Promise.reject(fault)) : undefined
      default:
        // Neither a number, nor a list, nor a color; as a fruit one of no kind.
        return later(world, at, { id: at, kind: 'Stone', world })
    }
  }
  return later(world, at, () => madeFor(world, schema.getQueryType()!.getFields()[name]!.type, at))
}

function madeFor(world: World, type: GraphQLOutputType, at: string): unknown {
  if (isNonNullType(type)) return madeSurely(world, type.ofType, at)
  return draw(world, `${at}:null`) % 12 === 0 ? undefined : madeSurely(world, type, at)
}

function madeSurely(world: World, type: GraphQLOutputType, at: string): unknown {
  if (isListType(type)) {
    return Array.from({ length: draw(world, `${at}:length`) % 4 }, (_, place) => {
      const item = `${at}[${place}]`
      const made = () => (world.fails(item) ? null : madeFor(world, type.ofType, item))
      return world.hasLateItems ? Promise.resolve().then(made) : later(world, item, made)
    })
  }
  switch (getNamedType(type).name) {
    case 'Int':
      return draw(world, at) % 100
    case 'String':
      return `text of ${at}`
    case 'Boolean':
      return draw(world, at) % 2 === 0
    case 'Color':
      return 1 + (draw(world, at) % 2)
    case 'Apple':
      return thingOf(world, at, 'Apple')
    case 'Pear':
    case 'Basket':
      return thingOf(world, at, 'Pear')
    default:
      return thingOf(world, at, draw(world, `${at}:kind`) % 2 === 0 ? 'Apple' : 'Pear')
  }
}

/** At once, or some turns later: as a promise, or as something that only looks like one. The latter takes
 * ours a turn more, so it is left out where the order of calls is looked at. */
function later(world: World, at: string, value: unknown): unknown {
  const made = () => (typeof value === 'function' ? value() : value)
  if (!world.isAsync) return made()
  switch (draw(world, `${at}:later`) % 5) {
    case 0:
    case 1:
      return made()
    case 2:
      return Promise.resolve().then(made)
    case 3:
      return new Promise((resolve) => setImmediate(() => resolve(made())))
    default:
      if (!world.hasThenables) return made()
      return {
        // biome-ignore lint/suspicious/noThenProperty: what promises of other libraries look like
        then: (...all: never[]) =>
          Promise.resolve()
            .then(made)
            .then(...all),
      }
  }
}

/** A number that a text and the world's seed always give (FNV-1a). */
function draw({ seed }: Pick<World, 'seed'>, text: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (let place = 0; place < text.length; place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  }
  return (hash ^ (hash >>> 15)) >>> 0
}

const LEAVES = NAMES.slice(0, 8)
const TREES = NAMES.slice(8)

interface Selection {
  readonly kind: 'field' | 'inline' | 'fragment' | 'typename'
  readonly name: string
  readonly on: string
  readonly alias: string
  readonly args: string
  readonly when: string
  readonly below: readonly Selection[]
}

/** Of things two of which can always be asked for under one name: an alias says the field and its arguments. */
const { selections } = fc.letrec<{ selections: Selection[]; selection: Selection }>((tie) => ({
  selections: fc.array(tie('selection'), { minLength: 1, maxLength: 5, depthIdentifier: 'deep' }),
  selection: fc
    .record({
      kind: fc.constantFrom('field', 'field', 'field', 'field', 'inline', 'fragment', 'typename'),
      leaf: fc.constantFrom(...LEAVES),
      tree: fc.constantFrom(...TREES),
      on: fc.constantFrom('Fruit', 'Apple', 'Pear', ''),
      isAliased: fc.boolean(),
      args: fc.constantFrom('', '', '(plus: 2)', '(plus: $plus)', '(note: $note, plus: 3)'),
      when: fc.constantFrom(
        '',
        '',
        '',
        '@skip(if: $on)',
        '@include(if: $on)',
        '@include(if: $off) @skip(if: $on)',
        '@include(if: true)',
        '@skip(if: true)',
      ),
      below: fc.option(tie('selections'), { depthIdentifier: 'deep', maxDepth: 3, nil: [] }),
    })
    .map(({ kind, leaf, tree, on, isAliased, args, when, below }) => {
      const isLeaf = below.length === 0
      const name = isLeaf ? leaf : tree
      const suffix = args === '' ? '' : `_${args.replace(/\W/g, '')}`
      return {
        kind: isLeaf && kind !== 'typename' ? 'field' : kind,
        name,
        on,
        alias: isAliased || suffix !== '' ? `${name}${suffix || '_too'}` : name,
        args,
        when,
        below,
      } as Selection
    }),
}))

/** The text of an operation, with its fragments. */
function write(selections: readonly Selection[]): string {
  const fragments: string[] = []
  const body = block(selections, 'Query')
  return `query Made($on: Boolean!, $off: Boolean = false, $plus: Int, $note: String) ${body}\n${fragments.join('\n')}`

  function block(selections: readonly Selection[], type: string): string {
    return `{ ${selections.map((selection) => written(selection, type)).join(' ')} }`
  }

  function written({ kind, name, on, alias, args, when, below }: Selection, type: string): string {
    if (kind === 'typename') return `__typename ${when}`
    if (kind === 'field') {
      const call = `${alias}: ${name}${args} ${when}`
      return below.length === 0 ? call : `${call} ${block(below, typeOf(name))}`
    }
    // What cannot be true is no valid question.
    const possible = type === 'Fruit' || on === type || on === 'Fruit'
    const condition = type === 'Query' || type === 'Basket' || !possible ? type : on || type
    const inside = block(type === 'Basket' ? [{ ...TYPENAME, kind: 'typename' }] : below, condition)
    if (kind === 'inline') return `... ${on === '' ? '' : `on ${condition}`} ${when} ${inside}`
    const fragment = `F${fragments.length}`
    fragments.push('')
    fragments[Number(fragment.slice(1))] = `fragment ${fragment} on ${condition} ${inside}`
    return `...${fragment} ${when} ...${fragment}`
  }
}

const TYPENAME: Selection = {
  kind: 'typename',
  name: '',
  on: '',
  alias: '',
  args: '',
  when: '',
  below: [],
}

function typeOf(field: string): string {
  return getNamedType(schema.getQueryType()!.getFields()[field]!.type).name
}

const asked = fc
  .record({
    text: selections.map(write),
    seed: fc.nat(),
    variables: fc.record(
      {
        on: fc.boolean(),
        off: fc.boolean(),
        plus: fc.option(fc.nat(9), { nil: null }),
        note: fc.string(),
      },
      { requiredKeys: ['on'] },
    ),
  })
  .map((made) => ({ ...made, document: parse(made.text) }))
  // A basket has no fields of its own: such questions are none.
  .filter(({ document }) => validate(schema, document).length === 0)

type Asked = typeof asked extends fc.Arbitrary<infer Made> ? Made : never

interface Told {
  readonly result: ExecutionResult
  readonly calls: readonly string[]
}

type Terms = Pick<World, 'isAsync' | 'hasThenables' | 'fails'>

async function tell(
  executor: Executor,
  { document, seed, variables }: Asked,
  terms: Terms,
): Promise<Told> {
  const world: World = { seed, ...terms, calls: [] }
  const result = await executor({
    document,
    variableValues: variables,
    rootValue: thingOf(world, 'root', 'Apple'),
  })
  return { result, calls: [...world.calls] }
}

const theirs: Executor = (args) => execute({ schema, ...args }) as ReturnType<Executor>

async function both(made: Asked, terms: Terms) {
  const ours = openExecutor(schema)
  return {
    theirs: await tell(theirs, made, terms),
    ours: await tell(ours, made, terms),
    // By the plan of before.
    again: await tell(ours, made, terms),
  }
}

function often({ seed }: Asked, perThousand: number) {
  return (at: string) => draw({ seed }, `${at}:fault`) % 1_000 < perThousand
}

/** As far as it gets to a client: faults of the server are masked. */
function shown({ data, errors }: ExecutionResult) {
  return {
    data: JSON.parse(JSON.stringify(data)),
    order: JSON.stringify(data),
    errors: errors?.map(({ path, locations, originalError }) => ({
      path,
      locations,
      cause: originalError?.message.startsWith('fault') ? originalError.message : 'of the server',
    })),
  }
}

const inAnyOrder = (result: ExecutionResult) => {
  const { errors = [], ...rest } = shown(result)
  return { ...rest, errors: errors.map((error) => JSON.stringify(error)).sort() }
}

describe('openExecutor answers as graphql', () => {
  it('asks the same, in the same order, and says the same, where all goes well', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (made) => {
        const terms = { isAsync: true, hasThenables: false, fails: () => false }
        const { theirs, ours, again } = await both(made, terms)
        expect(theirs.result.errors).toBeUndefined()
        expect(shown(ours.result)).toEqual(shown(theirs.result))
        expect(shown(again.result)).toEqual(shown(theirs.result))
        expect(ours.calls).toEqual(theirs.calls)
      }),
      { numRuns: 200 },
    )
  })

  it('says the same of every fault where nothing has to be waited for', async () => {
    await fc.assert(
      fc.asyncProperty(asked, fc.constantFrom(20, 100, 300), async (made, perThousand) => {
        const fails = often(made, perThousand)
        const terms = { isAsync: false, hasThenables: false, fails }
        const { theirs, ours, again } = await both(made, terms)
        expect(shown(ours.result)).toEqual(shown(theirs.result))
        expect(shown(again.result)).toEqual(shown(theirs.result))
        expect(ours.calls).toEqual(theirs.calls)
      }),
      { numRuns: 300 },
    )
  })

  it('says the same of one fault, whenever it comes', async () => {
    await fc.assert(
      fc.asyncProperty(asked, fc.nat(), async (made, which) => {
        const well = { isAsync: true, hasThenables: true, fails: () => false }
        const { calls } = await tell(theirs, made, well)
        const culprit = calls[which % calls.length]
        const told = await both(made, { ...well, fails: (at) => at === culprit })
        expect(inAnyOrder(told.ours.result)).toEqual(inAnyOrder(told.theirs.result))
      }),
      { numRuns: 300 },
    )
  })

  it('leaves out the same when faults meet', async () => {
    await fc.assert(
      fc.asyncProperty(asked, fc.constantFrom(20, 100, 300), async (made, perThousand) => {
        const fails = often(made, perThousand)
        // Of an item that fails at once graphql lets the errors of those before it go astray.
        const terms = { isAsync: true, hasThenables: true, hasLateItems: true, fails }
        const { theirs, ours } = await both(made, terms)
        expect(shown(ours.result).order).toBe(shown(theirs.result).order)
        const { errors = [] } = shown(ours.result)
        expect(errors.length > 0).toBe(theirs.result.errors !== undefined)
        // Which of two made a place null is a matter of turns; that there is one is none.
        const paths = errors.map(({ path }) => path ?? [])
        expect(new Set(paths.map(String)).size).toBe(paths.length)
        for (const path of paths) expect(isNulled(ours.result.data, path)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

function isNulled(data: unknown, path: readonly (string | number)[]): boolean {
  let at = data
  for (const step of path) {
    if (at === null) return true
    at = (at as Record<string | number, unknown>)[step]
  }
  return at === null
}
