import { basename, join } from 'node:path'
import { type Database, openLedger, openSqlStore } from '@pointwell/ledger'
import { openProgram, type Program, programNotices } from '@pointwell/program'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { runCommand } from '../cli/run-command.js'
import { loadConfig } from '../compose/load-config.js'
import { openServerDatabase } from '../compose/open-server-database.js'
import { assertNonePending } from '../compose/start-server.js'
import { openImportProgress } from '../import/import-progress.js'
import { readEnvOrExit } from '../serve.js'
import { exportHoldings, exportPaths } from './export-holdings.js'
import {
  type Manifest,
  readManifest,
  readPolicy,
  writeManifest,
  writePolicy,
} from './export-manifest.js'
import { importOpenings, type OpeningFileToImport, type OpeningOutcome } from './import-openings.js'
import type { OpeningFormat, OpeningKind } from './opening-format.js'
import { describeFault } from './opening-report.js'
import { shownSums } from './point-sums.js'

const KINDS = ['members', 'balances'] as const
const STATE_FOLDER = join('data', 'imports')
const INTERRUPTED = 130

interface ImportFlags {
  readonly dryRun?: boolean
  readonly resume?: boolean
  readonly skipBad?: boolean
  readonly pendingUntil?: number
  readonly releaseHeld?: boolean
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
    .description('write members and balances to files, as of one moment')
    .argument('<folder>', 'where members, balances, the policy and a manifest go')
    .addOption(format())
    .action((folder: string, flags: { format: OpeningFormat }) =>
      runCommand(() => withProgram({}, (parts) => exportAll(folder, flags.format, parts))),
    )
  for (const kind of KINDS) {
    exports
      .command(kind)
      .description(`write ${kind} alone`)
      .requiredOption('-o, --out <file>', 'where to')
      .addOption(format())
      // What a command above has too, commander keeps up there.
      .action((flags: { out: string }, command: Command) => {
        const { format: asked } = command.optsWithGlobals<{ format: OpeningFormat }>()
        return runCommand(() =>
          withProgram({}, (parts) => exportOne(kind, { path: flags.out, format: asked }, parts)),
        )
      })
  }

  imports.argument('[folder]', 'what `pointwell export` wrote')
  withImportFlags(imports).action((folder: string | undefined, flags: ImportFlags) => {
    if (folder === undefined) imports.help({ error: true })
    return runCommand(() => importFolder(folder!, flags))
  })
  for (const kind of KINDS) {
    withImportFlags(
      imports
        .command(`${kind} <file>`)
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
  const source = { database, policies, clock: ledger.clock, progress }
  const { files, at } = await exportHoldings(source, exportPaths(folder, format))
  await writePolicy(folder, policies.at(at).document)
  const exportedAt = new Date(at).toISOString()
  await writeManifest(folder, { format: 'pointwell-export', version: 1, exportedAt, files })
  progress.end()
  say(`${folder}: ${describeExport(files)}`)
}

async function exportOne(
  kind: OpeningKind,
  file: { path: string; format: OpeningFormat },
  { database, program: { ledger, policies } }: Parts,
): Promise<void> {
  const progress = openImportProgress()
  progress.begin('Members', 0)
  const source = { database, policies, clock: ledger.clock, progress }
  const { files } = await exportHoldings(source, { [kind]: file })
  progress.end()
  say(`${file.path}: ${describeExport(files)}`)
}

function describeExport({ members, balances }: Manifest['files']): string {
  const parts = []
  if (members) parts.push(`${members.members} members`)
  if (balances) {
    parts.push(`${balances.members} balances of ${balances.lots} lots`)
    parts.push(describeSums(balances.points))
  }
  return parts.join(', ')
}

function describeSums(sums: Readonly<Record<string, string>>): string {
  return Object.entries(sums)
    .map(([state, points]) => `${points} ${state}`)
    .join(', ')
}

async function importFolder(folder: string, flags: ImportFlags): Promise<void> {
  const { files, exportedAt } = await readManifest(folder)
  const firstPolicy = await readPolicy(folder)
  const list = KINDS.flatMap((kind) => {
    const file = files[kind]
    if (!file) return []
    return [{ kind, ...file, path: join(folder, `${kind}.${file.format}`) }]
  })
  const countedUntil = flags.countedUntil ?? Date.parse(exportedAt)
  await importFiles(
    list,
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
      kind === 'members'
        ? `members: ${members} in the file`
        : `balances: ${members} in the file, ${lots} lots, ${describeSums(shownSums(points))}`,
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
