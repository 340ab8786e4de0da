import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Attempt, ClientLog, Following, Write } from '../log/client-log.js'
import { type ChaosReport, runChaos } from '../run-chaos.js'
import { audit } from './audit.js'

/** A day in the life of a server that nobody kills; each test falsifies a copy of it. */
let day: ChaosReport
beforeAll(async () => {
  day = await runChaos({
    seed: 7,
    store: 'sqlite',
    servers: 1,
    clients: 6,
    serverKills: 0,
    databaseKills: 0,
    redis: false,
    redisKills: 0,
    leastWrites: 300,
  })
}, 600_000)
afterAll(() => day?.close({ keep: false }))

const file = () => day.databaseUrl.slice('sqlite://'.length)
const silence: Attempt['outcome'] = { silence: 'ECONNRESET' }
let copies = 0

/** What the auditor says of the day once somebody has been at the database, or at the logs. */
async function auditAfter({
  books = () => {},
  log: doctor = () => {},
}: {
  books?: (database: Sqlite.Database) => void
  log?: (log: ClientLog) => void
}) {
  const copy = join(day.folder, `copy-${++copies}.db`)
  await copyFile(file(), copy)
  const database = new Sqlite(copy)
  books(database)
  database.close()
  const { writes, followings } = day.log
  const log = structuredClone({ writes, followings })
  doctor(log)
  return audit(`sqlite://${copy}`, log)
}

function read<Row>(sql: string, ...values: unknown[]): Row {
  const database = new Sqlite(file(), { readonly: true })
  const row = database.prepare(sql).get(...values)
  database.close()
  if (!row) throw new Error(`The day has none: ${sql}`)
  return row as Row
}

const answerOf = ({ attempts }: Write): Answer | undefined =>
  attempts.flatMap(({ outcome }) => ('answer' in outcome ? [outcome.answer] : []))[0]

/** An acknowledged write of the day, and the wallet it is about. */
function acknowledged(act: Write['act'], wish: (write: Write) => boolean = () => true) {
  const write = day.log.writes.find((it) => it.act === act && answerOf(it) && wish(it))
  if (!write) throw new Error(`The day has no such ${act}.`)
  const { id: wallet } = read<{ id: number }>(
    'SELECT id FROM member WHERE external_id = ?',
    write.member,
  )
  return { write, wallet, answer: answerOf(write)! }
}
const same = (log: ClientLog, { act, key }: Write) =>
  log.writes.find((it) => it.act === act && it.key === key)!

const found = (rule: string, key: string, wallet: number | null) =>
  expect.objectContaining({ rule, key, wallet })

describe('the auditor', () => {
  it('finds nothing in a day without faults', async () => {
    expect(day.findings).toEqual([])
    expect(await auditAfter({})).toEqual([])
  })

  it('names a write that was lost', async () => {
    const { write, wallet } = acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const findings = await auditAfter({
      books: (db) => db.prepare('DELETE FROM ledger_transaction WHERE idem_key = ?').run(key),
    })
    expect(findings).toContainEqual(found('lost', key, wallet))
  })

  it('names a write that is there twice, under its own key or another', async () => {
    const { write, wallet } = acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const again = (other: string) => (db: Sqlite.Database) => {
      db.exec('DROP INDEX ledger_transaction_key')
      const row = db.prepare('SELECT * FROM ledger_transaction WHERE idem_key = ?').get(key)
      const twin = { ...(row as object), seq: 1_000_000, version: 1_000_000, idem_key: other }
      const names = Object.keys(twin)
      db.prepare(
        `INSERT INTO ledger_transaction (${names}) VALUES (${names.map((name) => `@${name}`)})`,
      ).run(twin)
    }
    expect(await auditAfter({ books: again(key) })).toContainEqual(found('once', key, wallet))
    const other = `${key}-again`
    const findings = await auditAfter({ books: again(other) })
    expect(findings).toContainEqual(found('once', `order ${write.key}`, wallet))
    expect(findings).toContainEqual(found('stranger', other, wallet))
  })

  it('names a write that is there with other content than was answered', async () => {
    const { write, wallet, answer } = acknowledged('return')
    const key = `return:purchase:${write.key}`
    const findings = await auditAfter({
      log: (log) => {
        same(log, write).attempts[0] = {
          ...write.attempts[0]!,
          outcome: { answer: { ...answer, points: answer.points! - 1 } },
        }
      },
    })
    expect(findings).toContainEqual(found('content', key, wallet))
  })

  it('names an order that earned something else than it should', async () => {
    const { write, wallet } = acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const sql = `UPDATE ledger_transaction
      SET body = json_set(body, '$.told.result.points', 1 + json_extract(body, '$.told.result.points'))
      WHERE idem_key = ?`
    const findings = await auditAfter({ books: (db) => db.prepare(sql).run(key) })
    expect(findings).toContainEqual(found('content', key, wallet))
  })

  it('names a key that was answered in two ways, or refused although it was done', async () => {
    const { write, wallet, answer } = acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const later = (outcome: Attempt['outcome']) => (log: ClientLog) => {
      const at = Date.now() + 60_000
      const attempt = { server: 0, phase: 'run', sentAt: at, endedAt: at, outcome } as const
      same(log, write).attempts.push(attempt)
    }
    const two = later({ answer: { ...answer, transaction: `${wallet}-999` } })
    expect(await auditAfter({ log: two })).toContainEqual(found('one result', key, wallet))
    const no = later({ refusal: 'EVENT_TOO_OLD' })
    expect(await auditAfter({ log: no })).toContainEqual(found('one result', key, wallet))
  })

  it('lets an unanswered write be there or not, and wants an answer when all is calm', async () => {
    const { write, wallet } = acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const only = (phase: 'run' | 'end') => (log: ClientLog) => {
      same(log, write).attempts.splice(0, 100, { ...write.attempts[0]!, phase, outcome: silence })
    }
    expect(await auditAfter({ log: only('run') })).toEqual([])
    expect(await auditAfter({ log: only('end') })).toEqual([found('one result', key, wallet)])
  })

  it('names a balance that is not the sum of its entries, and a lot', async () => {
    const more = (sql: string) => auditAfter({ books: (db) => db.exec(sql) })
    expect(
      await more('UPDATE ledger_wallet SET available = available + 1 WHERE id = 2'),
    ).toContainEqual(found('balance', 'available', 2))
    const lot = read<{ wallet_id: number; seq: number }>('SELECT * FROM ledger_lot')
    expect(
      await more(
        `UPDATE ledger_lot SET available = available + 1
         WHERE wallet_id = ${lot.wallet_id} AND seq = ${lot.seq}`,
      ),
    ).toContainEqual(found('balance', `lot ${lot.seq}`, lot.wallet_id))
  })

  it('names a transaction whose entries do not sum to zero', async () => {
    const row = read<{ wallet_id: number; version: number; position: number }>(
      'SELECT * FROM ledger_entry',
    )
    const { wallet_id: wallet, version, position } = row
    const findings = await auditAfter({
      books: (db) =>
        db.exec(`UPDATE ledger_entry SET amount = amount + 1 WHERE wallet_id = ${wallet}
          AND version = ${version} AND position = ${position}`),
    })
    expect(findings).toContainEqual(found('zero', `transaction ${wallet}-${version}`, wallet))
  })

  it('names where a chain is broken', async () => {
    const { idem_key: key } = read<{ idem_key: string }>(
      'SELECT idem_key FROM ledger_transaction WHERE wallet_id = 1 AND version = 3',
    )
    const sql = `UPDATE ledger_transaction SET hash = 'f' WHERE wallet_id = 1 AND version = 2`
    const findings = await auditAfter({ books: (db) => db.exec(sql) })
    expect(findings).toEqual([found('chain', key, 1)])
  })

  it('names an offer that was oversold, and a counter that is wrong', async () => {
    const offer = read<{ id: string; value: number }>(
      "SELECT id, value FROM ledger_counter WHERE id = 'stock:few' AND value > 0",
    )
    const sold = `UPDATE offer SET terms = json_set(terms, '$.stock.total', ${offer.value - 1})
      WHERE id = 'few'`
    expect(await auditAfter({ books: (db) => db.exec(sold) })).toEqual([
      found('stock', 'stock:few', null),
    ])
    const counted = "UPDATE ledger_counter SET value = value + 1 WHERE id = 'stock:few'"
    expect(await auditAfter({ books: (db) => db.exec(counted) })).toEqual([
      found('stock', 'stock:few', null),
    ])
  })

  it('names a member who has more of an offer than may be', async () => {
    const { wallet } = acknowledged('redeem', (write) => {
      const { offerId } = write.asked.input as { offerId: string }
      return offerId === 'plain' && answerOf(write)?.status === 'FULFILLED'
    })
    const sql = `UPDATE offer SET terms =
      json_set(terms, '$.limitPerMember', json('{"count":0,"period":"lifetime"}')) WHERE id = 'plain'`
    const findings = await auditAfter({ books: (db) => db.exec(sql) })
    expect(findings).toContainEqual(found('limit', 'offer plain', wallet))
  })

  it('names a hold that stays for ever, and points that do', async () => {
    const { ref, wallet_id: wallet } = read<{ ref: string; wallet_id: number }>(
      `SELECT ref, wallet_id FROM ledger_record
       WHERE kind = 'redemption' AND json_extract(body, '$.status') = 'fulfilled'`,
    )
    const stuck = await auditAfter({
      books: (db) => {
        db.exec(`UPDATE ledger_record SET body = json_set(body, '$.status', 'held')
          WHERE kind = 'redemption' AND ref = '${ref}'`)
      },
    })
    expect(stuck).toContainEqual(found('hold', `redemption ${ref}`, wallet))
    const points = await auditAfter({
      books: (db) => db.exec('UPDATE ledger_wallet SET held = 1 WHERE id = 1'),
    })
    expect(points).toContainEqual(found('hold', 'held', 1))
  })

  it('names a redemption whose points went another way, and one that is gone', async () => {
    const { answer, wallet } = acknowledged(
      'redeem',
      (write) => answerOf(write)?.status === 'FULFILLED',
    )
    const id = answer.redemption
    const set = `UPDATE ledger_record SET body = json_set(body, '$.status', 'released')
      WHERE kind = 'redemption' AND ref = '${id}'`
    expect(await auditAfter({ books: (db) => db.exec(set) })).toContainEqual(
      found('redemption', `redemption ${id}`, wallet),
    )
    const drop = `DELETE FROM ledger_record WHERE kind = 'redemption' AND ref = '${id}'`
    expect(await auditAfter({ books: (db) => db.exec(drop) })).toContainEqual(
      found('redemption', `redemption ${id}`, null),
    )
  })

  it('names a coupon that was given twice, one that was told wrong, and one that is missing', async () => {
    const { answer, wallet, write } = acknowledged(
      'redeem',
      (it) => answerOf(it)?.code !== undefined && answerOf(it)?.status === 'FULFILLED',
    )
    const { code, redemption } = answer
    const other = read<{ ref: string; wallet_id: number }>(
      `SELECT ref, wallet_id FROM ledger_record WHERE kind = 'redemption' AND ref > ?
       AND json_extract(body, '$.status') = 'fulfilled' ORDER BY ref`,
      redemption,
    )
    const twice = `UPDATE ledger_record SET body = json_set(body, '$.receipt.code', '${code}')
      WHERE kind = 'redemption' AND ref = '${other.ref}'`
    expect(await auditAfter({ books: (db) => db.exec(twice) })).toContainEqual(
      expect.objectContaining({
        ...{ rule: 'coupon', key: `redemption ${other.ref}`, wallet: other.wallet_id },
        says: expect.stringContaining(`which is redemption ${redemption}'s`),
      }),
    )
    const gone = `DELETE FROM coupon_code WHERE redemption_id = '${redemption}'`
    const missing = await auditAfter({ books: (db) => db.exec(gone) })
    expect(missing).toContainEqual(found('coupon', `redemption ${redemption}`, wallet))
    expect(missing).toContainEqual(found('coupon', write.key, null))
  })

  it('names a coupon that two orders use, or none that was told so', async () => {
    const { write } = acknowledged('use-coupon', ({ key }) => {
      const releases = day.log.writes.filter(({ act }) => act === 'release-coupon')
      return !releases.some((release) => release.key === key)
    })
    const code = write.key.split('/')[0]!.replaceAll('-', '')
    const rival = await auditAfter({
      log: ({ writes }) => {
        writes.push({ ...write, key: `${write.key}-rival` })
      },
    })
    expect(rival).toContainEqual(found('coupon', code, null))
    const sql = `UPDATE coupon_code SET status = 'issued', used_order_id = NULL WHERE code = '${code}'`
    const unused = await auditAfter({ books: (db) => db.exec(sql) })
    expect(unused).toEqual([found('coupon', code, null)])
  })

  it.each<[string, (following: Following) => void]>([
    ['missed a change', ({ seen }) => seen.splice(2, 1)],
    ['saw a change twice', ({ seen }) => seen.splice(2, 0, seen[1]!)],
    ['saw two changes in the wrong order', ({ seen }) => seen.splice(1, 2, seen[2]!, seen[1]!)],
    ['was not told the last one', ({ seen }) => seen.pop()],
    ['was told of another', ({ seen }) => seen.splice(2, 1, { ...seen[2]!, transaction: '9-9' })],
    ['was shown a wrong balance', ({ seen }) => seen.splice(2, 1, { ...seen[2]!, available: -1 })],
  ])('names a subscriber who %s', async (_, doctor) => {
    const findings = await auditAfter({ log: ({ followings }) => doctor(followings[0]!) })
    const { subscriber } = day.log.followings[0]!
    expect(findings.length).toBeGreaterThan(0)
    for (const finding of findings) expect(finding).toEqual(found('subscriber', subscriber, 1))
  })
})
