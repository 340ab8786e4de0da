import { parse } from 'csv-parse/sync'
import type { ImportMapping } from './import-mapping.js'
import type { FileLine } from './read-lines.js'
import { UnfitFile } from './unfit-file.js'

/** A line as the cells that were asked for, in the order they were asked for in. */
export interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

/** A line that is no row, and why. */
export interface BadRow {
  readonly line: number
  readonly code: 'NOT_TEXT' | 'LINE_TOO_LONG' | 'UNREADABLE' | 'WRONG_COLUMNS'
  readonly reason: string
}

export interface Rows {
  readonly rows: readonly Row[]
  readonly bad: readonly BadRow[]
}

/** The file has not the columns that the mapping names. */
export class MissingColumnsError extends UnfitFile {
  constructor(
    readonly missing: readonly string[],
    readonly present: readonly string[],
  ) {
    super(
      `The file has no column ${missing.map((name) => `"${name}"`).join(', ')}. It has: ${present.join(', ')}.`,
    )
  }
}

type FileMapping = ImportMapping['file']

/** More lines than this are not one cell that runs over line ends, but a quote too many. */
const MAX_LINES_PER_ROW = 100

/** Reads lines as rows of the named columns, trimmed, some at a time; blank lines are nothing. */
export function readRows(
  lines: AsyncIterable<readonly FileLine[]>,
  { file, columns }: { file: FileMapping; columns: readonly string[] },
): AsyncGenerator<Rows> {
  if (file.format === 'ndjson') return readObjects(lines, { each: file.each, columns })
  const split =
    file.format === 'columns' ? splitColumns : (text: string) => splitCsv(text, file.delimiter)
  return readTable(lines, { header: file.header, split, columns })
}

/** Reads a CSV file with commas whose first line names its columns: the cells as they stand. `pick` says
 * which columns, or throws where they are not right. */
export function readCsv(
  lines: AsyncIterable<readonly FileLine[]>,
  pick: (header: readonly string[]) => readonly string[],
): AsyncGenerator<Rows> {
  return readTable(lines, {
    header: true,
    split: (text) => splitCsv(text, ','),
    columns: pick,
    trim: false,
  })
}

/** The cells of a row; null where the text is no row, `'open'` where a quoted cell has no end. */
type Split = (text: string) => readonly string[] | 'open' | null

async function* readTable(
  chunks: AsyncIterable<readonly FileLine[]>,
  {
    header,
    split,
    columns,
    trim = true,
  }: {
    header: true | readonly string[]
    split: Split
    columns: readonly string[] | ((header: readonly string[]) => readonly string[])
    trim?: boolean
  },
): AsyncGenerator<Rows> {
  const pickFrom = (names: readonly string[]) =>
    pickColumns(names, typeof columns === 'function' ? columns(names) : columns)
  let pick = header === true ? undefined : pickFrom(header)
  const waiting: FileLine[] = []
  let rows: Row[] = []
  let bad: BadRow[] = []

  for await (const chunk of chunks) {
    waiting.push(...chunk)
    takeRows({ atEnd: false })
    if (rows.length > 0 || bad.length > 0) yield { rows, bad }
    rows = []
    bad = []
  }
  takeRows({ atEnd: true })
  if (pick === undefined) throw new UnfitFile('The file is empty: not even its columns are named.')
  yield { rows, bad }

  function takeRows({ atEnd }: { atEnd: boolean }) {
    let next = 0
    while (next < waiting.length) {
      const taken = takeRow({ from: next, atEnd })
      if (taken === 0) break
      next += taken
    }
    waiting.splice(0, next)
  }

  /** Takes one row from what waits; answers how many lines it took, 0 where more must come. */
  function takeRow({ from, atEnd }: { from: number; atEnd: boolean }): number {
    const first = waiting[from] as FileLine
    if ('fault' in first) {
      bad.push(badLine(first))
      return 1
    }
    let text = first.text
    if (text.trim() === '') return 1
    for (let count = 1; ; count += 1) {
      const cells = split(text)
      if (cells === 'open') {
        // The cell may go on in the next line.
        const following = waiting[from + count]
        if (following === undefined && !atEnd && count < MAX_LINES_PER_ROW) return 0
        if (following && 'text' in following && count < MAX_LINES_PER_ROW) {
          text += `\n${following.text}`
          continue
        }
      }
      const wrong =
        cells === 'open' || cells === null
          ? unreadable(first.line, cells === 'open' ? 'a quote is not closed' : 'stray quotes')
          : takeCells(first.line, cells)
      if (wrong === null) return count
      // Whatever the quotes say: a row that is wrong is one line, and the next has its own chance.
      bad.push(wrong)
      return 1
    }
  }

  function takeCells(line: number, cells: readonly string[]): BadRow | null {
    if (pick === undefined) {
      pick = pickFrom(cells.map((name) => name.trim()))
      return null
    }
    if (cells.length !== pick.width) {
      const reason = `${cells.length} columns where there should be ${pick.width}`
      return { line, code: 'WRONG_COLUMNS', reason }
    }
    const picked = pick.indexes.map((index) => cells[index] as string)
    rows.push({ line, cells: trim ? picked.map((cell) => cell.trim()) : picked })
    return null
  }
}

function pickColumns(header: readonly string[], columns: readonly string[]) {
  const missing = columns.filter((name) => !header.includes(name))
  if (missing.length > 0) throw new MissingColumnsError([...new Set(missing)], header)
  const twice = columns.find((name) => header.indexOf(name) !== header.lastIndexOf(name))
  if (twice !== undefined) throw new UnfitFile(`The file has the column "${twice}" more than once.`)
  return { width: header.length, indexes: columns.map((name) => header.indexOf(name)) }
}

function splitColumns(text: string): string[] {
  return text.trim().split(/\s+/)
}

function splitCsv(text: string, delimiter: string): readonly string[] | 'open' | null {
  if (!text.includes('"')) return text.split(delimiter)
  try {
    const [cells] = parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
    }) as string[][]
    return cells ?? null
  } catch (error) {
    return (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : null
  }
}

async function* readObjects(
  chunks: AsyncIterable<readonly FileLine[]>,
  { each, columns }: { each: string | undefined; columns: readonly string[] },
): AsyncGenerator<Rows> {
  for await (const chunk of chunks) {
    const rows: Row[] = []
    const bad: BadRow[] = []
    for (const line of chunk) {
      if ('fault' in line) {
        bad.push(badLine(line))
        continue
      }
      if (line.text.trim() === '') continue
      const items = readObject(line.text, each)
      if (typeof items === 'string') {
        bad.push(unreadable(line.line, items))
        continue
      }
      for (const item of items) {
        const cells = columns.map((column) => (item.get(column) ?? '').trim())
        rows.push({ line: line.line, cells })
      }
    }
    yield { rows, bad }
  }
}

/** A line of JSON as flat objects, one for each item of the list `each`; or what is wrong. */
function readObject(text: string, each: string | undefined): Map<string, string>[] | string {
  let value: unknown
  try {
    JSON.parse(text)
    value = JSON.parse(quoteNumbers(text))
  } catch (error) {
    return `no JSON: ${(error as Error).message}`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no JSON object'
  const flat = new Map<string, string>()
  const lists = new Map<string, readonly unknown[]>()
  flatten(value, '', { flat, lists })
  if (each === undefined) return [flat]
  const list = lists.get(each)
  if (list === undefined) return `no list "${each}"`
  return list.map((item) => {
    const inner = new Map(flat)
    flatten(item, `${each}.`, { flat: inner, lists: new Map() })
    return inner
  })
}

/** Numbers as texts, just as they are written: read as numbers they would lose digits. */
function quoteNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  )
}

function flatten(
  value: unknown,
  prefix: string,
  into: { flat: Map<string, string>; lists: Map<string, readonly unknown[]> },
) {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix + key
    if (Array.isArray(inner)) into.lists.set(path, inner)
    else if (typeof inner === 'object') flatten(inner, `${path}.`, into)
    else into.flat.set(path, String(inner))
  }
}

function badLine({ line, fault }: FileLine & { fault: 'NOT_TEXT' | 'LINE_TOO_LONG' }): BadRow {
  const reason = fault === 'NOT_TEXT' ? 'bytes that are no text' : 'too long for a line'
  return { line, code: fault, reason }
}

function unreadable(line: number, reason: string): BadRow {
  return { line, code: 'UNREADABLE', reason }
}
