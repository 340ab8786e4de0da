import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm'

/** Where the names of the migrations that ran are kept. */
export const MIGRATIONS_TABLE = 'pointwell_migration'

/** Runs what is pending on a runner that already has what keeps others out. */
export async function runMigrations(
  source: DataSource,
  runner: QueryRunner,
): Promise<readonly string[]> {
  const ran = await openExecutor(source, runner).executePendingMigrations()
  return ran.map(({ name }) => name)
}

export async function undoLastMigration(
  source: DataSource,
  runner: QueryRunner,
): Promise<string | undefined> {
  const executor = openExecutor(source, runner)
  const [last] = (await executor.getExecutedMigrations()).sort((a, b) => b.id! - a.id!)
  if (!last) return undefined
  await executor.undoLastMigration()
  return last.name
}

export async function pendingMigrations(
  source: DataSource,
  runner?: QueryRunner,
): Promise<readonly string[]> {
  return (await new MigrationExecutor(source, runner).getPendingMigrations()).map(
    ({ name }) => name,
  )
}

function openExecutor(source: DataSource, runner: QueryRunner): MigrationExecutor {
  const executor = new MigrationExecutor(source, runner)
  // Where the schema can be part of a transaction, the caller's is already open; MySQL commits
  // with every statement that changes the schema, whatever it is told.
  executor.transaction = runner.isTransactionActive ? 'each' : 'none'
  return executor
}
