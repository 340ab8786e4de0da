import {
  Column,
  DataSource,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm'
import { afterAll, describe, expect, it } from 'vitest'
import { freshUrl, hasMysql } from '../../../../test/support/databases.js'
import { LEDGER_ENTITIES, LEDGER_MIGRATIONS } from '../store/ledger-schema.js'
import { textColumn, wholeColumn } from './columns.js'
import type { Database, DatabaseOptions, Dialect } from './database.js'
import { openDatabase } from './open-database.js'
import { openSqliteSource } from './open-sqlite-source.js'

const dialects: Dialect[] = hasMysql() ? ['sqlite', 'mysql'] : ['sqlite']
const NAMES = LEDGER_MIGRATIONS.map(({ name }) => name)
const TABLES = [
  'ledger_account',
  'ledger_counter',
  'ledger_entry',
  'ledger_figure',
  'ledger_lot',
  'ledger_notice',
  'ledger_record',
  'ledger_seal',
  'ledger_seal_head',
  'ledger_total',
  'ledger_transaction',
  'ledger_wallet',
]
const opened: Database[] = []
afterAll(async () => {
  for (const database of opened) await database.close()
})

async function open(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const database = await openDatabase({
    url,
    entities: LEDGER_ENTITIES,
    migrations: LEDGER_MIGRATIONS,
    durable: false,
    ...options,
  })
  opened.push(database)
  return database
}

async function tablesOf(database: Database, like = 'ledger\\_%'): Promise<string[]> {
  const sql =
    database.dialect === 'sqlite'
      ? `SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '${like}' ESCAPE '\\'`
      : `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE '${like}'`
  const rows = await database.read((manager) => database.connection(manager).select(sql))
  return rows.map((row) => row.name as string).sort()
}

/** What TypeORM would change about the tables to make them what the entities say. */
async function differences(url: string): Promise<string[]> {
  const source = url.startsWith('sqlite:')
    ? await openSqliteSource(url.slice('sqlite://'.length), 'reader', { entities: LEDGER_ENTITIES })
    : await openMysqlSource(url)
  try {
    const log = await source.driver.createSchemaBuilder().log()
    return log.upQueries.map(({ query }) => query)
  } finally {
    await source.destroy()
  }
}

/** As TypeORM opens it by itself; the two servers answer differently about their schemas. */
async function openMysqlSource(url: string): Promise<DataSource> {
  const entities = [...LEDGER_ENTITIES]
  const source = await new DataSource({ type: 'mysql', url, entities }).initialize()
  const [row] = await source.query('SELECT VERSION() AS version')
  if (!/mariadb/i.test(row.version)) return source
  await source.destroy()
  return new DataSource({ type: 'mariadb', url, entities }).initialize()
}

class AddColour1900000000001 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE shelf_colour (id bigint NOT NULL PRIMARY KEY)')
  }
  async down(runner: QueryRunner) {
    await runner.query('DROP TABLE shelf_colour')
  }
}

class Breaks1900000000002 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE shelf_half (id bigint NOT NULL PRIMARY KEY)')
    throw new Error('half way')
  }
  async down() {}
}

describe.each(dialects)('migrations on %s', (dialect) => {
  it('go up, down and up again', async () => {
    const database = await open(await freshUrl(dialect))
    expect(await database.pendingMigrations()).toEqual(NAMES)
    expect(await database.migrate()).toEqual(NAMES)
    expect(await database.pendingMigrations()).toEqual([])
    expect(await tablesOf(database)).toEqual(TABLES)
    for (const name of NAMES.toReversed()) expect(await database.undoLastMigration()).toBe(name)
    expect(await database.undoLastMigration()).toBeUndefined()
    expect(await tablesOf(database)).toEqual([])
    expect(await database.migrate()).toEqual(NAMES)
    expect(await database.migrate()).toEqual([])
    expect(await tablesOf(database)).toEqual(TABLES)
  })

  it('make exactly the tables that the entities describe', async () => {
    const url = await freshUrl(dialect)
    const database = await open(url)
    await database.migrate()
    expect(await differences(url)).toEqual([])
    // And the comparison would notice:
    const drop = 'DROP INDEX ledger_lot_open'
    await database.write((m) => m.query(dialect === 'sqlite' ? drop : `${drop} ON ledger_lot`))
    expect(await differences(url)).toHaveLength(1)
    const rename = 'ALTER TABLE ledger_wallet RENAME COLUMN debt TO debts'
    await database.write((m) => m.query(rename))
    expect((await differences(url)).join()).toContain('debt')
  })

  it('run once when several servers start at once', async () => {
    const url = await freshUrl(dialect)
    const servers = await Promise.all(Array.from({ length: 4 }, () => open(url)))
    const ran = await Promise.all(servers.map((server) => server.migrate()))
    expect(ran.flat()).toEqual(NAMES)
    for (const server of servers) expect(await server.pendingMigrations()).toEqual([])
    await Promise.all(
      servers.map((server, n) =>
        server.write((m) => m.query(`INSERT INTO ledger_counter (id, value) VALUES ('${n}', 1)`)),
      ),
    )
  })

  it('of plugins run along with the others, in the order of their numbers', async () => {
    const url = await freshUrl(dialect)
    const database = await open(url, { migrations: [AddColour1900000000001, ...LEDGER_MIGRATIONS] })
    expect(await database.migrate()).toEqual([...NAMES, AddColour1900000000001.name])
    expect(await tablesOf(database, 'shelf%')).toEqual(['shelf_colour'])
    expect(await database.undoLastMigration()).toBe(AddColour1900000000001.name)
    expect(await tablesOf(database, 'shelf%')).toEqual([])
    expect(await tablesOf(database)).toEqual(TABLES)
  })

  it('that fail say so, and keep what came before them', async () => {
    const url = await freshUrl(dialect)
    const broken = await open(url, { migrations: [...LEDGER_MIGRATIONS, Breaks1900000000002] })
    await expect(broken.migrate()).rejects.toThrow('half way')
    const mended = await open(url, { migrations: [...LEDGER_MIGRATIONS, AddColour1900000000001] })
    await mended.migrate()
    expect(await mended.pendingMigrations()).toEqual([])
    expect(await tablesOf(mended)).toEqual(TABLES)
    // SQLite takes the schema back too; MySQL cannot, which is why migrations there are re-runnable.
    const half = await tablesOf(mended, 'shelf\\_half')
    expect(half).toEqual(dialect === 'sqlite' ? [] : ['shelf_half'])
  })

  it('can be told apart by name, or the database does not open', async () => {
    const url = await freshUrl(dialect)
    const twice = open(url, { migrations: [...LEDGER_MIGRATIONS, ...LEDGER_MIGRATIONS] })
    await expect(twice).rejects.toThrow(`two migrations are called ${NAMES[0]}`)
    class Unnumbered implements MigrationInterface {
      async up() {}
      async down() {}
    }
    await expect(open(url, { migrations: [Unnumbered] })).rejects.toThrow('13 digits')
  })
})

describe('migrations on sqlite', () => {
  it('may make a table anew that others refer to, and lose nothing', async () => {
    class CreateShelves1900000000003 implements MigrationInterface {
      async up(runner: QueryRunner) {
        await runner.query('CREATE TABLE shelf (id bigint NOT NULL PRIMARY KEY, name varchar(9))')
        await runner.query(
          'CREATE TABLE shelf_book (id bigint NOT NULL PRIMARY KEY, shelf bigint REFERENCES shelf (id) ON DELETE CASCADE)',
        )
        await runner.query('INSERT INTO shelf VALUES (1, NULL)')
        await runner.query('INSERT INTO shelf_book VALUES (1, 1)')
      }
      async down() {}
    }
    class RemakeShelf1900000000004 implements MigrationInterface {
      async up(runner: QueryRunner) {
        await runner.dropColumn('shelf', 'name')
      }
      async down() {}
    }
    class OrphanBooks1900000000005 implements MigrationInterface {
      async up(runner: QueryRunner) {
        await runner.query('DELETE FROM shelf')
      }
      async down() {}
    }
    const url = await freshUrl('sqlite')
    const steps = [CreateShelves1900000000003, RemakeShelf1900000000004]
    const database = await open(url, { entities: [], migrations: steps })
    await database.migrate()
    const books = () => database.read((m) => m.query('SELECT * FROM shelf_book'))
    expect(await books()).toEqual([{ id: 1, shelf: 1 }])
    const careless = await open(url, {
      entities: [],
      migrations: [...steps, OrphanBooks1900000000005],
    })
    await expect(careless.migrate()).rejects.toThrow('refer to nothing')
    expect(await books()).toEqual([{ id: 1, shelf: 1 }])
    const cascade = database.write((m) => m.query('DELETE FROM shelf'))
    await cascade
    expect(await books()).toEqual([])
  })
})

describe.runIf(hasMysql())('tables on mysql', () => {
  @Entity('shelf_plain')
  class PlainEntity {
    @PrimaryColumn(textColumn(20)) id!: string
    @Column(wholeColumn()) points!: number
  }
  class CreatePlain1900000000006 implements MigrationInterface {
    async up(runner: QueryRunner) {
      await runner.query(
        'CREATE TABLE shelf_plain (id varchar(20) NOT NULL PRIMARY KEY, points bigint NOT NULL)',
      )
    }
    async down() {}
  }

  it('compare text by byte, also those of plugins that say nothing about it', async () => {
    const database = await open(await freshUrl('mysql'), {
      entities: [...LEDGER_ENTITIES, PlainEntity],
      migrations: [...LEDGER_MIGRATIONS, CreatePlain1900000000006],
    })
    await database.migrate()
    const rows = await database.read((m) =>
      m.query(
        `SELECT TABLE_NAME, COLUMN_NAME, COLLATION_NAME FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME IS NOT NULL
         AND TABLE_NAME <> 'pointwell_migration' AND COLLATION_NAME <> 'utf8mb4_bin'`,
      ),
    )
    expect(rows).toEqual([])
    await database.write((m) =>
      m.insert(PlainEntity, [
        { id: 'code', points: 1 },
        { id: 'CODE', points: 2 },
        { id: 'códe', points: 3 },
      ]),
    )
    expect(await database.read((m) => m.countBy(PlainEntity, { id: 'code' }))).toBe(1)
  })
})
