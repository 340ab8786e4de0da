import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Column,
  Entity,
  type EntityManager,
  type MigrationInterface,
  PrimaryGeneratedColumn,
  type QueryRunner,
  Table,
} from 'typeorm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshUrl, hasMysql } from '../../../../test/support/databases.js'
import { jsonColumn, tableColumn, textColumn, wholeColumn } from './columns.js'
import type { Database, DatabaseOptions, Dialect } from './database.js'
import { openDatabase } from './open-database.js'
import { CommitUnknown, StoreConflict } from './store-conflict.js'

@Entity('shelf_note')
class NoteEntity {
  @PrimaryGeneratedColumn(wholeColumn()) id!: number
  @Column({ ...textColumn(50), unique: true }) name!: string
  @Column(wholeColumn()) points!: number
  @Column({ ...jsonColumn(), nullable: true }) body!:
    | Record<string, unknown>
    | unknown[]
    | string
    | null
}

class CreateShelf1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.createTable(
      new Table({
        name: 'shelf_note',
        columns: [
          tableColumn('id', wholeColumn(), { isPrimary: true, isGenerated: true }),
          { ...tableColumn('name', textColumn(50)), isUnique: true },
          tableColumn('points', wholeColumn()),
          tableColumn('body', { ...jsonColumn(), nullable: true }),
        ],
      }),
      true,
    )
  }
  async down(runner: QueryRunner) {
    await runner.dropTable('shelf_note', true)
  }
}

const dialects: Dialect[] = hasMysql() ? ['sqlite', 'mysql'] : ['sqlite']
const opened: Database[] = []

async function open(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const database = await openDatabase({
    url,
    entities: [NoteEntity],
    migrations: [CreateShelf1700000000001],
    durable: false,
    pause: async () => {},
    ...options,
  })
  opened.push(database)
  return database
}

afterAll(async () => {
  for (const database of opened) await database.close()
})

describe.each(dialects)('a database on %s', (dialect) => {
  let url: string
  let database: Database
  beforeAll(async () => {
    url = await freshUrl(dialect)
    database = await open(url)
    await database.migrate()
  })

  const add = (manager: EntityManager, name: string, points = 1) =>
    manager.insert(NoteEntity, { name, points, body: null })
  const names = async (like: string) => {
    const sql = `SELECT name FROM shelf_note WHERE name LIKE '${like}' ORDER BY name`
    const rows = await database.read((manager) => manager.query(sql))
    return (rows as { name: string }[]).map(({ name }) => name)
  }

  it('says what it is', () => {
    expect(database.dialect).toBe(dialect)
    expect(database.sql.name).toBe(dialect)
  })

  it('keeps what a write wrote, and nothing of one that failed', async () => {
    await database.write((manager) => add(manager, 'kept'))
    const broken = database.write(async (manager) => {
      await add(manager, 'kept-not')
      throw new Error('on second thoughts')
    })
    await expect(broken).rejects.toThrow('on second thoughts')
    expect(await names('kept%')).toEqual(['kept'])
  })

  it('shows no read what a write has not committed', async () => {
    await database.write(async (manager) => {
      await add(manager, 'unseen')
      expect(await names('unseen')).toEqual([])
    })
    expect(await names('unseen')).toEqual(['unseen'])
  })

  it('gets 50 writes at once right, each whole or not at all, with reads in between', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        database.write(async (manager) => {
          await add(manager, `many-${n}-a`)
          const seen = await names(`many-${n}-%`)
          await sleep(n % 3)
          await manager.save(NoteEntity, { name: `many-${n}-b`, points: seen.length, body: null })
          if (n % 5 === 0) throw new Error('not this one')
        }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10)
    const kept = await names('many-%')
    expect(kept).toHaveLength(80)
    for (let n = 0; n < 50; n++) {
      expect(kept.includes(`many-${n}-a`)).toBe(n % 5 !== 0)
      expect(kept.includes(`many-${n}-b`)).toBe(n % 5 !== 0)
    }
  })

  it('adds up a counter that 40 writes go for', async () => {
    await database.write((manager) => add(manager, 'counter', 0))
    const lock = dialect === 'mysql' ? ' FOR UPDATE' : ''
    await Promise.all(
      Array.from({ length: 40 }, () =>
        database.write(async (manager) => {
          const [row] = await manager.query(
            `SELECT points FROM shelf_note WHERE name = 'counter'${lock}`,
          )
          await manager.query(
            `UPDATE shelf_note SET points = ${row.points + 1} WHERE name = 'counter'`,
          )
        }),
      ),
    )
    const note = await database.read((m) => m.findOneByOrFail(NoteEntity, { name: 'counter' }))
    expect(note.points).toBe(40)
  })

  it('keeps numbers, text and JSON exactly', async () => {
    const exact = [
      { name: 'exact 😀 积分', points: Number.MAX_SAFE_INTEGER, body: { a: ['ß', '\u0000', 1.5] } },
      { name: `exact '"\\%_`, points: Number.MIN_SAFE_INTEGER, body: null },
      { name: 'EXACT case', points: 0, body: 'x'.repeat(100_000) },
      { name: 'exact case', points: 0, body: 'é' },
      { name: 'exact casé', points: 0, body: [] },
    ]
    await database.write((manager) => manager.insert(NoteEntity, exact as never))
    for (const one of exact) {
      const note = await database.read((m) => m.findOneByOrFail(NoteEntity, { name: one.name }))
      // The id that it got when it was saved is the one that is read, and a number.
      expect(note).toEqual(one)
      expect(note.id).toBeTypeOf('number')
    }
    const saved = await database.write((m) =>
      m.save(m.create(NoteEntity, { name: 'saved', points: 1, body: null })),
    )
    saved.points = 2
    await database.write((m) => m.save(saved))
    expect(await database.read((m) => m.findOneBy(NoteEntity, { id: saved.id }))).toEqual(saved)
  })

  it('refuses numbers that are not exact, on the way in and on the way out', async () => {
    const tooMuch = database.write((manager) => add(manager, 'much', 2 ** 53))
    await expect(tooMuch).rejects.toThrow('2^53')
    await database.write((manager) =>
      manager.query(
        "INSERT INTO shelf_note (name, points) VALUES ('more than a number', 9007199254740993)",
      ),
    )
    const read = database.read((m) => m.findBy(NoteEntity, { name: 'more than a number' }))
    await expect(read).rejects.toThrow('2^53')
  })

  it('tells a duplicate key from other faults, and does not try it again', async () => {
    let runs = 0
    const twice = database.write(async (manager) => {
      runs++
      await add(manager, 'twin')
      await add(manager, 'twin')
    })
    const fault = await twice.catch((error: unknown) => error)
    expect(database.sql.isDuplicateKey(fault)).toBe(true)
    expect(database.sql.isRetryable(fault)).toBe(false)
    expect(runs).toBe(1)
    expect(await names('twin')).toEqual([])
  })

  it('lets a part of a write fail when its work says so', async () => {
    await database.write(async (manager) => {
      await add(manager, 'part-1')
      const part = manager.transaction(async (inner) => {
        await add(inner, 'part-2')
        throw new Error('only this part')
      })
      await expect(part).rejects.toThrow('only this part')
      await add(manager, 'part-3')
    })
    expect(await names('part-%')).toEqual(['part-1', 'part-3'])
  })

  it('runs again after a conflict, a bounded number of times, and says so', async () => {
    const warned: object[] = []
    const logger = { info: () => {}, warn: (details: object) => warned.push(details) }
    const patient = await open(url, { attempts: 3, logger })
    const conflict = Object.assign(new Error('Deadlock found'), { code: 'ER_LOCK_DEADLOCK' })
    let runs = 0
    const failing = async () => {
      runs++
      throw conflict
    }
    await expect(patient.write(failing)).rejects.toThrow(StoreConflict)
    expect(runs).toBe(3)
    expect(warned).toHaveLength(2)
    await expect(patient.write(failing, { attempts: 1 })).rejects.toThrow(StoreConflict)
    expect(runs).toBe(4)
    await patient.write(async (manager) => {
      if (++runs === 5) throw conflict
      await add(manager, 'at last')
    })
    expect(await names('at last')).toEqual(['at last'])
  })

  it('writes several inserts together, all or none, and says which was at fault', async () => {
    const statement = {
      table: 'shelf_note',
      columns: ['name', 'points'],
      key: ['name'],
      onConflict: 'fail',
    } as const
    const rowsOf = (prefix: string) =>
      Array.from({ length: 2_500 }, (_, place) => [`${prefix}${place}; '"\\`, place])
    const write = (...prefixes: string[]) =>
      database.writeInBulk((sql) =>
        sql.insertAll(prefixes.map((prefix) => ({ statement, rows: rowsOf(prefix) }))),
      )
    const count = () => database.read((manager) => manager.getRepository(NoteEntity).count())
    const before = await count()
    await write('all-a', 'all-b', 'all-c')
    expect(await count()).toBe(before + 7_500)
    const fault = await write('all-d', 'all-a', 'all-e').catch((it: unknown) => it)
    expect(database.sql.isDuplicateKey(fault)).toBe(true)
    expect(await count()).toBe(before + 7_500)
    await database.write((manager) =>
      database.connection(manager).insertAll([{ statement, rows: rowsOf('one') }]),
    )
    expect(await count()).toBe(before + 10_000)
  })

  it('takes no second statement where somebody may have put one in', async () => {
    const two = "SELECT 1 AS one; DELETE FROM shelf_note WHERE name = 'left alone'"
    await database.write((manager) => add(manager, 'left alone'))
    const tries = [
      database.read((manager) => manager.query(two)),
      database.write((manager) => manager.query(two)),
      database.snapshot((manager) => manager.query(two)),
      database.read((manager) => database.connection(manager).select(two)),
      database.write((manager) => database.connection(manager).run(two)),
      database.writeInBulk((sql) => sql.run(two)),
      database.writeInBulk((sql) => sql.select(two)),
    ]
    for (const settled of await Promise.allSettled(tries)) expect(settled.status).toBe('rejected')
    expect(await names('left alone')).toEqual(['left alone'])
  })

  it('writes and reads by statements of our own', async () => {
    const insert = database.sql.upsert({
      table: 'shelf_note',
      columns: ['name', 'points'],
      key: ['name'],
    })
    const ignore = database.sql.insertIgnore({
      table: 'shelf_note',
      columns: ['name', 'points'],
      key: ['name'],
    })
    await database.write(async (manager) => {
      const sql = database.connection(manager)
      await sql.run(insert, ['own-1', 1])
      await sql.run(insert, ['own-1', 2])
      await sql.run(ignore, ['own-1', 3])
      await sql.run(ignore, ['own-2?', 4])
      const rows = await sql.select('SELECT name, points FROM shelf_note WHERE name IN (?)', [
        ['own-1', 'own-2?', 'own-3'],
      ])
      expect(rows).toHaveLength(2)
      expect(rows).toContainEqual({ name: 'own-1', points: 2 })
      expect(rows).toContainEqual({ name: 'own-2?', points: 4 })
      await expect(sql.select('SELECT 1 WHERE 1 IN (?)', [[]])).rejects.toThrow('1 to 10,000')
    })
  })

  it('inserts any number of rows, also long ones', async () => {
    const statement = {
      table: 'shelf_note',
      columns: ['name', 'points', 'body'],
      key: ['name'],
      onConflict: 'update',
    } as const
    const long = JSON.stringify('\\"\''.repeat(300_000))
    const rows = Array.from({ length: 5_000 }, (_, n) => [`bulk-${n}`, n, n % 1_000 ? null : long])
    await database.write((m) => database.connection(m).insert(statement, rows))
    await database.write((m) =>
      database.connection(m).insert(
        statement,
        rows.map(([name, n]) => [name!, -Number(n), null]),
      ),
    )
    const [sums] = await database.read((m) =>
      database
        .connection(m)
        .select(
          "SELECT COUNT(*) AS n, MIN(points) AS least, COUNT(body) AS bodies FROM shelf_note WHERE name LIKE 'bulk-%'",
        ),
    )
    expect(sums).toEqual({ n: 5_000, least: -4_999, bodies: 0 })
  })

  it('reads a snapshot as of one moment, while others write', async () => {
    await database.write((manager) => add(manager, 'moment-1'))
    await database.snapshot(async (manager) => {
      const count = async () =>
        (await manager.query("SELECT name FROM shelf_note WHERE name LIKE 'moment-%'")).length
      await database.write((other) => add(other, 'moment-2'))
      expect(await count()).toBe(1)
      await database.write((other) => add(other, 'moment-3'))
      expect(await count()).toBe(1)
      expect(
        await database
          .connection(manager)
          .select("SELECT name FROM shelf_note WHERE name LIKE 'moment-%'"),
      ).toEqual([{ name: 'moment-1' }])
    })
    expect(await names('moment-%')).toHaveLength(3)
  })

  it('does not let a manager outlive its transaction', async () => {
    const kept = await database.write(async (manager) => {
      await add(manager, 'outlived')
      return { manager, sql: database.connection(manager) }
    })
    await expect(add(kept.manager, 'late')).rejects.toThrow()
    await expect(
      kept.sql.run("INSERT INTO shelf_note (name, points) VALUES ('late', 1)"),
    ).rejects.toThrow()
    await database.write(async () => {
      await expect(add(kept.manager, 'later')).rejects.toThrow()
      await expect(kept.sql.run('UPDATE shelf_note SET points = 2')).rejects.toThrow()
    })
    expect(await names('late%')).toEqual([])
  })

  it('knows which managers are its own', async () => {
    const other = await open(await freshUrl(dialect))
    await other.read(async (manager) => {
      expect(() => database.connection(manager)).toThrow('not one that this database handed out')
    })
  })

  it('finishes what runs before it closes, and takes nothing new', async () => {
    const closing = await open(url)
    const running = closing.write(async (manager) => {
      await sleep(30)
      await add(manager, 'finished')
    })
    const closed = closing.close()
    await expect(closing.read(async () => 1)).rejects.toThrow('closed')
    await running
    await closed
    await closing.close()
    expect(await names('finished')).toEqual(['finished'])
  })
})

describe('a database on sqlite', () => {
  it('waits for another process without standing still, and then writes', async () => {
    const url = await freshUrl('sqlite')
    const database = await open(url)
    await database.migrate()
    const other = await holdWriteLock(url, 1_500)
    let longestMs = 0
    let last = performance.now()
    const ticking = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last)
      last = performance.now()
    }, 5)
    const write = database.write((m) => m.insert(NoteEntity, { name: 'after', points: 1 }))
    await expect(database.read((m) => m.countBy(NoteEntity, { name: 'after' }))).resolves.toBe(0)
    await write
    clearInterval(ticking)
    expect(longestMs).toBeLessThan(1_000)
    expect(await other.released).toBe(true)
    await expect(database.read((m) => m.countBy(NoteEntity, { name: 'after' }))).resolves.toBe(1)
  })

  it('gives up on another process after a while', async () => {
    const url = await freshUrl('sqlite')
    const database = await open(url, { lockWaitMs: 50 })
    await database.migrate()
    const other = await holdWriteLock(url, 500)
    await expect(database.write(async () => 1)).rejects.toThrow(StoreConflict)
    await other.released
    await expect(database.write(async () => 1)).resolves.toBe(1)
  })

  it('does not wait for itself for ever', async () => {
    const database = await open(await freshUrl('sqlite'), { lockWaitMs: 50 })
    const nested = database.write(() => database.write(async () => 1))
    await expect(nested).rejects.toThrow('a write inside a write waits for itself')
    await expect(database.write(async () => 1)).resolves.toBe(1)
  })

  it('does not go on after SQLite has rolled back by itself', async () => {
    const database = await open(await freshUrl('sqlite'))
    await database.migrate()
    const half = database.write(async (manager) => {
      await manager.insert(NoteEntity, { name: 'one', points: 1 })
      const fatal = "INSERT OR ROLLBACK INTO shelf_note (name, points) VALUES ('one', 2)"
      await manager.query(fatal).catch(() => {})
      const sql = database.connection(manager)
      await sql.run("INSERT INTO shelf_note (name, points) VALUES ('two', 2)").catch(() => {})
      await manager.insert(NoteEntity, { name: 'three', points: 3 }).catch(() => {})
    })
    await expect(half).rejects.toThrow('UNIQUE')
    expect(await database.read((m) => m.count(NoteEntity))).toBe(0)
    await database.write((m) => m.insert(NoteEntity, { name: 'four', points: 4 }))
    expect(await database.read((m) => m.count(NoteEntity))).toBe(1)
  })

  it('lets no read write', async () => {
    const database = await open(await freshUrl('sqlite'))
    await database.migrate()
    const stray = database.read((m) => m.insert(NoteEntity, { name: 'stray', points: 1 }))
    await expect(stray).rejects.toThrow('readonly')
  })
})

describe.runIf(hasMysql())('a database on mysql', () => {
  let url: string
  let database: Database
  beforeAll(async () => {
    url = await freshUrl('mysql')
    database = await open(url, { poolSize: 5, lockWaitMs: 5_000 })
    await database.migrate()
    await database.write((m) =>
      m.insert(NoteEntity, [
        { name: 'a', points: 0 },
        { name: 'b', points: 0 },
      ]),
    )
  })
  const touch = (manager: EntityManager, name: string) =>
    manager.query('UPDATE shelf_note SET points = points + 1 WHERE name = ?', [name])
  const pointsOf = async (name: string) =>
    (await database.read((m) => m.findOneByOrFail(NoteEntity, { name }))).points

  /** Two writes that take a and b in opposite order, and meet in the middle the first time. */
  async function cross(attempts: number) {
    let met = 0
    let bothHere = () => {}
    const meeting = new Promise<void>((resolve) => {
      bothHere = resolve
    })
    let runs = 0
    const crossing = (first: string, second: string) =>
      database.write(
        async (manager) => {
          runs++
          await touch(manager, first)
          if (++met >= 2) bothHere()
          await meeting
          await touch(manager, second)
        },
        { attempts },
      )
    const outcomes = await Promise.allSettled([crossing('a', 'b'), crossing('b', 'a')])
    return { outcomes, runs }
  }

  it.each([
    ['a database that is not there', { pathname: '/pw_none' }, 'ER_BAD_DB_ERROR'],
    ['a user that may not', { username: 'nobody', password: 'x' }, 'ER_ACCESS_DENIED_ERROR'],
    ['a server that is not there', { port: '1' }, 'ECONNREFUSED'],
  ])('says no, and does not wait for ever: %s', async (_what, wrong, code) => {
    const elsewhere = Object.assign(new URL(url), wrong)
    await expect(open(elsewhere.href)).rejects.toMatchObject({ code })
  })

  it('runs the loser of a deadlock again', async () => {
    const before = [await pointsOf('a'), await pointsOf('b')]
    const { outcomes, runs } = await cross(5)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(runs).toBe(3)
    expect([await pointsOf('a'), await pointsOf('b')]).toEqual(before.map((n) => n + 2))
  })

  it('answers a deadlock with a conflict where one attempt was asked for', async () => {
    const before = [await pointsOf('a'), await pointsOf('b')]
    const { outcomes } = await cross(1)
    const [lost] = outcomes.filter(({ status }) => status === 'rejected')
    expect((lost as PromiseRejectedResult).reason).toBeInstanceOf(StoreConflict)
    expect([await pointsOf('a'), await pointsOf('b')]).toEqual(before.map((n) => n + 1))
  })

  it('does not go on after a deadlock that its work has swallowed', async () => {
    const before = await pointsOf('a')
    const swallowing = database.write(
      async (manager) => {
        await touch(manager, 'a')
        const deadlock = Object.assign(new Error('Deadlock'), { code: 'ER_LOCK_DEADLOCK' })
        // As InnoDB does it: the transaction is gone, and the statement says so.
        await manager.query('ROLLBACK')
        const signal = `SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock'`
        await manager.query(signal).catch(() => deadlock)
        await touch(manager, 'a').catch(() => {})
      },
      { attempts: 1 },
    )
    await expect(swallowing).rejects.toThrow(StoreConflict)
    expect(await pointsOf('a')).toBe(before)
  })

  it('answers a lock that takes too long with a conflict', async () => {
    const impatient = await open(url, { lockWaitMs: 1_000 })
    await database.write(async (manager) => {
      await touch(manager, 'a')
      const waiting = impatient.write((other) => touch(other, 'a'), { attempts: 1 })
      await expect(waiting).rejects.toThrow(StoreConflict)
    })
  })

  it('runs again when its connection is lost, and keeps no dead connection', async () => {
    const before = await pointsOf('a')
    let runs = 0
    await database.write(async (manager) => {
      await touch(manager, 'a')
      if (++runs === 1) await kill(manager)
      await touch(manager, 'a')
    })
    expect(runs).toBe(2)
    expect(await pointsOf('a')).toBe(before + 2)
    await Promise.all(Array.from({ length: 20 }, () => database.write((m) => touch(m, 'b'))))
  })

  it('does not guess when the connection is lost at the commit', async () => {
    let runs = 0
    const unsure = database.write(async (manager) => {
      runs++
      await touch(manager, 'a')
      await kill(manager)
    })
    await expect(unsure).rejects.toThrow(CommitUnknown)
    expect(runs).toBe(1)
  })

  it('serves every connection strictly, and each statement with what is committed', async () => {
    const rows = await Promise.all(
      Array.from({ length: 8 }, () =>
        database.write(async (manager) => {
          await sleep(5)
          const variables = (await manager.query(
            "SHOW VARIABLES WHERE Variable_name IN ('sql_mode', 'tx_isolation', 'transaction_isolation')",
          )) as { Value: string }[]
          return variables.map(({ Value }) => Value).join(' ')
        }),
      ),
    )
    for (const row of rows) {
      expect(row).toContain('STRICT_ALL_TABLES')
      expect(row).toContain('READ-COMMITTED')
      expect(row).not.toContain('NO_BACKSLASH_ESCAPES')
    }
    const cut = database.write((m) => m.insert(NoteEntity, { name: 'x'.repeat(51), points: 1 }))
    await expect(cut).rejects.toThrow('too long')
  })

  async function kill(manager: EntityManager) {
    const [row] = await manager.query('SELECT CONNECTION_ID() AS id')
    await database.read((other) => other.query(`KILL ${row.id}`))
    await sleep(20)
  }
})

/** Another process begins to write to the file, and commits after so long. */
async function holdWriteLock(url: string, holdMs: number) {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const script = `
    const db = new (require(${JSON.stringify(driver)}))(${JSON.stringify(url.slice('sqlite://'.length))})
    db.exec('BEGIN IMMEDIATE')
    console.log('held')
    setTimeout(() => { db.exec('COMMIT'); db.close() }, ${holdMs})
  `
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const released = once(child, 'exit').then(([code]) => code === 0)
  await once(child.stdout, 'data')
  return { released }
}
