import { allocateCancellations, type Take } from './allocate-cancellations.js'
import type { Customer, GroupedOrders, Invoice } from './group-orders.js'
import type { ImportMapping } from './import-mapping.js'
import { LINE_CODES, type ReportEntry } from './import-report.js'

/** Raised when the same file would give other steps than before: older state files end with it. */
export const PLAN_VERSION = 1

/** One thing to tell the server; each can be told again without doing it twice. */
export type ImportStep =
  | {
      readonly kind: 'register'
      readonly input: RegisterInput
      /** The first line of the file that names the member. */
      readonly line: number
    }
  | {
      readonly kind: 'purchase'
      readonly input: PurchaseInput
      /** Lines of the file it came from. */
      readonly lines: readonly number[]
    }
  | {
      readonly kind: 'return'
      readonly input: ReturnInput
      readonly lines: readonly number[]
    }
export type StepKind = ImportStep['kind']

export interface RegisterInput {
  readonly id: string
  readonly joinedAt: string
  readonly region?: string
}

export interface PurchaseInput {
  readonly memberId: string
  readonly orderId: string
  readonly at: string
  readonly currency: string
  readonly region?: string
  readonly lines: readonly {
    readonly id: string
    readonly article: string
    readonly quantity: number
    readonly unitPrice: string
    readonly category?: string
  }[]
  readonly confirmed: boolean
}

export interface ReturnInput {
  readonly orderId: string
  /** The cancellation's own id; one cancellation may return parts of several orders. */
  readonly returnId: string
  readonly at: string
  readonly lines: readonly { readonly line: string; readonly quantity: number }[]
}

export interface MemberPlan {
  readonly id: string
  /** In the order in which they must reach the server. */
  readonly steps: readonly ImportStep[]
}

export interface ImportPlan {
  readonly members: readonly MemberPlan[]
  readonly report: readonly ReportEntry[]
  readonly counts: {
    readonly linesUsed: number
    readonly customers: number
    readonly orders: number
    readonly cancellations: number
    readonly unitsUncovered: number
    readonly steps: number
  }
}

/** Turns a file's orders into what the server must be told, the same for the same file always. */
export function planImport(
  { customers, report, linesUsed }: GroupedOrders,
  mapping: Pick<ImportMapping, 'takeBack' | 'confirmed' | 'members'>,
): ImportPlan {
  const entries = [...report]
  let unitsUncovered = 0
  const members = customers.map((customer) => {
    const allocations = allocateCancellations(customer.invoices, mapping)
    const steps: ImportStep[] = []
    if (mapping.members.register) steps.push(planRegistration(customer))
    customer.invoices.forEach((invoice, position) => {
      const allocation = allocations.get(position)
      if (!allocation) {
        steps.push(planPurchase(invoice, mapping))
        return
      }
      steps.push(...planReturns(invoice, allocation.takes))
      for (const { line, units, of } of allocation.uncovered) {
        unitsUncovered += units
        entries.push({
          line,
          order: invoice.id,
          customer: customer.id,
          code: 'NOT_COVERED',
          reason: `${LINE_CODES.NOT_COVERED} Units not covered: ${units} of ${of}.`,
        })
      }
    })
    return { id: customer.id, steps }
  })
  const invoices = customers.flatMap((customer) => customer.invoices)
  return {
    members,
    report: entries,
    counts: {
      linesUsed,
      customers: customers.length,
      orders: invoices.filter(({ kind }) => kind === 'sale').length,
      cancellations: invoices.filter(({ kind }) => kind === 'cancellation').length,
      unitsUncovered,
      steps: members.reduce((sum, { steps }) => sum + steps.length, 0),
    },
  }
}

function planRegistration({ id, joinedAt, region, invoices }: Customer): ImportStep {
  return {
    kind: 'register',
    line: Math.min(...invoices.map(({ place }) => place)),
    input: { id, joinedAt: instant(joinedAt), ...(region === null ? {} : { region }) },
  }
}

function planPurchase(order: Invoice, { confirmed }: Pick<ImportMapping, 'confirmed'>): ImportStep {
  return {
    kind: 'purchase',
    lines: order.lines.map(({ line }) => line),
    input: {
      memberId: order.customer,
      orderId: order.id,
      at: instant(order.at),
      currency: order.currency,
      ...(order.region === null ? {} : { region: order.region }),
      lines: order.lines.map(({ article, units, unitPrice, category }, index) => ({
        id: lineId(index),
        article,
        quantity: units,
        unitPrice,
        ...(category === null ? {} : { category }),
      })),
      confirmed,
    },
  }
}

/** One return for each order that the cancellation reaches; a line of the order at most once in it. */
function planReturns(cancellation: Invoice, takes: readonly Take[]): ImportStep[] {
  const orders = new Map<string, Take[]>()
  for (const take of takes) {
    const known = orders.get(take.order)
    if (known) known.push(take)
    else orders.set(take.order, [take])
  }
  return [...orders].map(([orderId, own]) => {
    const units = new Map<string, number>()
    for (const { index, units: taken } of own) {
      units.set(lineId(index), (units.get(lineId(index)) ?? 0) + taken)
    }
    return {
      kind: 'return',
      lines: [...new Set(own.map(({ line }) => line))],
      input: {
        orderId,
        returnId: cancellation.id,
        at: instant(cancellation.at),
        lines: [...units].map(([line, quantity]) => ({ line, quantity })),
      },
    }
  })
}

/** By its place in the order, so that the same order in another file is the same order. */
function lineId(index: number): string {
  return String(index + 1)
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
