import type { Invoice } from './group-orders.js'
import type { ImportMapping } from './import-mapping.js'

/** Units of an order that a cancellation takes back. */
export interface Take {
  /** The order's id. */
  readonly order: string
  /** Which line of the order, from 0. */
  readonly index: number
  readonly units: number
  /** The line of the cancellation that took them, as a line of the file. */
  readonly line: number
}

/** Units of a line of a cancellation that nothing bought before covers. */
export interface Uncovered {
  readonly line: number
  readonly article: string
  readonly units: number
  /** Units that the line asked for. */
  readonly of: number
}

export interface Allocation {
  readonly takes: readonly Take[]
  readonly uncovered: readonly Uncovered[]
}

interface Shelf {
  readonly order: Invoice
  readonly index: number
  left: number
}

/**
 * Says which units of which orders each cancellation of one customer takes back. Its lines go one
 * after the other, each through earlier orders with the very same article: from the latest order to
 * the earliest (at equal times, from the higher number to the lower) and in an order from its last
 * line to its first; or all of it the other way round. What nothing covers is told, never guessed.
 * @param invoices of one customer, in the order in which they happened
 * @returns for each cancellation, by its place in `invoices`
 */
export function allocateCancellations(
  invoices: readonly Invoice[],
  { takeBack }: Pick<ImportMapping, 'takeBack'>,
): Map<number, Allocation> {
  const found = new Map<number, Allocation>()
  if (invoices.every(({ kind }) => kind === 'sale')) return found
  // Orders already posted, by article, each list in the order in which it is searched.
  const shelves = new Map<string, Shelf[]>()
  const direction = takeBack === 'latest-first' ? 1 : -1

  invoices.forEach((invoice, position) => {
    if (invoice.kind === 'sale') putOnShelves(invoice)
    else found.set(position, takeFromShelves(invoice))
  })
  return found

  function putOnShelves(order: Invoice) {
    const touched = new Set<string>()
    order.lines.forEach((line, index) => {
      const shelf = { order, index, left: line.units }
      const list = shelves.get(line.article)
      if (list) list.push(shelf)
      else shelves.set(line.article, [shelf])
      touched.add(line.article)
    })
    for (const article of touched) {
      shelves.get(article)?.sort((a, b) => direction * compareLatestFirst(a, b))
    }
  }

  function takeFromShelves(cancellation: Invoice): Allocation {
    const takes: Take[] = []
    const uncovered: Uncovered[] = []
    for (const { line, article, units } of cancellation.lines) {
      let wanted = units
      for (const shelf of shelves.get(article) ?? []) {
        const taken = Math.min(wanted, shelf.left)
        if (taken === 0) continue
        shelf.left -= taken
        wanted -= taken
        takes.push({ order: shelf.order.id, index: shelf.index, units: taken, line })
      }
      if (wanted > 0) uncovered.push({ line, article, units: wanted, of: units })
    }
    return { takes, uncovered }
  }
}

function compareLatestFirst(a: Shelf, b: Shelf): number {
  return b.order.at - a.order.at || compareNumbers(b.order.id, a.order.id) || b.index - a.index
}

/** Numbers by what they count (10 after 9), anything else by its text. */
function compareNumbers(a: string, b: string): number {
  if (/^[0-9]+$/.test(a) && /^[0-9]+$/.test(b)) {
    const [bareA, bareB] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
    const byValue = bareA.length - bareB.length || compareTexts(bareA, bareB)
    if (byValue !== 0) return byValue
  }
  return compareTexts(a, b)
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
