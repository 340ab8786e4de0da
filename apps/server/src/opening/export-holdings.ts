import { join } from 'node:path'
import type { Database } from '@pointwell/ledger'
import {
  type HoldingBalance,
  type HoldingPage,
  type LineFile,
  type OrderLine,
  type PluginFiles,
  type PolicyBook,
  readHoldings,
} from '@pointwell/program'
import type { ImportProgress } from '../import/import-progress.js'
import { UnfitFile } from '../import/unfit-file.js'
import type { Manifest } from './export-manifest.js'
import { type FileWriter, openFileWriter } from './open-file-writer.js'
import {
  balanceRows,
  CSV_HEADERS,
  headerOf,
  memberRow,
  type OpeningFormat,
  type OpeningKind,
  orderRow,
  rowText,
} from './opening-format.js'
import { addPoints, noPoints, type PointSums, shownSums } from './point-sums.js'

export interface ExportSource {
  readonly database: Pick<Database, 'snapshot' | 'connection'>
  readonly policies: PolicyBook
  readonly clock: () => number
  readonly progress: ImportProgress
  /** What plugins have; absent: nothing of them is asked for. */
  readonly lines?: PluginFiles
}

export interface Exported {
  /** Only of what was asked for. */
  readonly files: Manifest['files']
  /** By what operators call them. */
  readonly lines: NonNullable<Manifest['lines']>
  /** The moment of it, epoch milliseconds. */
  readonly at: number
}

export interface FileToWrite {
  readonly path: string
  readonly format: OpeningFormat
}

/** What is written, by kind: where to, and how. `lines`: of files of plugins. */
export type ExportFiles = Partial<Record<OpeningKind, FileToWrite>> & {
  readonly lines?: Readonly<Record<string, FileToWrite>>
}

/** Writes members, balances, orders, or all of them as of one moment, a page at a time. A file has its name
 * when it is whole. */
export async function exportHoldings(source: ExportSource, files: ExportFiles): Promise<Exported> {
  const { lines: ofPlugins = {}, ...ours } = files
  const kinds = Object.keys(ours) as OpeningKind[]
  const writers = new Map<string, FileWriter>()
  const abandon = async () => {
    for (const writer of writers.values()) await writer.abandon()
    writers.clear()
  }
  try {
    return await readHoldings(
      { ...source, orders: files.orders !== undefined },
      async (pages, at, manager) => {
        // The connection may have been lost half-way.
        await abandon()
        for (const kind of kinds) {
          const writer = await openFileWriter(files[kind]!.path)
          writers.set(kind, writer)
          if (files[kind]!.format === 'csv') await writer.write(CSV_HEADERS[kind])
        }
        const counted = await writePages(pages, { source, files, writers })
        const { all, members, lots, orders } = counted
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
          ...(files.orders && { orders: { ...(await ofFile('orders')), ...orders } }),
        }
        const lines = await writeLines(ofPlugins, { source, manager, writers })
        return { files: written, lines, at }
      },
    )
  } catch (fault) {
    await abandon()
    throw fault
  }
}

/** Writes lines of plugins, as of the same moment. */
async function writeLines(
  files: Readonly<Record<string, FileToWrite>>,
  {
    source,
    manager,
    writers,
  }: {
    readonly source: ExportSource
    readonly manager: Parameters<LineFile['pages']>[0]
    readonly writers: Map<string, FileWriter>
  },
): Promise<Exported['lines']> {
  const written: Record<string, Exported['lines'][string]> = {}
  for (const [name, { path, format }] of Object.entries(files)) {
    const file = source.lines?.get(name)
    if (!file) throw new UnfitFile(`No plugin here has files of ${name}.`)
    const writer = await openFileWriter(path)
    writers.set(name, writer)
    if (format === 'csv') await writer.write(headerOf(file.columns))
    let lines = 0
    for await (const page of file.pages(manager)) {
      const text = (line: object) => rowText(file.columns, { ...line })
      await writer.write(linesOf(page, format === 'csv' ? text : ndjson))
      lines += page.length
    }
    written[name] = { format, sha256: await writer.finish(), lines }
  }
  return written
}

interface Counted {
  all: number
  /** With a balance. */
  members: number
  lots: number
  readonly points: PointSums
  readonly orders: { policies: number; earned: number; payments: number }
}

async function writePages(
  pages: AsyncIterable<HoldingPage>,
  {
    source: { progress },
    files,
    writers,
  }: {
    source: ExportSource
    files: ExportFiles
    writers: ReadonlyMap<string, FileWriter>
  },
): Promise<Counted> {
  const orders = { policies: 0, earned: 0, payments: 0 }
  const counted: Counted = { all: 0, members: 0, lots: 0, points: noPoints(), orders }
  for await (const { holdings: page, orders: lines } of pages) {
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
    for await (const some of lines) {
      await writers
        .get('orders')
        ?.write(linesOf(some, files.orders?.format === 'csv' ? orderRow : ndjson))
      for (const line of some) orders[kindOf(line)]++
    }
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

function kindOf(line: OrderLine): keyof Counted['orders'] {
  if (Object.hasOwn(line, 'document')) return 'policies'
  return Object.hasOwn(line, 'payment') ? 'payments' : 'earned'
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
    orders: { path: join(folder, `orders.${format}`), format },
  } as const
}
