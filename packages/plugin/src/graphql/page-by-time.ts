import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  encodeCursor,
} from '@pointwell/ledger/graphql'

/** A place in a list that goes by time: an instant (epoch milliseconds), and of two at once their ids. */
export interface TimePlace {
  readonly at: number
  readonly id: string
}

/**
 * A page of a list that goes by time, forwards or backwards. `find` gives what comes after a place in that order,
 * at most `limit`. Throws BAD_USER_INPUT where `first` is out of bounds, or `after` is no cursor of this list.
 */
export async function pageByTime<Item, Node>({
  list,
  page: { first, after },
  find,
  placeOf,
  nodeOf,
}: {
  /** Names the list: a cursor of one is none of another. */
  readonly list: string
  readonly page: { readonly first: number; readonly after?: string | null }
  readonly find: (wanted: {
    readonly after: TimePlace | null
    readonly limit: number
  }) => Promise<readonly Item[]>
  readonly placeOf: (item: Item) => TimePlace
  readonly nodeOf: (item: Item) => Node
}): Promise<Connection<Node>> {
  assertPageSize(first)
  const keys = assertCursor(list, ['number', 'string'], after)
  const place = keys && { at: Number(keys[0]), id: String(keys[1]) }
  const items = await find({ after: place, limit: first + 1 })
  const cursorOf = (item: Item) => {
    const { at, id } = placeOf(item)
    return encodeCursor(list, [at, id])
  }
  return connectionFrom({ items, first, after, cursorOf, nodeOf })
}
