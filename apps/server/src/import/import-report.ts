import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Why a line of a file did not go in (or not whole). Besides these the report has the codes with
 * which the server refuses.
 */
export const LINE_CODES = {
  NOT_TEXT: 'The line has bytes that are no text in the encoding of the file.',
  LINE_TOO_LONG: 'The line is longer than a line can be.',
  UNREADABLE: 'The line is not in the format of the file.',
  WRONG_COLUMNS: 'The line has not as many columns as the file.',
  NO_CUSTOMER: 'The line names no customer.',
  NOT_A_PRODUCT: 'The line is no product, as the mapping has it.',
  NEITHER: 'The line is neither a sale nor a cancellation, as the mapping has it.',
  NO_ORDER: 'The line names no order.',
  NO_ARTICLE: 'The line names no article.',
  BAD_TIME: 'The time is not in the format of the mapping, or there is no such time.',
  BAD_QUANTITY: 'The quantity is no whole number, or zero, or too large.',
  BAD_PRICE: 'The price is no decimal from zero with at most four places.',
  BAD_CURRENCY: 'The currency is not three capital letters.',
  OTHER_CUSTOMER: 'The line names another customer than the first of its order.',
  OTHER_CURRENCY: 'The line names another currency than the first of its order.',
  HELD_BACK: 'Nothing is wrong with the line, but its order waits until another line is mended.',
  NOT_COVERED: 'The cancellation takes back more than the customer bought of the article before.',
} as const
export type LineCode = keyof typeof LINE_CODES

export interface ReportEntry {
  /** Line of the file, from 1. */
  readonly line: number
  /** As the file names it, as far as it could be read. */
  readonly order: string | null
  readonly customer: string | null
  readonly code: string
  readonly reason: string
}

/** Sorted by line, then code. */
export function sortReport(entries: readonly ReportEntry[]): ReportEntry[] {
  return [...entries].sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1))
}

export function countByCode(entries: readonly ReportEntry[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of entries) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** Writes the report as CSV where the name ends so, else as NDJSON; whole, or not at all. */
export async function writeReport(path: string, entries: readonly ReportEntry[]): Promise<void> {
  const csv = path.toLowerCase().endsWith('.csv')
  await mkdir(dirname(path), { recursive: true })
  const out = createWriteStream(`${path}.part`)
  const failed = once(out, 'error').then(([error]) => Promise.reject(error))
  // Whichever comes first is awaited below.
  failed.catch(() => {})
  if (csv) out.write('line,order,customer,code,reason\n')
  for (const entry of entries) {
    const text = csv ? toCsv(entry) : JSON.stringify(entry)
    if (!out.write(`${text}\n`)) await Promise.race([once(out, 'drain'), failed])
  }
  out.end()
  await Promise.race([once(out, 'close'), failed])
  await rename(`${path}.part`, path)
}

function toCsv({ line, order, customer, code, reason }: ReportEntry): string {
  return [String(line), order ?? '', customer ?? '', code, reason].map(quote).join(',')
}

/** A cell for people to read. */
export function quote(cell: string): string {
  // A spreadsheet would run a cell that begins like a formula.
  return quoteExactly(/^[=+\-@\t]/.test(cell) ? `'${cell}` : cell)
}

/** A cell for a program to read: whatever it begins with, it stays as it is. */
export function quoteExactly(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
