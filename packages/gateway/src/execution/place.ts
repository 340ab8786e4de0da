/**
 * Where a value of an answer stands. What is above it makes the path that GraphQL tells resolvers and
 * clients; what holds it is where it is put when it comes later than its neighbours.
 */
export class Place {
  /** Whether an error has made it null, with all that was to come below it. */
  isLost = false

  constructor(
    readonly prev: Place | undefined,
    readonly key: string | number,
    /** Of the object whose field it is; undefined of an item of a list. */
    readonly typename: string | undefined,
    readonly holder: Record<string | number, unknown>,
    readonly isNullable: boolean,
  ) {}
}

export function pathOf(place: Place): (string | number)[] {
  const path: (string | number)[] = []
  for (let at: Place | undefined = place; at; at = at.prev) path.push(at.key)
  return path.reverse()
}
