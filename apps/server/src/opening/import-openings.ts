import { basename, join } from 'node:path'
import { isRefusal, type Refusal } from '@pointwell/ledger'
import type { OpeningTerms, Program } from '@pointwell/program'
import type { ImportProgress } from '../import/import-progress.js'
import { UnfitFile } from '../import/unfit-file.js'
import { lineReading } from './line-reading.js'
import { type OpeningFormat, type OpeningKind, shapeOf } from './opening-format.js'
import { openingReading, type Reading } from './opening-reading.js'
import { type OpeningFault, type OpeningReport, openOpeningReport } from './opening-report.js'
import { findReached, forgetReached, saveReached } from './opening-state.js'
import { noPoints, type PointSums } from './point-sums.js'
import { type OpeningItem, openOpeningFile } from './read-opening-file.js'
import { SeenIds } from './seen-ids.js'

export interface OpeningFileToImport {
  /** `members`, `balances`, `orders`, or what a file of a plugin is called. */
  readonly kind: string
  readonly path: string
  readonly format: OpeningFormat
  /** What its SHA-256 has to be; absent: anything. */
  readonly sha256?: string
}

export interface OpeningImportOptions {
  readonly program: Pick<Program, 'openings' | 'audit' | 'ledger' | 'files'>
  /** Members before balances, balances before orders. */
  readonly files: readonly OpeningFileToImport[]
  readonly terms: OpeningTerms
  /** Checks and reports, writes nothing to the database. */
  readonly dryRun: boolean
  /** Lets in what is right where other lines are not; else nothing goes in until all is right. */
  readonly skipBad: boolean
  /** Goes on where an import of the very same file stopped. */
  readonly resume: boolean
  /** Where the state of each file is kept. */
  readonly folder: string
  readonly reportPath: string
  /** Why, for the audit. */
  readonly reason: string | null
  readonly progress: ImportProgress
  /** Stops once what is under way is answered. */
  readonly signal?: AbortSignal
}

/** What became of one file. */
export interface FileOutcome {
  readonly kind: string
  /** Members, or lines about orders, of the file that could be read. */
  members: number
  /** Of those: what went in now, what was in already, what did not. */
  brought: number
  there: number
  refused: number
  lots: number
  /** In the file, as far as it is right. */
  readonly points: PointSums
}

export interface OpeningOutcome {
  readonly files: readonly FileOutcome[]
  readonly report: OpeningReport
  /** Whether anything was to be written and all of it was. */
  readonly complete: boolean
  readonly stopped: boolean
}

/** A file that changed under our hands, or was never the one that was meant. */
class OtherFile extends Error {
  override readonly name = 'OtherFile'
}

/** What the audit calls it. */
const ACTS = {
  members: 'importMembers',
  balances: 'importBalances',
  orders: 'importOrders',
} as const satisfies Record<OpeningKind, string>

function isOpening(kind: string): kind is OpeningKind {
  return Object.hasOwn(ACTS, kind)
}

/** How files of a kind are read, and what is done with their lines. */
function kindOf(kind: string, { program, terms }: Pick<OpeningImportOptions, 'program' | 'terms'>) {
  if (isOpening(kind)) {
    const reading = openingReading(kind, program.openings, terms)
    return { reading: reading as Reading<unknown>, shape: shapeOf(kind) }
  }
  const file = program.files.get(kind)
  if (!file) throw new UnfitFile(`No plugin here has files of ${kind}.`)
  return { reading: lineReading(file) as Reading<unknown>, shape: file }
}

/** So many members are asked about at a time. */
const PAGE = 500

/**
 * Imports members, balances and orders. Each file is read twice: once to find everything that is wrong, before
 * anything is written, and once to write. Every member and every wallet goes in whole, under a key of its
 * own, so an import that was stopped in any way is run again.
 */
export async function importOpenings(options: OpeningImportOptions): Promise<OpeningOutcome> {
  const { files, dryRun, skipBad, progress } = options
  const report = await openOpeningReport(options.reportPath)
  const checked: Checked[] = []
  const finish = async (complete: boolean): Promise<OpeningOutcome> => {
    await report.finish()
    const stopped = options.signal?.aborted ?? false
    return { files: checked.map(({ outcome }) => outcome), report, complete, stopped }
  }
  for (const file of files) {
    const of = (kind: string) => checked.find((it) => it.file.kind === kind)
    const coming = { members: of('members')?.seen, lots: of('balances')?.lots }
    checked.push(await checkFile(file, { options, report, coming }))
    progress.end()
    if (options.signal?.aborted) return finish(false)
  }
  if (dryRun || (report.count > 0 && !skipBad)) return finish(false)
  for (const it of checked) {
    await writeFile(it, { options, report })
    progress.end()
    if (options.signal?.aborted) return finish(false)
  }
  const orders = checked.find(({ file: { kind } }) => kind === 'orders')
  const { countedUntil } = options.terms
  // While one is missing, it could be sent again and count twice.
  if (orders && countedUntil !== null && report.count === 0) {
    progress.begin('Opening the past', 0)
    await options.program.openings.ordersAreHere(countedUntil)
    progress.end()
  }
  return finish(true)
}

interface Right {
  readonly item: OpeningItem
  readonly member: string | null
  readonly value: unknown
}

interface Checked {
  readonly file: OpeningFileToImport
  readonly hash: string
  readonly seen: SeenIds
  /** Of balances: how many lots each has. */
  readonly lots: SeenIds
  /** Members who stand in the file more than once: nobody knows which is meant. */
  readonly twice: ReadonlySet<string>
  readonly outcome: FileOutcome
}

interface Work {
  readonly options: OpeningImportOptions
  readonly report: OpeningReport
}

/** Tells everything that is wrong with a file. */
async function checkFile(
  file: OpeningFileToImport,
  {
    options,
    report,
    coming,
  }: Work & { coming: { members: SeenIds | undefined; lots: SeenIds | undefined } },
): Promise<Checked> {
  const { dryRun, progress, signal } = options
  const { reading, shape } = kindOf(file.kind, options)
  const source = await openOpeningFile(file.path, { shape, format: file.format })
  const seen = new SeenIds()
  const lots = new SeenIds()
  const identities = new SeenIds()
  const twice = new Set<string>()
  const outcome: FileOutcome = {
    kind: file.kind,
    members: 0,
    brought: 0,
    there: 0,
    refused: 0,
    lots: 0,
    points: noPoints(),
  }
  const name = basename(file.path)
  const tell = (fault: Omit<OpeningFault, 'file'>) => report.add({ file: name, ...fault })
  progress.begin(`Checking ${name}`, 100)
  for await (const { items, faults } of source.pages) {
    if (signal?.aborted) break
    for (const fault of faults) await tell({ ...fault, member: null })
    const right: Right[] = []
    for (const item of items) {
      outcome.members++
      const { name: called, member, field } = reading.nameOf(item.value)
      for (const fault of item.faults) await tell({ ...fault, member })
      const before = called === null ? undefined : seen.add(called, item.line)
      if (before !== undefined && called !== null) {
        twice.add(called)
        const reason = `this ${reading.word} stands in line ${before} already: neither goes in`
        await tell({ line: item.line, member, field, code: 'TWICE', reason })
        continue
      }
      if (item.faults.length > 0) continue
      const read = reading.read(item.value)
      if (isRefusal(read)) {
        await tell(faultOf(item, member, read))
        continue
      }
      const odd = reading.checkAmong(read.value, {
        line: item.line,
        seen,
        identities,
        lots,
        coming,
      })
      if (odd) {
        await tell({ line: item.line, member, ...odd })
        continue
      }
      reading.count(read.value, outcome)
      right.push({ item, member, value: read.value })
    }
    if (dryRun) {
      for (const some of chunks(right, PAGE)) {
        const verdicts = await reading.check(
          some.map(({ value }) => value),
          (id) => coming.members?.has(id) ?? false,
        )
        for (const [place, verdict] of verdicts.entries()) {
          const { item, member } = some[place]!
          if (verdict) await tell(faultOf(item, member, verdict))
        }
      }
    }
    progress.reach(Math.floor(source.progress() * 100))
  }
  const hash = signal?.aborted ? '' : source.hash()
  if (file.sha256 !== undefined && hash !== '' && file.sha256 !== hash) {
    throw new OtherFile(`${file.path} is not the file that the export wrote.`)
  }
  return { file, hash, seen, lots, twice, outcome }
}

/** Writes what is right of a file, page by page, and remembers how far it came. */
async function writeFile(
  { file, hash, twice, outcome }: Checked,
  { options, report }: Work,
): Promise<void> {
  const { progress, signal, folder, program } = options
  const name = basename(file.path)
  const statePath = join(folder, `${name}-${hash.slice(0, 12)}.state.json`)
  const from = options.resume ? await findReached(statePath, hash) : 0
  if (from > 0) progress.say(`${name}: going on after line ${from}.`)
  await program.audit.write([
    {
      by: 'command-line',
      roles: [],
      address: null,
      reason: options.reason,
      at: program.ledger.clock(),
      act: isOpening(file.kind) ? ACTS[file.kind] : 'importLines',
      target: { kind: 'file', id: name.slice(0, 64) },
      before: null,
      after: { sha256: hash, members: outcome.members },
      key: null,
    },
  ])
  const { reading, shape } = kindOf(file.kind, options)
  const source = await openOpeningFile(file.path, { shape, format: file.format })
  let waiting: Right[] = []
  const bring = async (some: readonly Right[]) => {
    const answers = await reading.bring(some.map(({ value }) => value))
    for (const [place, answer] of answers.entries()) {
      const { item, member, value } = some[place]!
      if (isRefusal(answer)) {
        outcome.refused++
        await report.add({ file: name, ...faultOf(item, member, answer) })
        continue
      }
      if (answer.isNew) outcome.brought++
      else outcome.there++
      const other = reading.warn(value)
      if (other) {
        const { line } = item
        await report.add({ file: name, line, member, field: 'tier', code: 'OTHER_TIER', ...other })
      }
    }
    const last = some.at(-1)
    if (last) await saveReached(statePath, { file: hash, line: last.item.line })
  }
  progress.begin(`Writing ${name}`, 100)
  for await (const { items } of source.pages) {
    for (const item of items) {
      if (item.line <= from) {
        outcome.there++
        continue
      }
      const { name: called, member } = reading.nameOf(item.value)
      if (called === null || twice.has(called) || item.faults.length > 0) continue
      const read = reading.read(item.value)
      if (!isRefusal(read)) waiting.push({ item, member, value: read.value })
    }
    for (const some of chunks(waiting.splice(0, waiting.length - (waiting.length % PAGE)), PAGE)) {
      await bring(some)
      if (signal?.aborted) return
    }
    progress.reach(Math.floor(source.progress() * 100))
  }
  await bring(waiting)
  waiting = []
  if (source.hash() !== hash) {
    throw new OtherFile(`${file.path} has changed while it was imported. Import it again.`)
  }
  await forgetReached(statePath)
}

/** A refusal as a fault of a line: of CSV, the line and the column of the lot that it is about. */
function faultOf(
  { line, lotLines }: OpeningItem,
  member: string | null,
  { code, figures: { field, detail, ...figures } }: Refusal,
): Omit<OpeningFault, 'file'> {
  const [, place, column] = (lotLines && /^lots\.(\d+)\.(.+)$/.exec(field ?? '')) ?? []
  const more = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return {
    line: place === undefined ? line : (lotLines?.[Number(place)] ?? line),
    member,
    field: column ?? field ?? null,
    code,
    reason: [...(detail ? [detail] : []), ...more].join(', ') || 'refused',
  }
}

function* chunks<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size)
}
