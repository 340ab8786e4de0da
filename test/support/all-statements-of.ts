import type { Database } from '@pointwell/ledger'
import type { QueryRunner } from 'typeorm'
import { type Statement, watchStatements } from './statements-of.js'

/** Every statement that `work` sends to the database: the programme's own, and those of plugins, which
 * read through TypeORM. */
export async function allStatementsOf(
  { database }: { database: Database },
  work: () => Promise<void>,
): Promise<Statement[]> {
  const ofPlugins: Statement[] = []
  const restore: (() => void)[] = []
  const watched = new WeakSet<object>()
  const watch = (runner: QueryRunner) => {
    if (watched.has(runner)) return runner
    watched.add(runner)
    const { query } = runner
    runner.query = (...asked: Parameters<QueryRunner['query']>) => {
      const [sql, parameters] = asked
      // Our own go through it too where the dialect is MySQL's, with everything filled in.
      if (parameters !== null) ofPlugins.push({ sql, parameters: Object.values(parameters ?? []) })
      return query.apply(runner, asked)
    }
    restore.push(() => {
      runner.query = query
    })
    return runner
  }
  const { read } = database
  const counted: Database['read'] = (reading) =>
    read.call(database, (manager) => {
      const { queryRunner, connection: source } = manager
      // SQLite makes a runner for each statement, MariaDB has one for each connection.
      if (queryRunner) watch(queryRunner)
      if (!watched.has(source)) {
        watched.add(source)
        const { createQueryRunner } = source
        source.createQueryRunner = (mode) => watch(createQueryRunner.call(source, mode))
        restore.push(() => {
          source.createQueryRunner = createQueryRunner
        })
      }
      return reading(manager)
    }) as never
  Object.defineProperty(database, 'read', { value: counted, configurable: true })
  try {
    const own = await watchStatements({ database }, work)
    return [...own, ...ofPlugins]
  } finally {
    Object.defineProperty(database, 'read', { value: read, configurable: true })
    for (const putBack of restore.reverse()) putBack()
  }
}
