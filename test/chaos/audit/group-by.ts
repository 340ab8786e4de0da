/** Things by a name of theirs, each group in the order in which they came. */
export function groupBy<T, K>(things: Iterable<T>, nameOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const thing of things) {
    const name = nameOf(thing)
    const group = groups.get(name)
    if (group) group.push(thing)
    else groups.set(name, [thing])
  }
  return groups
}
