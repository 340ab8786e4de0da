import { join } from 'node:path'
import type { Database } from '@pointwell/ledger'
import {
  type Holding,
  type HoldingBalance,
  type PolicyBook,
  readHoldings,
} from '@pointwell/program'
import type { ImportProgress } from '../import/import-progress.js'
import type { Manifest } from './export-manifest.js'
import { type FileWriter, openFileWriter } from './open-file-writer.js'
import {
  balanceRows,
  CSV_HEADERS,
  memberRow,
  type OpeningFormat,
  type OpeningKind,
} from './opening-format.js'
import { addPoints, noPoints, type PointSums, shownSums } from './point-sums.js'

export interface ExportSource {
  readonly database: Pick<Database, 'snapshot' | 'connection'>
  readonly policies: PolicyBook
  readonly clock: () => number
  readonly progress: ImportProgress
}

export interface Exported {
  /** Only of what was asked for. */
  readonly files: Manifest['files']
  /** The moment of it, epoch milliseconds. */
  readonly at: number
}

/** What is written, by kind: where to, and how. */
export type ExportFiles = Partial<
  Record<OpeningKind, { readonly path: string; readonly format: OpeningFormat }>
>

/** Writes members, balances, or both as of one moment, a page at a time. A file has its name when it is
 * whole. */
export async function exportHoldings(source: ExportSource, files: ExportFiles): Promise<Exported> {
  const kinds = Object.keys(files) as OpeningKind[]
  const writers = new Map<OpeningKind, FileWriter>()
  const abandon = async () => {
    for (const writer of writers.values()) await writer.abandon()
    writers.clear()
  }
  try {
    return await readHoldings(source, async (pages, at) => {
      // The connection may have been lost half-way.
      await abandon()
      for (const kind of kinds) {
        const writer = await openFileWriter(files[kind]!.path)
        writers.set(kind, writer)
        if (files[kind]!.format === 'csv') await writer.write(CSV_HEADERS[kind])
      }
      const counted = await writePages(pages, { source, files, writers })
      const { all, members, lots } = counted
      const points = shownSums(counted.points)
      const ofFile = async (kind: OpeningKind) => ({
        format: files[kind]!.format,
        sha256: await writers.get(kind)!.finish(),
      })
      const written: Manifest['files'] = {
        ...(files.members && { members: { ...(await ofFile('members')), members: all } }),
        ...(files.balances && {
          balances: { ...(await ofFile('balances')), members, lots, points },
        }),
      }
      return { files: written, at }
    })
  } catch (fault) {
    await abandon()
    throw fault
  }
}

interface Counted {
  all: number
  /** With a balance. */
  members: number
  lots: number
  readonly points: PointSums
}

async function writePages(
  pages: AsyncIterable<readonly Holding[]>,
  {
    source: { progress },
    files,
    writers,
  }: {
    source: ExportSource
    files: ExportFiles
    writers: ReadonlyMap<OpeningKind, FileWriter>
  },
): Promise<Counted> {
  const counted: Counted = { all: 0, members: 0, lots: 0, points: noPoints() }
  for await (const page of pages) {
    const balances = page.flatMap(({ balance }) => (balance ? [balance] : []))
    await writers.get('members')?.write(
      linesOf(
        page.map(({ member }) => member),
        files.members?.format === 'csv' ? memberRow : ndjson,
      ),
    )
    await writers
      .get('balances')
      ?.write(linesOf(balances, files.balances?.format === 'csv' ? balanceRows : ndjson))
    counted.all += page.length
    counted.members += balances.length
    for (const balance of balances) count(counted, balance)
    progress.reach(counted.all)
  }
  return counted
}

function count(counted: Counted, { lots = [], debt = 0 }: HoldingBalance): void {
  counted.lots += lots.length
  for (const lot of lots) addPoints(counted.points, lot)
  addPoints(counted.points, { debt })
}

function linesOf<Line>(lines: readonly Line[], text: (line: Line) => string): string {
  return lines.map(text).join('')
}

function ndjson(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}

/** Where the files of a whole export lie. */
export function exportPaths(folder: string, format: OpeningFormat) {
  return {
    members: { path: join(folder, `members.${format}`), format },
    balances: { path: join(folder, `balances.${format}`), format },
  } as const
}
