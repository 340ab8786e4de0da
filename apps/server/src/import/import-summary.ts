import { countByCode, type ReportEntry, sortReport } from './import-report.js'
import type { StepDone, StepResult } from './import-state.js'
import type { ImportPlan, ImportStep } from './plan-import.js'
import type { BalanceTotals } from './read-balances.js'

/** What an import came to. Points are what the server answered, never counted here. */
export interface ImportSummary {
  readonly file: string
  /** False: stopped before the end. */
  readonly complete: boolean
  /** What the file says. */
  readonly found: {
    readonly linesUsed: number
    readonly customers: number
    readonly orders: number
    readonly cancellations: number
    /** Units of cancellations that no purchase covers. */
    readonly unitsUncovered: number
  }
  /** What the server took. */
  readonly accepted: {
    readonly customers: number
    readonly orders: number
    readonly returns: number
    readonly pointsGranted: number
    readonly pointsTakenBack: number
    readonly unitsTakenBack: number
  }
  /** What the server refused, in steps: customers, orders, returns. */
  readonly refused: number
  /** Lines in the report, by code. */
  readonly reported: Record<string, number>
  /** Of the file's customers, after the import; null when it was stopped before. */
  readonly balances: BalanceTotals | null
}

/** Puts together what the file said and what the server answered. */
export function summarizeImport({
  file,
  plan,
  done,
  complete,
  balances,
}: {
  file: string
  plan: ImportPlan
  done: Iterable<StepDone>
  complete: boolean
  balances: BalanceTotals | null
}): { summary: ImportSummary; report: ReportEntry[] } {
  const accepted = {
    customers: 0,
    orders: 0,
    returns: 0,
    pointsGranted: 0,
    pointsTakenBack: 0,
    unitsTakenBack: 0,
  }
  let refused = 0
  const report = [...plan.report]
  for (const { member, step: index, result } of done) {
    const step = plan.members[member]?.steps[index]
    if (!step) continue
    if (result.refused) {
      refused += 1
      report.push(...explainRefusal(step, result, plan.members[member]?.id ?? null))
    } else if (step.kind === 'register') {
      accepted.customers += 1
    } else if (step.kind === 'purchase') {
      accepted.orders += 1
      accepted.pointsGranted += result.points
    } else {
      accepted.returns += 1
      // What a return does to a balance is negative.
      accepted.pointsTakenBack -= result.points
      accepted.unitsTakenBack += step.input.lines.reduce((sum, { quantity }) => sum + quantity, 0)
    }
  }
  const { steps: _, ...found } = plan.counts
  const sorted = sortReport(report)
  return {
    summary: {
      file,
      complete,
      found,
      accepted,
      refused,
      reported: countByCode(sorted),
      balances,
    },
    report: sorted,
  }
}

/** Every line of what was refused, so that nobody has to look for the others. */
function explainRefusal(
  step: ImportStep,
  { code, message, field }: StepResult & { refused: true },
  customer: string | null,
): ReportEntry[] {
  const reason = field === null ? message : `${message} (${field})`
  if (step.kind === 'register') {
    return [{ line: step.line, order: null, customer, code, reason }]
  }
  const order = step.kind === 'purchase' ? step.input.orderId : step.input.returnId
  return step.lines.map((line) => ({ line, order, customer, code, reason }))
}

/** The summary as a person reads it. */
export function describeSummary(summary: ImportSummary): string {
  const { found, accepted, balances, complete } = summary
  const of = (done: number, all: number) => (complete && done === all ? done : [done, all])
  const rows: [string, number | number[]][] = [
    ['Customers', of(accepted.customers, found.customers)],
    ['Orders', of(accepted.orders, found.orders)],
    ['Cancellations', found.cancellations],
    ['Points granted', accepted.pointsGranted],
    ['Points taken back', accepted.pointsTakenBack],
    ['Units taken back', accepted.unitsTakenBack],
    ['Units no purchase covers', found.unitsUncovered],
  ]
  if (balances) {
    rows.push(['Points available', balances.available])
    for (const name of ['pending', 'claimable', 'held', 'frozen', 'debt'] as const) {
      if (balances[name] !== 0) rows.push([`Points ${name}`, balances[name]])
    }
  }
  if (summary.refused > 0) rows.push(['Refused by the server', summary.refused])
  const titles = Math.max(...rows.map(([title]) => title.length))
  const digits = Math.max(...rows.map(([, value]) => show([value].flat()[0]).length))
  const lines = rows.map(([title, value]) => {
    const [done, all] = [value].flat()
    const rest = all === undefined ? '' : ` of ${show(all)}`
    return `${title.padEnd(titles)}  ${show(done).padStart(digits)}${rest}`
  })
  const reported = Object.entries(summary.reported)
  if (reported.length > 0) {
    lines.push('', 'Lines that did not go in, or not whole:')
    for (const [code, count] of reported.sort(([, a], [, b]) => b - a)) {
      lines.push(`${show(count).padStart(digits)}  ${code}`)
    }
  }
  return lines.join('\n')
}

function show(value = 0): string {
  return value.toLocaleString('en')
}
