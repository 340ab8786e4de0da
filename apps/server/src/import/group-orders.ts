import type { ImportMapping } from './import-mapping.js'
import { LINE_CODES, type LineCode, type ReportEntry } from './import-report.js'
import type { OrderLine, UnusedLine } from './read-order-line.js'

export interface InvoiceLine {
  /** Line of the file. */
  readonly line: number
  readonly article: string
  readonly units: number
  readonly unitPrice: string
  readonly category: string | null
}

/** An order, or a cancellation: the lines of a file with the same order's id. */
export interface Invoice {
  readonly kind: 'sale' | 'cancellation'
  readonly id: string
  readonly customer: string
  /** Epoch milliseconds: the time of its first line. */
  readonly at: number
  /** Its first line: its place in the file. */
  readonly place: number
  readonly currency: string
  readonly region: string | null
  readonly lines: readonly InvoiceLine[]
}

export interface Customer {
  readonly id: string
  /** Epoch milliseconds: the earliest time in the file. */
  readonly joinedAt: number
  readonly region: string | null
  /** By time, and by their place in the file where it is equal. */
  readonly invoices: readonly Invoice[]
}

export interface GroupedOrders {
  /** By their earliest invoice. */
  readonly customers: readonly Customer[]
  readonly report: readonly ReportEntry[]
  /** Lines that became part of an invoice that goes in. */
  readonly linesUsed: number
}

interface Group {
  readonly kind: Invoice['kind']
  readonly id: string
  readonly customer: string
  at: number
  readonly place: number
  readonly currency: string
  readonly region: string | null
  readonly memberRegion: string | null
  readonly lines: InvoiceLine[]
  /** The first line of it that cannot be read; the invoice waits until it is mended. */
  faultyLine: number | null
}

/** Collects lines, in the order of the file, into invoices and customers. */
export function openOrderGroups({ faultyLine }: Pick<ImportMapping, 'faultyLine'>) {
  const groups = new Map<string, Group>()
  const report: ReportEntry[] = []
  /** The first faulty line of each invoice, which may come before any that can be read. */
  const faults = new Map<string, number>()
  /** Customers with an order that waits, and the line it waits for. */
  const waiting = new Map<string, number>()

  function add(line: OrderLine | UnusedLine) {
    if ('unused' in line) {
      report.push(entry(line, line.code, line.reason))
      if (line.unused === 'faulty') addFault(line)
      return
    }
    const key = groupKey(line.kind, line.order)
    const group = groups.get(key)
    if (!group) {
      open(line, key)
      return
    }
    const code = checkSameOrder(group, line)
    if (code !== null) {
      const fault = entry(line, code, LINE_CODES[code])
      report.push(fault)
      addFault({ ...fault, kind: line.kind })
      return
    }
    group.lines.push(invoiceLine(line))
  }

  function open(line: OrderLine, key: string) {
    const at = line.readTime()
    if (at === null) {
      const fault = entry(line, 'BAD_TIME', LINE_CODES.BAD_TIME)
      report.push(fault)
      addFault({ ...fault, kind: line.kind })
      // Held, its other lines must still find it; dropped, the next line gives the time.
      if (faultyLine === 'drop-line') return
    }
    groups.set(key, {
      kind: line.kind,
      id: line.order,
      customer: line.customer,
      at: at ?? Number.NaN,
      place: line.line,
      currency: line.currency,
      region: line.region,
      memberRegion: line.memberRegion,
      lines: at === null ? [] : [invoiceLine(line)],
      faultyLine: faults.get(key) ?? null,
    })
  }

  function addFault({
    line,
    customer,
    order,
    kind,
  }: Pick<UnusedLine, 'line' | 'customer' | 'order' | 'kind'>) {
    if (faultyLine === 'drop-line') return
    if (customer !== null && !waiting.has(customer)) waiting.set(customer, line)
    if (order === null) return
    for (const each of kind === null ? (['sale', 'cancellation'] as const) : [kind]) {
      const key = groupKey(each, order)
      const group = groups.get(key)
      if (!faults.has(key)) faults.set(key, line)
      if (group) group.faultyLine ??= line
    }
  }

  function close(): GroupedOrders {
    const customers = new Map<string, Group[]>()
    for (const { faultyLine, customer } of groups.values()) {
      if (faultyLine !== null && !waiting.has(customer)) waiting.set(customer, faultyLine)
    }
    for (const group of groups.values()) {
      // What a cancellation takes from depends on every order and cancellation of the customer: one
      // that cannot be read yet could send it to the wrong one.
      const waits =
        group.faultyLine ?? (group.kind === 'cancellation' ? waiting.get(group.customer) : null)
      if (waits != null) {
        const reason = `${LINE_CODES.HELD_BACK} See line ${waits}.`
        for (const { line } of group.lines) {
          report.push({
            line,
            order: group.id,
            customer: group.customer,
            code: 'HELD_BACK',
            reason,
          })
        }
        continue
      }
      const known = customers.get(group.customer)
      if (known) known.push(group)
      else customers.set(group.customer, [group])
    }
    const list = [...customers].map(([id, own]) => closeCustomer(id, own))
    return {
      customers: list.sort((a, b) => compareInvoices(first(a), first(b))),
      report,
      linesUsed: list.reduce(
        (sum, { invoices }) =>
          sum + invoices.reduce((inner, invoice) => inner + invoice.lines.length, 0),
        0,
      ),
    }
  }

  return { add, close }
}

function closeCustomer(id: string, groups: Group[]): Customer {
  const sorted = groups.sort(compareInvoices)
  return {
    id,
    joinedAt: (sorted[0] as Group).at,
    region: sorted.find(({ memberRegion }) => memberRegion !== null)?.memberRegion ?? null,
    invoices: sorted.map(({ kind, customer, at, place, currency, region, lines, ...group }) => ({
      kind,
      id: group.id,
      customer,
      at,
      place,
      currency,
      region,
      lines,
    })),
  }
}

function first({ invoices }: Customer): Invoice {
  return invoices[0] as Invoice
}

/** By time; where it is equal, by place in the file. */
function compareInvoices(
  a: Pick<Invoice, 'at' | 'place'>,
  b: Pick<Invoice, 'at' | 'place'>,
): number {
  return a.at - b.at || a.place - b.place
}

function checkSameOrder(group: Group, line: OrderLine): LineCode | null {
  if (group.customer !== line.customer) return 'OTHER_CUSTOMER'
  if (group.currency !== line.currency) return 'OTHER_CURRENCY'
  return null
}

function invoiceLine({ line, article, units, unitPrice, category }: OrderLine): InvoiceLine {
  return { line, article, units, unitPrice, category }
}

function entry(
  { line, order, customer }: Pick<UnusedLine, 'line' | 'order' | 'customer'>,
  code: LineCode,
  reason: string,
): ReportEntry {
  return { line, order, customer, code, reason }
}

function groupKey(kind: Invoice['kind'], id: string): string {
  return `${kind} ${id}`
}
