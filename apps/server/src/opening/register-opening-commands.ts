import { basename, join } from 'node:path'
import { type Database, openLedger, openSqlStore } from '@pointwell/ledger'
import { openProgram, type Program, programNotices } from '@pointwell/program'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { runCommand } from '../cli/run-command.js'
import { assertNonePending } from '../compose/assert-none-pending.js'
import { loadConfig } from '../compose/load-config.js'
import { openServerDatabase } from '../compose/open-server-database.js'
import { readEnvOrExit } from '../env/read-env-or-exit.js'
import { openImportProgress } from '../import/import-progress.js'
import { type Exported, exportHoldings, exportPaths } from './export-holdings.js'
import { readManifest, readPolicy, writeManifest, writePolicy } from './export-manifest.js'
import { importOpenings, type OpeningFileToImport, type OpeningOutcome } from './import-openings.js'
import type { OpeningFormat } from './opening-format.js'
import { describeFault } from './opening-report.js'
import { shownSums } from './point-sums.js'

const KINDS = ['members', 'balances', 'orders'] as const
const STATE_FOLDER = join('data', 'imports')
const INTERRUPTED = 130

interface ImportFlags {
  readonly dryRun?: boolean
  readonly resume?: boolean
  readonly skipBad?: boolean
  readonly pendingUntil?: number
  readonly releaseHeld?: boolean
  readonly withOrders?: boolean
  readonly countedUntil?: number
  readonly report?: string
  readonly reason?: string
  readonly format?: OpeningFormat
}

/** Adds `export`, and to `imports` what takes such files. */
export function registerOpeningCommands(program: Command, imports: Command): void {
  const format = () =>
    new Option('-f, --format <format>', 'how the files are written')
      .choices(['ndjson', 'csv'])
      .default('ndjson')
  const exports = program
    .command('export')
    .description('write members, balances, orders and what plugins keep to files, as of one moment')
    .argument(
      '<folder>',
      'where members, balances, orders, lines of plugins, the policy and a manifest go; with --out: which lines of a plugin (`goods-codes`)',
    )
    .option('-o, --out <file>', 'write lines of a plugin alone, there')
    .addOption(format())
    .action((name: string, flags: { format: OpeningFormat; out?: string }) =>
      runCommand(() =>
        withProgram({}, (parts) =>
          flags.out === undefined
            ? exportAll(name, flags.format, parts)
            : exportOne(name, { path: flags.out, format: flags.format }, parts),
        ),
      ),
    )
  for (const kind of KINDS) {
    exports
      .command(kind)
      .description(`write ${kind} alone`)
      .option('-o, --out <file>', 'where to')
      .addOption(format())
      // What a command above has too, commander keeps up there.
      .action((_: object, command: Command) => {
        const { format: asked, out } = command.optsWithGlobals<{
          format: OpeningFormat
          out?: string
        }>()
        if (out === undefined) return command.error("error: required option '-o, --out <file>'")
        return runCommand(() =>
          withProgram({}, (parts) => exportOne(kind, { path: out, format: asked }, parts)),
        )
      })
  }

  imports
    .argument(
      '[folder]',
      'what `pointwell export` wrote; before a file: which lines of a plugin are in it (`goods-codes`)',
    )
    .argument('[file]', 'lines of a plugin')
    .addOption(
      new Option('-f, --format <format>', 'of one file; default: by the end of its name').choices([
        'ndjson',
        'csv',
      ]),
    )
  withImportFlags(imports).action(
    (name: string | undefined, path: string | undefined, flags: ImportFlags) => {
      if (name === undefined) imports.help({ error: true })
      if (path === undefined) return runCommand(() => importFolder(name!, flags))
      const file = { kind: name!, path, format: flags.format ?? formatOf(path) }
      return runCommand(() => importFiles([file], flags, {}))
    },
  )
  // Orders by a mapping are sent to a server; without one they are as an export wrote them.
  for (const kind of KINDS) {
    const name = kind === 'orders' ? 'exported-orders' : kind
    withImportFlags(
      imports
        .command(`${name} <file>`)
        .description(`bring in ${kind} from NDJSON or CSV, straight into the database`)
        .addOption(
          new Option('-f, --format <format>', 'default: by the end of its name').choices([
            'ndjson',
            'csv',
          ]),
        ),
    ).action((path: string, _: ImportFlags, command: Command) => {
      const flags = command.optsWithGlobals<ImportFlags>()
      const file = { kind, path, format: flags.format ?? formatOf(path) }
      return runCommand(() => importFiles([file], flags, {}))
    })
  }
}

function withImportFlags(command: Command): Command {
  return command
    .option('--dry-run', 'only say what would not go in; write nothing')
    .option('--resume', 'go on where an import of the same file stopped')
    .option('--skip-bad', 'let in what is right though other lines are not')
    .option(
      '--pending-until <time>',
      'what waits for a call to confirm an order confirms by itself then, ISO 8601',
      readTime,
    )
    .option(
      '--counted-until <time>',
      'what happened until then was counted elsewhere and earns nothing here (default: of a whole export its moment)',
      readTime,
    )
    .option('--release-held', 'points on hold for a redemption are available')
    .option(
      '--with-orders',
      'orders are brought in afterwards: what waits for them may wait (default: of a whole export, where it has them)',
    )
    .option(
      '--report <file>',
      'what did not go in: .csv or .ndjson (default: under ./data/imports)',
    )
    .option('--reason <text>', 'why, for the audit')
}

interface Parts {
  readonly database: Database
  readonly program: Program
}

async function withProgram(
  options: { readonly firstPolicy?: unknown; readonly keepFirstPolicy?: boolean },
  work: (parts: Parts) => Promise<void>,
): Promise<void> {
  const env = readEnvOrExit()
  const { plugins } = await loadConfig(env.configPath)
  const database = await openServerDatabase({
    url: env.databaseUrl,
    plugins,
    poolSize: env.databasePool,
  })
  try {
    assertNonePending(await database.pendingMigrations())
    const store = openSqlStore(database)
    const ledger = openLedger({ store, notices: programNotices(plugins) })
    try {
      const program = await openProgram({ database, ledger, plugins, ...options })
      try {
        await work({ database, program })
      } finally {
        await program.close()
      }
    } finally {
      await ledger.close()
    }
  } finally {
    await database.close()
  }
}

async function exportAll(
  folder: string,
  format: OpeningFormat,
  { database, program }: Parts,
): Promise<void> {
  const progress = openImportProgress()
  progress.begin('Members', 0)
  const { policies, ledger } = program
  const source = { database, policies, clock: ledger.clock, progress, lines: program.files }
  const written = await exportHoldings(source, {
    ...exportPaths(folder, format),
    lines: Object.fromEntries(
      [...program.files.keys()].map((name) => [
        name,
        { path: join(folder, `${name}.${format}`), format },
      ]),
    ),
  })
  const { files, lines, at } = written
  await writePolicy(folder, policies.at(at).document)
  const exportedAt = new Date(at).toISOString()
  await writeManifest(folder, { format: 'pointwell-export', version: 1, exportedAt, files, lines })
  progress.end()
  say(`${folder}: ${describeExport(written)}`)
}

async function exportOne(
  kind: string,
  file: { path: string; format: OpeningFormat },
  { database, program: { ledger, policies, files: lines } }: Parts,
): Promise<void> {
  const progress = openImportProgress()
  progress.begin('Members', 0)
  const source = { database, policies, clock: ledger.clock, progress, lines }
  const isOurs = KINDS.some((it) => it === kind)
  const written = await exportHoldings(
    source,
    isOurs ? { [kind]: file } : { lines: { [kind]: file } },
  )
  progress.end()
  say(`${file.path}: ${describeExport(written)}`)
}

function describeExport({
  files: { members, balances, orders },
  lines,
}: Pick<Exported, 'files' | 'lines'>): string {
  const parts = []
  if (members) parts.push(`${members.members} members`)
  if (balances) {
    parts.push(`${balances.members} balances of ${balances.lots} lots`)
    parts.push(describeSums(balances.points))
  }
  if (orders)
    parts.push(`${orders.earned} orders and other acts, ${orders.payments} paid with points`)
  for (const [name, file] of Object.entries(lines)) parts.push(`${file.lines} ${name}`)
  return parts.join(', ')
}

function describeSums(sums: Readonly<Record<string, string>>): string {
  return Object.entries(sums)
    .map(([state, points]) => `${points} ${state}`)
    .join(', ')
}

async function importFolder(folder: string, flags: ImportFlags): Promise<void> {
  const { files, lines = {}, exportedAt } = await readManifest(folder)
  const firstPolicy = await readPolicy(folder)
  const list = KINDS.flatMap((kind) => {
    const file = files[kind]
    if (!file) return []
    return [{ kind, ...file, path: join(folder, `${kind}.${file.format}`) }]
  })
  const ofPlugins = Object.entries(lines).map(([kind, { lines: _, ...file }]) => ({
    kind,
    ...file,
    path: join(folder, `${kind}.${file.format}`),
  }))
  const countedUntil = flags.countedUntil ?? Date.parse(exportedAt)
  await importFiles(
    [...list, ...ofPlugins],
    { ...flags, countedUntil },
    firstPolicy === undefined ? {} : { firstPolicy },
  )
}

async function importFiles(
  files: readonly OpeningFileToImport[],
  flags: ImportFlags,
  options: { readonly firstPolicy?: unknown },
): Promise<void> {
  const { dryRun = false } = flags
  const stop = new AbortController()
  const progress = openImportProgress()
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED)
    stop.abort()
    progress.say('Stopping: waiting for what is under way. Once more to stop at once.')
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const name = files.map(({ path }) => basename(path)).join('+')
  const reportPath = flags.report ?? join(STATE_FOLDER, `${name}.report.csv`)
  try {
    await withProgram({ ...options, keepFirstPolicy: !dryRun }, async ({ program }) => {
      const outcome = await importOpenings({
        program,
        files,
        terms: {
          pendingUntil: flags.pendingUntil ?? null,
          releaseHeld: flags.releaseHeld ?? false,
          ordersCome: flags.withOrders ?? files.some(({ kind }) => kind === 'orders'),
          countedUntil: flags.countedUntil ?? null,
        },
        dryRun,
        skipBad: flags.skipBad ?? false,
        resume: flags.resume ?? false,
        folder: STATE_FOLDER,
        reportPath,
        reason: flags.reason ?? null,
        progress,
        signal: stop.signal,
      })
      describeOutcome(outcome, { dryRun, reportPath })
    })
  } finally {
    progress.end()
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function describeOutcome(
  { files, report, complete, stopped }: OpeningOutcome,
  { dryRun, reportPath }: { dryRun: boolean; reportPath: string },
): void {
  for (const fault of report.first) process.stderr.write(`${describeFault(fault)}\n`)
  const more = report.count - report.first.length
  if (more > 0) process.stderr.write(`… and ${more} more.\n`)
  for (const { kind, members, brought, there, refused, lots, points } of files) {
    say(
      kind === 'balances'
        ? `balances: ${members} in the file, ${lots} lots, ${describeSums(shownSums(points))}`
        : `${kind}: ${members} in the file`,
    )
    if (!dryRun) say(`  ${brought} went in, ${there} were in already, ${refused} were refused`)
  }
  if (report.count > 0) say(`${report.count} lines to look at: ${reportPath}`)
  if (stopped) say('Stopped before the end. Run the same command again with --resume to go on.')
  else if (dryRun) say('This was a dry run: nothing was written.')
  else if (!complete) say('Nothing was written. Mend these lines, or leave them out: --skip-bad.')
  else say('Done. `pointwell verify` holds the books against their journal.')
  if (stopped) process.exitCode = INTERRUPTED
  else if (report.count > 0) process.exitCode = 1
}

function formatOf(path: string): OpeningFormat {
  return /\.csv(\.gz)?$/i.test(path) ? 'csv' : 'ndjson'
}

function readTime(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isFinite(at)) return at
  throw new InvalidArgumentError('Expected a moment: 2026-12-31T00:00:00+08:00.')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
