import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { LEDGER_MIGRATIONS, openDatabase } from '@pointwell/ledger'
import { PROGRAM_MIGRATIONS } from '@pointwell/program'
import { loadConfig } from '@pointwell/server'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { freshUrl, hasMysql } from '../support/databases.js'

type Migration = new () => MigrationInterface

const FILE = new URL('migrations.json', import.meta.url)
const recorded: Record<string, Record<string, string>> = JSON.parse(readFileSync(FILE, 'utf8'))
const { plugins } = await loadConfig(undefined)
const migrations: readonly Migration[] = [
  ...LEDGER_MIGRATIONS,
  ...PROGRAM_MIGRATIONS,
  ...plugins.flatMap((plugin) => plugin.migrations ?? []),
]

/** The same migration, which also writes down what it does to the schema. */
function spiedOn(migration: Migration, statements: string[]): Migration {
  class Spied extends migration {
    override async up(runner: QueryRunner): Promise<void> {
      const query = runner.query
      runner.query = function (this: QueryRunner, sql: string, ...rest: never[]) {
        if (/^\s*(CREATE|ALTER|DROP|RENAME)\b/i.test(sql)) statements.push(sql)
        return query.call(this, sql, ...rest)
      } as QueryRunner['query']
      try {
        await super.up(runner)
      } finally {
        runner.query = query
      }
    }
  }
  Object.defineProperty(Spied, 'name', { value: migration.name })
  return Spied
}

/** A database that ran a migration keeps what it made; only a new migration reaches it. */
describe.each(hasMysql() ? ['sqlite', 'mysql'] : ['sqlite'])('migrations on %s', (dialect) => {
  it('make what they made when they were recorded', async () => {
    const statements = new Map(migrations.map(({ name }) => [name, [] as string[]]))
    const database = await openDatabase({
      url: await freshUrl(dialect as 'sqlite' | 'mysql'),
      migrations: migrations.map((it) => spiedOn(it, statements.get(it.name)!)),
      durable: false,
    })
    try {
      await database.migrate()
    } finally {
      await database.close()
    }
    for (const [name, list] of statements) {
      const sum = createHash('sha256').update(list.join('\n')).digest('hex')
      const known = recorded[name]?.[dialect]
      expect(list, `${name} was not seen at work`).not.toEqual([])
      expect(
        known,
        `${name} is new: when it is what it should be, write "${dialect}": "${sum}" under its name into test/house/migrations.json.`,
      ).toBeDefined()
      expect(
        sum,
        `${name} changed, and databases that ran it will not hear of it. Leave it as it was and add a new migration. (If only TypeORM writes the same table down in another way now, record the new sum.)`,
      ).toBe(known)
    }
  })
})

it('are all still there', () => {
  expect(Object.keys(recorded).sort()).toEqual(migrations.map(({ name }) => name).sort())
})
