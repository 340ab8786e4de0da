import { openOrderFile } from '../import/open-order-file.js'
import { readLines } from '../import/read-lines.js'
import { type BadRow, MissingColumnsError, type Row, readCsv } from '../import/read-rows.js'
import { UnfitFile } from '../import/unfit-file.js'
import {
  BadCell,
  type FileShape,
  fieldsOfRow,
  type OpeningFormat,
  partsOfRow,
} from './opening-format.js'

/** Why something of a file cannot go in, besides what a server refuses. */
export type FileFault =
  | BadRow['code']
  /** A cell is not what its column has. */
  | 'BAD_CELL'
  /** The last line has no end: something may be missing. */
  | 'CUT_OFF'
  /** A value of the whole wallet stands on another row than its first. */
  | 'NOT_FIRST'
  /** A line beside it cannot be read, and may belong to it. */
  | 'HELD_BACK'

export interface LineFault {
  readonly line: number
  readonly field: string | null
  readonly code: FileFault
  readonly reason: string
}

/** One member, or one order, of a file, as far as it can be read: what the file says, and in which lines. */
export interface OpeningItem {
  /** Its first line, counted from 1. */
  readonly line: number
  /** Of CSV: the line of each of its lots. */
  readonly lotLines: readonly number[] | null
  readonly value: unknown
  /** What keeps it out already. */
  readonly faults: readonly LineFault[]
}

export interface OpeningPage {
  readonly items: readonly OpeningItem[]
  /** Lines that belong to nobody who could be named. */
  readonly faults: readonly LineFault[]
}

export interface OpeningFile {
  readonly pages: AsyncIterable<OpeningPage>
  /** SHA-256 of the file as it lies there; once all of it was read. */
  hash(): string
  /** How much of it was read, from 0 to 1. */
  progress(): number
}

/** A wallet with thousands of lots is one line. */
const MAX_LINE_BYTES = 16 * 1024 * 1024

/** Reads a file of members, of balances or of orders, some at a time. What cannot be read is told, line by line; what
 * is no such file at all throws. */
export async function openOpeningFile(
  path: string,
  { shape, format }: { shape: FileShape; format: OpeningFormat },
): Promise<OpeningFile> {
  const file = await openOrderFile(path)
  const end = { byte: 0x0a }
  const lines = () =>
    readLines(watchEnd(file.bytes, end), { encoding: 'utf-8', maxLineBytes: MAX_LINE_BYTES })
  return {
    pages: namingFile(
      path,
      format === 'csv' ? readTableItems(lines(), shape, end) : readObjectItems(lines()),
    ),
    hash: file.hash,
    progress: file.progress,
  }
}

/** One of several files may be the one that does not fit. */
async function* namingFile(path: string, pages: AsyncIterable<OpeningPage>) {
  try {
    yield* pages
  } catch (error) {
    if (!(error instanceof UnfitFile)) throw error
    throw new UnfitFile(`${path}: ${error.message}`, { cause: error })
  }
}

async function* watchEnd(bytes: AsyncIterable<Buffer>, end: { byte: number }) {
  for await (const chunk of bytes) {
    if (chunk.length > 0) end.byte = chunk[chunk.length - 1]!
    yield chunk
  }
}

async function* readObjectItems(lines: ReturnType<typeof readLines>): AsyncGenerator<OpeningPage> {
  for await (const chunk of lines) {
    const items: OpeningItem[] = []
    const faults: LineFault[] = []
    for (const line of chunk) {
      if ('fault' in line) {
        const reason = line.fault === 'NOT_TEXT' ? 'bytes that are no text' : 'too long for a line'
        faults.push({ line: line.line, field: null, code: line.fault, reason })
        continue
      }
      if (line.text.trim() === '') continue
      try {
        const value: unknown = JSON.parse(line.text)
        items.push({ line: line.line, lotLines: null, value, faults: [] })
      } catch (error) {
        const reason = `no JSON: ${(error as Error).message}`
        faults.push({ line: line.line, field: null, code: 'UNREADABLE', reason })
      }
    }
    yield { items, faults }
  }
}

interface Group {
  readonly line: number
  readonly member: unknown
  readonly lots: Record<string, unknown>[]
  readonly lotLines: number[]
  readonly ofWallet: Record<string, unknown>
  readonly faults: LineFault[]
}

async function* readTableItems(
  lines: ReturnType<typeof readLines>,
  shape: FileShape,
  end: { readonly byte: number },
): AsyncGenerator<OpeningPage> {
  let names: readonly string[] = []
  const rows = readCsv(lines, (header) => {
    names = checkHeader(shape, header)
    return names
  })
  const reader: RowReader = shape.name === 'balances' ? new BalanceRows() : new SingleRows()
  let last: { readonly line: number } | undefined
  for await (const { rows: right, bad } of rows) {
    for (const it of inOrder(right, bad)) {
      last = it
      if ('code' in it) reader.bad({ ...it, field: null })
      else {
        try {
          reader.row(it.line, fieldsOfRow(shape.columns, names, it.cells))
        } catch (error) {
          if (!(error instanceof BadCell)) throw error
          const { field, message } = error
          reader.bad({ line: it.line, field, code: 'BAD_CELL', reason: message })
        }
      }
    }
    yield reader.take()
  }
  if (last && end.byte !== 0x0a) {
    const reason = 'the last line has no end: is the file whole? If it is, end the line'
    reader.bad({ line: last.line, field: null, code: 'CUT_OFF', reason })
  }
  reader.end()
  yield reader.take()
}

function checkHeader(
  { name: what, columns, needed }: FileShape,
  header: readonly string[],
): readonly string[] {
  const missing = needed.filter((name) => !header.includes(name))
  if (missing.length > 0) throw new MissingColumnsError(missing, header)
  const unknown = header.find((name) => !Object.hasOwn(columns, name))
  if (unknown === undefined) return header
  const known = Object.keys(columns).join(', ')
  throw new UnfitFile(`A file of ${what} has no column "${unknown}". It can have: ${known}.`)
}

function inOrder(rows: readonly Row[], bad: readonly BadRow[]): (Row | BadRow)[] {
  return [...rows, ...bad].sort((a, b) => a.line - b.line)
}

/** What rows come to, until somebody takes it. */
abstract class RowReader {
  private items: OpeningItem[] = []
  protected faults: LineFault[] = []

  abstract row(line: number, fields: Record<string, unknown>): void
  abstract bad(fault: LineFault): void

  /** Nothing more comes: what is not handed over yet is whole. */
  end(): void {
    const item = this.close()
    if (item) this.items.push(item)
  }

  take(): OpeningPage {
    const { items, faults } = this
    this.items = []
    this.faults = []
    return { items, faults }
  }

  /** What was not whole until now. */
  protected abstract close(): OpeningItem | undefined
}

/** A row is a member, or what is kept of an order. */
class SingleRows extends RowReader {
  /** Not handed over yet: only its line's end says that it is whole. */
  private last: OpeningItem | undefined

  row(line: number, value: Record<string, unknown>): void {
    this.end()
    this.last = { line, lotLines: null, value, faults: [] }
  }

  bad(fault: LineFault): void {
    if (this.last?.line === fault.line) this.last = { ...this.last, faults: [fault] }
    else this.faults.push(fault)
  }

  protected close(): OpeningItem | undefined {
    const { last } = this
    this.last = undefined
    return last
  }
}

/** Rows of the same member that stand together are a wallet. A wallet goes in whole or not at all, so what
 * cannot be read keeps back those on both sides of it: it may be a part of either. */
class BalanceRows extends RowReader {
  private group: Group | undefined
  private spoiledBy: LineFault | undefined

  row(line: number, fields: Record<string, unknown>): void {
    const { member, lot, ofWallet } = partsOfRow(fields)
    if (this.group === undefined || this.group.member !== member) {
      this.end()
      this.group = { line, member, lots: [], lotLines: [], ofWallet, faults: [] }
      if (this.spoiledBy) this.group.faults.push(heldBack(line, this.spoiledBy))
    } else if (Object.keys(ofWallet).length > 0) {
      const [field] = Object.keys(ofWallet)
      const reason = 'it is said of the whole wallet, on its first row'
      this.group.faults.push({ line, field: field!, code: 'NOT_FIRST', reason })
    }
    this.spoiledBy = undefined
    if (Object.keys(lot).length > 0) {
      this.group.lots.push(lot)
      this.group.lotLines.push(line)
    }
  }

  bad(fault: LineFault): void {
    this.faults.push(fault)
    this.spoiledBy = fault
    const { group } = this
    if (group && group.faults.length === 0) group.faults.push(heldBack(group.line, fault))
  }

  protected close(): OpeningItem | undefined {
    if (!this.group) return undefined
    const { line, member, lots, lotLines, ofWallet, faults } = this.group
    this.group = undefined
    return { line, lotLines, value: { member, lots, ...ofWallet }, faults }
  }
}

function heldBack(line: number, { line: other }: LineFault): LineFault {
  const reason = `line ${other} cannot be read, and may belong to this wallet`
  return { line, field: null, code: 'HELD_BACK', reason }
}
