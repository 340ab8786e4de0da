import { ArgsType, type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql'
import { badUserInput } from './faults.js'

/** The most nodes of one page. */
export const MAX_PAGE = 100

// Other subgraphs of a router have the very same (A8).
@Directive('@shareable')
@ObjectType('PageInfo', {
  description: 'Where a page lies in its list.',
  simpleResolvers: true,
})
export class PageInfoType {
  @Field(() => Boolean, { description: 'There is more after this page.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'There is something before this page.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first node of the page.' })
  startCursor!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last node of the page: give it as `after` for the next page.',
  })
  endCursor!: string | null
}

/** The arguments of every list that comes in pages: `@Args() page: PageArgs`. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    defaultValue: 20,
    description: `How many nodes at most, 1 to ${MAX_PAGE}.`,
  })
  first!: number

  @Field(() => String, {
    nullable: true,
    description: 'Start after this cursor; without it, at the beginning.',
  })
  after?: string | null
}

export interface Edge<Node> {
  readonly cursor: string
  readonly node: Node
}
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[]
  readonly nodes: readonly Node[]
  readonly pageInfo: PageInfoType
}

const connections = new Map<string, { node: ClassType; connection: ClassType }>()

/**
 * The Relay connection over an object type: `LotConnection` with `LotEdge` for `Lot`. Asked again
 * for the same type it answers with the same class.
 */
export function connectionOf<Node extends object>(
  node: ClassType<Node>,
  name: string,
): ClassType<Connection<Node>> {
  const known = connections.get(name)
  if (known) {
    if (known.node !== node) throw new Error(`There are two types ${name} with a connection.`)
    return known.connection as ClassType<Connection<Node>>
  }

  @ObjectType(`${name}Edge`, {
    description: `A ${name} and its place in the list.`,
    simpleResolvers: true,
  })
  class NodeEdge {
    @Field(() => String, { description: 'Opaque; give it as `after` to go on from here.' })
    cursor!: string

    @Field(() => node, { description: `The ${name}.` })
    node!: Node
  }

  @ObjectType(`${name}Connection`, {
    description: `A page of a list of ${name}.`,
    simpleResolvers: true,
  })
  class NodeConnection {
    @Field(() => [NodeEdge], { description: 'The nodes of this page with their cursors.' })
    edges!: readonly Edge<Node>[]

    @Field(() => [node], { description: 'The nodes of this page, for who needs no cursors.' })
    nodes!: readonly Node[]

    @Field(() => PageInfoType, { description: 'Where the page lies in the list.' })
    pageInfo!: PageInfoType
  }

  connections.set(name, { node, connection: NodeConnection })
  return NodeConnection
}

/** The size of a page that was asked for; throws BAD_USER_INPUT when it is out of bounds. */
export function assertPageSize(first: number, { field = 'first' } = {}): number {
  if (first < 1 || first > MAX_PAGE) {
    throw badUserInput(`\`first\` goes from 1 to ${MAX_PAGE}.`, { field })
  }
  return first
}

interface PageOf<Item, Node> {
  readonly items: readonly Item[]
  readonly first: number
  readonly after: string | null | undefined
  readonly cursorOf: (item: Item) => string
  readonly nodeOf: (item: Item) => Node
}

/**
 * A page out of `items`, which hold one more than `first` when there is more. `cursorOf` gives the
 * node's opaque cursor. Only what is asked for is made: hardly anybody wants the cursor of every node.
 */
export function connectionFrom<Item, Node>(page: PageOf<Item, Node>): Connection<Node> {
  return new Page(page)
}

class Page<Item, Node> implements Connection<Node> {
  private readonly shown: readonly Item[]

  constructor(private readonly page: PageOf<Item, Node>) {
    this.shown = page.items.slice(0, page.first)
  }

  get nodes(): readonly Node[] {
    return this.shown.map((item) => this.page.nodeOf(item))
  }

  get edges(): readonly Edge<Node>[] {
    const { cursorOf, nodeOf } = this.page
    return this.shown.map((item) => ({ cursor: cursorOf(item), node: nodeOf(item) }))
  }

  get pageInfo(): PageInfoType {
    const { items, first, after, cursorOf } = this.page
    const cursorAt = (place: number) => {
      const item = this.shown.at(place)
      return item === undefined ? null : cursorOf(item)
    }
    return Object.assign(new PageInfoType(), {
      hasNextPage: items.length > first,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: cursorAt(0),
      endCursor: cursorAt(-1),
    })
  }
}
