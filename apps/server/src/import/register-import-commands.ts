import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { ApiFault } from './api-client.js'
import { applyPolicy } from './apply-policy.js'
import {
  DEFAULT_BATCH_SIZE,
  DEFAULT_PARALLEL,
  type ImportOutcome,
  importOrders,
} from './import-orders.js'
import { openImportProgress } from './import-progress.js'
import { describeSummary } from './import-summary.js'
import { StoppedWhileReading } from './read-order-file.js'

const DEFAULT_URL = 'http://localhost:4000/graphql'
const INTERRUPTED = 130

interface ServerOptions {
  readonly server: string
  readonly token?: string
}

interface ImportOrdersFlags extends ServerOptions {
  readonly mapping: string
  readonly batch: number
  readonly parallel: number
  readonly patience: number
  readonly state?: string
  readonly report?: string
  readonly summary?: string
  readonly dryRun?: boolean
}

/** Adds `import orders` and `policy apply` to the command line; answers with `import`. */
export function registerImportCommands(program: Command): Command {
  const imports = program.command('import').description('bring in what happened elsewhere')
  withServer(imports.command('orders <file>'))
    .description('send the orders of a CSV, NDJSON or white-space file to a server, each once')
    .requiredOption(
      '-m, --mapping <file or name>',
      'how the file is read: a mapping file, or `online-retail` or `cdnow`',
    )
    .option('--batch <count>', 'orders in one request', whole(1, 500), DEFAULT_BATCH_SIZE)
    .option('--parallel <count>', 'requests under way at a time', whole(1, 32), DEFAULT_PARALLEL)
    .option('--patience <seconds>', 'how long to wait for a lost server', whole(0, 86_400), 120)
    .option('--state <file>', 'where to keep what is done (default: under ./data/imports)')
    .option('--report <file>', 'lines that did not go in: .csv or .ndjson (default: likewise)')
    .option('--summary <file>', 'write the figures there as JSON too')
    .option('--dry-run', 'read and report only; send nothing')
    .action(runImportOrders)

  const policy = program.command('policy').description('look after the policy')
  withServer(policy.command('apply <file>'))
    .description('put a policy document in force')
    .option('--from <time>', 'from when on, ISO 8601 (default: at once)')
    .option('--note <text>', 'why, for the history')
    .action(runApplyPolicy)
  return imports
}

function withServer(command: Command): Command {
  return command
    .option(
      '-s, --server <url>',
      'the GraphQL endpoint, or set POINTWELL_URL',
      process.env.POINTWELL_URL ?? DEFAULT_URL,
    )
    .option('-t, --token <jwt>', 'or set POINTWELL_TOKEN, which other users cannot read')
}

async function runImportOrders(file: string, flags: ImportOrdersFlags): Promise<void> {
  const stop = new AbortController()
  const kill = new AbortController()
  const progress = openImportProgress()
  const interrupt = () => {
    if (stop.signal.aborted) return kill.abort()
    stop.abort()
    progress.say('Stopping: waiting for what is under way. Once more to stop at once.')
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    const outcome = await importOrders({
      file,
      mapping: flags.mapping,
      url: flags.server,
      token: flags.dryRun ? '' : getToken(flags),
      batchSize: flags.batch,
      parallel: flags.parallel,
      statePath: flags.state,
      reportPath: flags.report,
      dryRun: flags.dryRun,
      progress,
      signal: stop.signal,
      killSignal: kill.signal,
      client: { patienceMs: flags.patience * 1000 },
    })
    if (flags.summary !== undefined) {
      await writeFile(flags.summary, `${JSON.stringify(outcome.summary, null, 2)}\n`)
    }
    process.stdout.write(`${describeOutcome(outcome, flags)}\n`)
    process.exitCode = outcome.fault ? 1 : outcome.statePath === null ? 0 : INTERRUPTED
  } catch (error) {
    progress.end()
    fail(error)
    if (error instanceof StoppedWhileReading) process.exitCode = INTERRUPTED
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function describeOutcome(
  { summary, reportPath, statePath, fault }: ImportOutcome,
  { dryRun }: ImportOrdersFlags,
): string {
  const parts = [describeSummary(summary), '', `Report: ${reportPath}`]
  if (dryRun) parts.push('This was a dry run: nothing was sent.')
  if (summary.refused > 0 && summary.accepted.orders === 0) {
    parts.push(
      'The server took no order. Is its policy one for these? See `pointwell policy apply`.',
    )
  }
  if (fault) parts.push('', `Stopped: ${fault.message}`, ...advise(fault))
  else if (statePath !== null) parts.push('', 'Stopped before the end.')
  if (statePath !== null) {
    parts.push(`Run the same command again to go on. What is done is kept in ${statePath}.`)
  }
  return parts.join('\n')
}

function advise({ kind }: ApiFault): string[] {
  if (kind === 'unauthorized') {
    return ['Orders are sent with the token of a storefront: `pointwell token` makes one.']
  }
  if (kind === 'no-api') return ['Is --server the address of the GraphQL endpoint?']
  return []
}

async function runApplyPolicy(
  file: string,
  flags: ServerOptions & { from?: string; note?: string },
): Promise<void> {
  try {
    const result = await applyPolicy({
      file,
      url: flags.server,
      token: getToken(flags),
      from: flags.from,
      note: flags.note,
    })
    if (result.applied) {
      process.stdout.write(
        `Policy version ${result.version}, in force from ${result.effectiveFrom}.\n`,
      )
      return
    }
    const faults = result.faults.map(({ path, message }) => `  ${path || '(document)'}: ${message}`)
    fail(new Error(`The policy was not taken; the old one stays in force:\n${faults.join('\n')}`))
  } catch (error) {
    fail(error)
  }
}

function getToken({ token = process.env.POINTWELL_TOKEN }: ServerOptions): string {
  if (!token) throw new Error('Say who you are: set POINTWELL_TOKEN, or give --token.')
  return token
}

/** Faults that a person can mend say what is wrong; any other is ours, and shows where. */
function fail(error: unknown) {
  const { message, stack } = error as Error
  const ours = error instanceof TypeError || error instanceof ReferenceError
  process.stderr.write(`${ours ? stack : message}\n`)
  process.exitCode = 1
}

function whole(min: number, max: number) {
  return (text: string) => {
    const value = Number(text)
    if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}
