import { type Database, openSqlStore, type Verification, verifyLedger } from '@pointwell/ledger'
import type { Command } from 'commander'
import { loadConfig } from '../compose/load-config.js'
import { openServerDatabase } from '../compose/open-server-database.js'
import { readEnvOrExit } from '../env/read-env-or-exit.js'
import { runCommand } from './run-command.js'

/** Adds `migrate` and `verify` to the command line. */
export function registerDatabaseCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the tables of the database up to date')
    .option('--undo', 'take back the newest migration instead')
    .option('--status', 'only say what is missing; exit code 1 when something is')
    .action((flags: { undo?: boolean; status?: boolean }) =>
      runCommand(() => withDatabase((database) => migrate(database, flags))),
    )

  program
    .command('verify')
    .description('replay the journal and compare every wallet, lot, total and hash with it')
    .action(() => runCommand(() => withDatabase(verify)))
}

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const env = readEnvOrExit()
  const { plugins } = await loadConfig(env.configPath)
  const database = await openServerDatabase({ url: env.databaseUrl, plugins })
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

async function migrate(
  database: Database,
  { undo, status }: { undo?: boolean; status?: boolean },
): Promise<void> {
  if (status) {
    const pending = await database.pendingMigrations()
    say(pending.length === 0 ? 'Up to date.' : `Missing: ${pending.join(', ')}`)
    if (pending.length > 0) process.exitCode = 1
  } else if (undo) {
    say((await database.undoLastMigration()) ?? 'There is nothing to take back.')
  } else {
    const done = await database.migrate()
    say(done.length === 0 ? 'Up to date.' : done.join('\n'))
  }
}

async function verify(database: Database): Promise<void> {
  const onProgress = (wallets: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${wallets} wallets`)
  }
  const result: Verification = await verifyLedger(openSqlStore(database), { onProgress })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  if (result.ok) {
    const { wallets, transactions, seals, root } = result
    say(`ok: ${wallets} wallets, ${transactions} transactions, ${seals} seals, root ${root}`)
    return
  }
  const { where, what, expected, found } = result.first
  say(`DIFFERS at ${where}: ${what} is ${found}, and the journal says ${expected}`)
  process.exitCode = 1
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
