import { createHash } from 'node:crypto'
import type Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attempt, ClientLog, Following, Write } from '../log/client-log.js'
import { COUPONS } from '../stage/programme.js'
import { answerOf, type Day, found, openDay, same } from './open-day.js'

let day: Day
beforeAll(async () => {
  day = await openDay()
})
afterAll(() => day?.close({ keep: false }))

const silence: Attempt['outcome'] = { silence: 'ECONNRESET' }

describe('the auditor', () => {
  it('finds nothing in a day without faults', async () => {
    expect(day.findings).toEqual([])
    expect(await day.auditAfter({})).toEqual([])
  })

  it('names a write that was lost', async () => {
    const { write, wallet } = day.acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const findings = await day.auditAfter({
      books: (db) => db.prepare('DELETE FROM ledger_transaction WHERE idem_key = ?').run(key),
    })
    expect(findings).toContainEqual(found('lost', key, wallet))
  })

  it('names a write that is there twice, under its own key or another', async () => {
    const { write, wallet } = day.acknowledged('order')
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
    expect(await day.auditAfter({ books: again(key) })).toContainEqual(found('once', key, wallet))
    const other = `${key}-again`
    const findings = await day.auditAfter({ books: again(other) })
    expect(findings).toContainEqual(found('once', `order ${write.key}`, wallet))
    expect(findings).toContainEqual(found('stranger', other, wallet))
  })

  it('names a write that is there with other content than was answered', async () => {
    const { write, wallet, answer } = day.acknowledged('return')
    const key = `return:purchase:${write.key}`
    const findings = await day.auditAfter({
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
    const { write, wallet } = day.acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const sql = `UPDATE ledger_transaction
      SET body = json_set(body, '$.told.result.points', 1 + json_extract(body, '$.told.result.points'))
      WHERE idem_key = ?`
    const findings = await day.auditAfter({ books: (db) => db.prepare(sql).run(key) })
    expect(findings).toContainEqual(found('content', key, wallet))
  })

  it('names a key that was answered in two ways, or refused although it was done', async () => {
    const { write, wallet, answer } = day.acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const later = (outcome: Attempt['outcome']) => (log: ClientLog) => {
      const at = Date.now() + 60_000
      const attempt = { server: 0, phase: 'run', sentAt: at, endedAt: at, outcome } as const
      same(log, write).attempts.push(attempt)
    }
    const two = later({ answer: { ...answer, transaction: `${wallet}-999` } })
    expect(await day.auditAfter({ log: two })).toContainEqual(found('one result', key, wallet))
    const no = later({ refusal: 'EVENT_TOO_OLD' })
    expect(await day.auditAfter({ log: no })).toContainEqual(found('one result', key, wallet))
  })

  it('lets an unanswered write be there or not, and wants an answer when all is calm', async () => {
    const { write, wallet } = day.acknowledged('order')
    const key = `earn:purchase:${write.key}`
    const only = (phase: 'run' | 'end') => (log: ClientLog) => {
      same(log, write).attempts.splice(0, 100, { ...write.attempts[0]!, phase, outcome: silence })
    }
    expect(await day.auditAfter({ log: only('run') })).toEqual([])
    expect(await day.auditAfter({ log: only('end') })).toEqual([found('one result', key, wallet)])
  })

  it('names a balance that is not the sum of its entries, and a lot', async () => {
    const more = (sql: string) => day.auditAfter({ books: (db) => db.exec(sql) })
    expect(
      await more('UPDATE ledger_wallet SET available = available + 1 WHERE id = 2'),
    ).toContainEqual(found('balance', 'available', 2))
    const lot = day.read<{ wallet_id: number; seq: number }>('SELECT * FROM ledger_lot')
    expect(
      await more(
        `UPDATE ledger_lot SET available = available + 1
         WHERE wallet_id = ${lot.wallet_id} AND seq = ${lot.seq}`,
      ),
    ).toContainEqual(found('balance', `lot ${lot.seq}`, lot.wallet_id))
  })

  it('names a transaction whose entries do not sum to zero', async () => {
    const row = day.read<{ wallet_id: number; version: number; position: number }>(
      'SELECT * FROM ledger_entry',
    )
    const { wallet_id: wallet, version, position } = row
    const findings = await day.auditAfter({
      books: (db) =>
        db.exec(`UPDATE ledger_entry SET amount = amount + 1 WHERE wallet_id = ${wallet}
          AND version = ${version} AND position = ${position}`),
    })
    expect(findings).toContainEqual(found('zero', `transaction ${wallet}-${version}`, wallet))
  })

  it('names where a chain is broken', async () => {
    const { idem_key: key } = day.read<{ idem_key: string }>(
      'SELECT idem_key FROM ledger_transaction WHERE wallet_id = 1 AND version = 3',
    )
    const sql = `UPDATE ledger_transaction SET hash = 'f' WHERE wallet_id = 1 AND version = 2`
    const findings = await day.auditAfter({ books: (db) => db.exec(sql) })
    expect(findings).toEqual([found('chain', key, 1)])
  })

  it('names an offer that was oversold, and a counter that is wrong', async () => {
    const offer = day.read<{ id: string; value: number }>(
      "SELECT id, value FROM ledger_counter WHERE id = 'stock:few' AND value > 0",
    )
    const sold = `UPDATE offer SET terms = json_set(terms, '$.stock.total', ${offer.value - 1})
      WHERE id = 'few'`
    expect(await day.auditAfter({ books: (db) => db.exec(sold) })).toEqual([
      found('stock', 'stock:few', null),
    ])
    const counted = "UPDATE ledger_counter SET value = value + 1 WHERE id = 'stock:few'"
    expect(await day.auditAfter({ books: (db) => db.exec(counted) })).toEqual([
      found('stock', 'stock:few', null),
    ])
  })

  it('names a member who has more of an offer than may be', async () => {
    const { wallet } = day.acknowledged('redeem', (write) => {
      const { offerId } = write.asked.input as { offerId: string }
      return offerId === 'plain' && answerOf(write)?.status === 'FULFILLED'
    })
    const sql = `UPDATE offer SET terms =
      json_set(terms, '$.limitPerMember', json('{"count":0,"period":"lifetime"}')) WHERE id = 'plain'`
    const findings = await day.auditAfter({ books: (db) => db.exec(sql) })
    expect(findings).toContainEqual(found('limit', 'offer plain', wallet))
  })

  it('names a hold that stays for ever, and points that do', async () => {
    const { ref, wallet_id: wallet } = day.read<{ ref: string; wallet_id: number }>(
      `SELECT ref, wallet_id FROM ledger_record
       WHERE kind = 'redemption' AND json_extract(body, '$.status') = 'fulfilled'`,
    )
    const stuck = await day.auditAfter({
      books: (db) => {
        db.exec(`UPDATE ledger_record SET body = json_set(body, '$.status', 'held')
          WHERE kind = 'redemption' AND ref = '${ref}'`)
      },
    })
    expect(stuck).toContainEqual(found('hold', `redemption ${ref}`, wallet))
    const points = await day.auditAfter({
      books: (db) => db.exec('UPDATE ledger_wallet SET held = 1 WHERE id = 1'),
    })
    expect(points).toContainEqual(found('hold', 'held', 1))
  })

  it('names a redemption whose points went another way, and one that is gone', async () => {
    const { answer, wallet } = day.acknowledged(
      'redeem',
      (write) => answerOf(write)?.status === 'FULFILLED',
    )
    const id = answer.redemption
    const set = `UPDATE ledger_record SET body = json_set(body, '$.status', 'released')
      WHERE kind = 'redemption' AND ref = '${id}'`
    expect(await day.auditAfter({ books: (db) => db.exec(set) })).toContainEqual(
      found('redemption', `redemption ${id}`, wallet),
    )
    const drop = `DELETE FROM ledger_record WHERE kind = 'redemption' AND ref = '${id}'`
    expect(await day.auditAfter({ books: (db) => db.exec(drop) })).toContainEqual(
      found('redemption', `redemption ${id}`, null),
    )
  })

  it('names a coupon that was given twice, one that was told wrong, and one that is missing', async () => {
    const { answer, wallet, write } = day.acknowledged('redeem', (it) => {
      const { offerId } = it.asked.input as { offerId: string }
      const { redemption, code, status } = answerOf(it)!
      const isCoupon = code !== undefined && COUPONS.some(({ id }) => id === offerId)
      const isGone = day.log.writes.some(
        ({ act, key }) => act === 'cancel-redemption' && key === redemption,
      )
      return isCoupon && status === 'FULFILLED' && !isGone
    })
    const { code, redemption } = answer
    const other = day.read<{ ref: string; wallet_id: number }>(
      `SELECT ref, wallet_id FROM ledger_record WHERE kind = 'redemption' AND ref > ?
       AND json_extract(body, '$.status') = 'fulfilled' ORDER BY ref`,
      redemption,
    )
    const twice = `UPDATE ledger_record SET body = json_set(body, '$.receipt.code', '${code}')
      WHERE kind = 'redemption' AND ref = '${other.ref}'`
    expect(await day.auditAfter({ books: (db) => db.exec(twice) })).toContainEqual(
      expect.objectContaining({
        ...{ rule: 'coupon', key: `redemption ${other.ref}`, wallet: other.wallet_id },
        says: expect.stringContaining(`which is redemption ${redemption}'s`),
      }),
    )
    const gone = `DELETE FROM coupon_code WHERE redemption_id = '${redemption}'`
    const missing = await day.auditAfter({ books: (db) => db.exec(gone) })
    expect(missing).toContainEqual(found('coupon', `redemption ${redemption}`, wallet))
    expect(missing).toContainEqual(found('coupon', write.key, null))
  })

  it('names a coupon that two orders use, or none that was told so', async () => {
    const { write } = day.acknowledged('use-coupon', ({ key }) => {
      const releases = day.log.writes.filter(({ act }) => act === 'release-coupon')
      return !releases.some((release) => release.key === key)
    })
    const code = write.key.split('/')[0]!.replaceAll('-', '')
    const rival = await day.auditAfter({
      log: ({ writes }) => {
        writes.push({ ...write, key: `${write.key}-rival` })
      },
    })
    expect(rival).toContainEqual(found('coupon', code, null))
    const sql = `UPDATE coupon_code SET status = 'issued', used_order_id = NULL WHERE code = '${code}'`
    const unused = await day.auditAfter({ books: (db) => db.exec(sql) })
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
    const findings = await day.auditAfter({ log: ({ followings }) => doctor(followings[0]!) })
    const { subscriber } = day.log.followings[0]!
    expect(findings.length).toBeGreaterThan(0)
    for (const finding of findings) expect(finding).toEqual(found('subscriber', subscriber, 1))
  })
})

describe('the auditor of channels', () => {
  const after = (sql: string) => day.auditAfter({ books: (db) => db.exec(sql) })
  const keyOf = (id: string) => `redemption ${id}`
  const inBody = (id: string, set: string) =>
    `UPDATE ledger_record SET body = ${set} WHERE kind = 'redemption' AND ref = '${id}'`

  it('names goods that nobody sends, goods that are gone, and a step that was not done', async () => {
    const { id, wallet } = day.redemption('mug', 'fulfilled')
    const none = `DELETE FROM goods_shipment WHERE redemption_id = '${id}'`
    expect(await after(none)).toContainEqual(found('goods', keyOf(id), wallet))
    const gone = `UPDATE goods_shipment SET status = 'cancelled' WHERE redemption_id = '${id}'`
    expect(await after(gone)).toContainEqual(found('goods', keyOf(id), wallet))
    const { key } = day.acknowledged('pick-goods').write
    const undone = `UPDATE goods_shipment SET picked_at = NULL WHERE redemption_id = '${key}'`
    expect(await after(undone)).toEqual([found('goods', keyOf(key), null)])
  })

  it.each([
    ['gift-code', 'goods_code'],
    ['popcorn', 'partner_code'],
  ])('names a code of %s that its redemption does not have', async (offer, table) => {
    const { id, wallet } = day.redemption(offer, 'fulfilled')
    const sql = `UPDATE ${table} SET redemption_id = NULL WHERE redemption_id = '${id}'`
    expect(await after(sql)).toEqual([found('code', keyOf(id), wallet)])
  })

  it('names what the partner sold and the redemption did not get, and the other way round', async () => {
    const { id, wallet } = day.redemption('seat', 'fulfilled')
    const lines = day.partnerLines.filter(({ order }) => order !== id)
    expect(await day.auditAfter({ lines })).toContainEqual(found('partner', keyOf(id), wallet))
    const twice = [...day.partnerLines, ...day.partnerLines.filter(({ order }) => order === id)]
    expect(await day.auditAfter({ lines: twice })).toEqual([found('partner', keyOf(id), wallet)])
    const sql = inBody(id, "json_set(body, '$.status', 'released')")
    const findings = await after(sql)
    const says = 'is released, and the partner did: sold'
    expect(findings).toContainEqual({ rule: 'partner', key: keyOf(id), wallet, says })
    const other = inBody(id, "json_set(body, '$.receipt.code', 'HOUSE-other')")
    expect(await after(other)).toContainEqual(found('partner', keyOf(id), wallet))
    const stranger = { order: 'nobody', did: 'sold', code: 'x', at: 0 } as const
    expect(await day.auditAfter({ lines: [...day.partnerLines, stranger] })).toEqual([
      found('partner', keyOf('nobody'), 0),
    ])
  })

  it('names a line that the partner ledger lacks, one too many, and a balance that is wrong', async () => {
    const { id, wallet } = day.redemption('seat', 'fulfilled')
    const lacks = await after(`DELETE FROM partner_entry WHERE redemption_id = '${id}'`)
    expect(lacks).toContainEqual(found('partner', keyOf(id), wallet))
    expect(lacks).toContainEqual(found('partner', 'balance of cinema', null))
    const uneven = `UPDATE partner_entry SET amount_minor = amount_minor - 1
      WHERE redemption_id = '${id}' AND account = 'partner'`
    expect(await after(uneven)).toContainEqual(found('partner', `posting charge:${id}`, null))
    expect(await after('UPDATE partner_balance SET reserved_minor = 1')).toEqual([
      found('partner', 'balance of cinema', null),
    ])
  })

  it('names a play that is missing, one that was not drawn so, and a number that is left out', async () => {
    const { id } = day.redemption('leaf', 'fulfilled')
    const gone = await after(`DELETE FROM game_play WHERE id = '${id}'`)
    expect(gone).toContainEqual(found('game', keyOf(id), null))
    expect(gone).toContainEqual(found('proof', 'round 1 of leaf', null))
    const set = (change: string) => after(`UPDATE game_play SET ${change} WHERE id = '${id}'`)
    for (const change of ["client_seed = 'other'", "result = 'other'", 'won_points = 999']) {
      expect(await set(change)).toContainEqual(found('proof', keyOf(id), null))
    }
    const seed = `UPDATE game_round SET server_seed = '${'0'.repeat(64)}' WHERE offer_id = 'leaf'`
    expect(await after(seed)).toContainEqual(found('proof', keyOf(id), null))
  })

  it('names prizes and budgets that are not what was won, and more than there are', async () => {
    const given = "UPDATE game_offer SET points_given = points_given + 1 WHERE offer_id = 'which'"
    expect(await after(given)).toEqual([found('prizes', 'game which', null)])
    const prize = `INSERT INTO game_prize (offer_id, prize_id, given) VALUES ('leaf', 'big', 9)
      ON CONFLICT (offer_id, prize_id) DO UPDATE SET given = given + 9`
    expect(await after(prize)).toEqual([found('prizes', 'prize big of leaf', null)])
    // Whatever was won is more than that.
    const budget = `UPDATE offer SET terms = json_set(terms, '$.details.budget', -1) WHERE id = 'which'`
    expect(await after(budget)).toEqual([found('prizes', 'game which', null)])
  })

  it('names an award that was not posted, and a share that is not what it should be', async () => {
    const { id, wallet } = day.read<{ id: string; wallet: number }>(
      `SELECT ref AS id, wallet_id AS wallet FROM ledger_record WHERE kind = 'redemption'
       AND json_extract(body, '$.award.points') > 0`,
    )
    const posted = `UPDATE ledger_entry SET account = 'issued:other'
      WHERE account = 'issued:game' AND wallet_id = ${wallet}`
    expect(await after(posted)).toContainEqual(found('award', keyOf(id), null))
    const stake = day.redemption('bet', 'fulfilled')
    const share = `UPDATE game_play SET payout = payout + 1 WHERE id = '${stake.id}'`
    expect(await after(share)).toEqual([found('stake', keyOf(stake.id), null)])
    const pool = "UPDATE game_stake SET pool = pool + 1, stakes = stakes + 1 WHERE id = 'final'"
    expect(await after(pool)).toEqual([found('stake', 'round final', null)])
    const award = "DELETE FROM ledger_transaction WHERE idem_key LIKE 'award:%'"
    expect(await after(award)).toContainEqual(expect.objectContaining({ rule: 'stake' }))
  })

  it('names a payment in money that is not there, one of another amount, and money that went back', async () => {
    const { key, member } = day.acknowledged('pay').write
    const { id: wallet } = day.read<{ id: number }>(
      'SELECT id FROM member WHERE external_id = ?',
      member,
    )
    const unpaid = inBody(key, "json_set(body, '$.cash.paid', NULL)")
    expect(await after(unpaid)).toContainEqual(found('cash', keyOf(key), wallet))
    const other = inBody(key, "json_set(body, '$.cash.paid.reference', 'other')")
    expect(await after(other)).toContainEqual(found('cash', keyOf(key), wallet))
    const wrong = await day.auditAfter({
      log: ({ writes }) => {
        const pay = writes.find((it) => it.act === 'pay' && it.key === key)!
        writes.push({ ...pay, act: 'pay-wrong', key: `${key}/wrong` })
      },
    })
    expect(wrong).toEqual([found('cash', `${key}/wrong`, null)])
    const fulfilled = day.read<{ id: string; wallet: number }>(
      `SELECT ref AS id, wallet_id AS wallet FROM ledger_record WHERE kind = 'redemption'
       AND json_extract(body, '$.cash.paid.at') > 0 AND json_extract(body, '$.status') = 'fulfilled'`,
    )
    const back = inBody(
      fulfilled.id,
      `json_set(body, '$.cash.refunded', json('{"reference":"x","at":1}'))`,
    )
    expect(await after(back)).toContainEqual(found('cash', keyOf(fulfilled.id), fulfilled.wallet))
  })

  it('names points at checkout that are held for ever, or come back wrong, or to other lots', async () => {
    const { order, wallet } = day.read<{ order: string; wallet: number }>(
      `SELECT json_extract(body, '$.orderId') AS "order", wallet_id AS wallet FROM ledger_record
       WHERE kind = 'payment' AND json_extract(body, '$.returnedPoints') > 0`,
    )
    const { write } = day.acknowledged('return-payment', ({ key }) => key.startsWith(`${order}/`))
    const inPayment = (set: string) =>
      after(`UPDATE ledger_record SET body = ${set}
        WHERE kind = 'payment' AND json_extract(body, '$.orderId') = '${order}'`)
    const broken = found('checkout', `order ${order}`, wallet)
    const held = await inPayment("json_set(body, '$.status', 'held')")
    expect(held).toContainEqual(broken)
    const more = '1 + json_extract(body, "$.returnedPoints")'.replaceAll('"', "'")
    const points = await inPayment(`json_set(body, '$.returnedPoints', ${more})`)
    expect(points).toContainEqual(broken)
    expect(points).toContainEqual(found('lots', order, wallet))
    const told = await day.auditAfter({
      log: (log) => {
        Object.assign(same(log, write).asked.input as object, { amount: '999.00 CNY' })
      },
    })
    expect(told).toEqual([found('checkout', write.key, wallet)])
    const lots = await day.auditAfter({
      books: (db) => {
        db.exec(`UPDATE ledger_entry SET lot = 1000 WHERE wallet_id = ${wallet}
          AND account = 'redeemed:checkout' AND amount < 0`)
      },
    })
    expect(lots).toContainEqual(expect.objectContaining({ rule: 'lots', wallet }))
  })

  it('names an answer that was lost, given twice, or is not what was said last, and one that nobody gave', async () => {
    const { write, wallet, answer } = day.acknowledged('answer-survey')
    const id = answer.redemption!
    const broken = found('survey', keyOf(id), wallet)
    expect(await after(`DELETE FROM survey_answer WHERE redemption_id = '${id}'`)).toEqual([broken])
    const twice = await day.auditAfter({
      books: (db) => {
        db.exec('DROP INDEX survey_answer_redemption')
        db.exec(`INSERT INTO survey_answer (redemption_id, wallet, offer_id, channel, day, score, answered_at)
          SELECT redemption_id, wallet, offer_id, channel, day, score, answered_at FROM survey_answer
          WHERE redemption_id = '${id}'`)
      },
    })
    expect(twice).toEqual([broken])
    for (const change of ['score = score % 5 + 1', 'wallet = 999', "offer_id = 'other'"]) {
      const sql = `UPDATE survey_answer SET ${change} WHERE redemption_id = '${id}'`
      expect(await after(sql)).toEqual([broken])
    }
    const unasked = await day.auditAfter({
      log: (log) => {
        const rest = log.writes.filter(({ act, asked }) => {
          const { redemptionId } = (asked.input ?? {}) as { redemptionId?: string }
          return act !== 'answer-survey' || redemptionId !== id
        })
        log.writes.splice(0, log.writes.length, ...rest)
      },
    })
    expect(unasked).toEqual([broken])
    const later = (outcome: Attempt['outcome']) => (log: ClientLog) => {
      const at = Date.now() + 60_000
      const attempt = { server: 0, phase: 'run', sentAt: at, endedAt: at, outcome } as const
      same(log, write).attempts.push(attempt)
    }
    const refused = await day.auditAfter({ log: later({ refusal: 'SURVEY_NOT_OPEN' }) })
    expect(refused).toEqual([broken])
    const other = await day.auditAfter({ log: later({ answer: { ...answer, score: 6 } }) })
    expect(other).toEqual([broken])
  })

  it('names counters of what was fulfilled that are wrong', async () => {
    for (const name of ['fulfilled:plain', 'fulfilled-by:coupon']) {
      const sql = `UPDATE ledger_counter SET value = value + 1 WHERE id LIKE '${name}:%' AND value > 0`
      expect(await after(sql)).toEqual([found('survey', name, null)])
    }
  })

  it('names a playbook that nobody asked for, that has no end, that is gone, or was not put back', async () => {
    const { id, hash } = aPlaybook()
    const broken = found('playbook', `playbook ${id}`, null)
    const set = (change: string) => after(`UPDATE playbook SET ${change} WHERE id = '${id}'`)
    expect(await set("request_key = 'other'")).toContainEqual(broken)
    expect(await set('next_try_at = 1')).toContainEqual(broken)
    expect(await set("state = 'applying', next_try_at = 1")).toContainEqual(broken)
    expect(await set('reached = reached + 1')).toContainEqual(broken)
    const write = told('apply-playbook', ({ key }) => hashOf(key) === hash)
    expect(await after(`DELETE FROM playbook WHERE id = '${id}'`)).toContainEqual(
      found('playbook', write.key, null),
    )
    const back = told('revert-playbook').key
    const stays = await after(`UPDATE playbook SET state = 'applied' WHERE id = '${back}'`)
    expect(stays).toContainEqual(found('playbook', `playbook ${back}`, null))
    const unasked = await day.auditAfter({
      log: ({ writes }) => {
        writes.splice(
          writes.findIndex(({ act, key }) => act === 'revert-playbook' && key === back),
          1,
        )
      },
    })
    expect(unasked).toContainEqual(found('playbook', `playbook ${back}`, null))
  })

  it('names a share that was given twice, not at all, when it was called off, or is of other points', async () => {
    const { id, wallet, key } = aShare()
    const broken = found('playbook', `playbook ${id}`, wallet)
    const set = (change: string) =>
      after(`UPDATE playbook_share SET ${change} WHERE playbook = '${id}' AND member = ${wallet}`)
    expect(await set('state = 2')).toContainEqual(broken)
    expect(await set('state = 3')).toContainEqual(broken)
    expect(await set('points = points + 1')).toContainEqual(broken)
    const lost = `DELETE FROM ledger_transaction WHERE idem_key = '${key}'`
    expect(await after(lost)).toContainEqual(broken)
    const twice = await day.auditAfter({
      books: (db) => {
        db.exec('DROP INDEX ledger_transaction_key')
        const row = db.prepare('SELECT * FROM ledger_transaction WHERE idem_key = ?').get(key)
        const twin = { ...(row as object), seq: 1_000_000, version: 1_000_000 }
        const names = Object.keys(twin)
        db.prepare(
          `INSERT INTO ledger_transaction (${names}) VALUES (${names.map((name) => `@${name}`)})`,
        ).run(twin)
      },
    })
    expect(twice).toContainEqual(broken)
    const more = `UPDATE ledger_entry SET amount = amount - 1
      WHERE account = 'issued:playbook' AND wallet_id = ${wallet}`
    expect(await after(more)).toContainEqual(found('playbook', 'issued:playbook', null))
  })

  it('names who came too late and is forgotten, and who is made up to more often', async () => {
    const { id, wallet, offer } = aShare()
    const key = `${offer} of ${wallet}`
    const forget = await day.auditAfter({
      books: (db) => {
        db.exec(`DELETE FROM playbook_share WHERE member = ${wallet}`)
        db.exec(`DELETE FROM missed_redemption WHERE member = ${wallet}`)
      },
    })
    expect(forget).toContainEqual(found('playbook', key, wallet))
    const again = `INSERT INTO playbook_share (playbook, place, member, points, state)
      SELECT playbook, place + 1000 * n, member, points, 1 FROM playbook_share,
        (WITH RECURSIVE times(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < 99)
         SELECT n FROM times)
      WHERE playbook = '${id}' AND member = ${wallet}`
    const often = await after(again)
    expect(often).toContainEqual(found('playbook', key, wallet))
    // As much as that is more than the year's budget has.
    expect(often).toContainEqual(
      expect.objectContaining({ key: expect.stringMatching(/^period /) }),
    )
  })

  it('names an offer that is not as playbooks left it, or not as they say that they found it', async () => {
    const { id, offer } = aPlaybook()
    const down = `UPDATE offer SET terms = json_set(terms, '$.active', json('false')) WHERE id = '${offer}'`
    expect(await after(down)).toEqual([found('playbook', `offer ${offer}`, null)])
    const cash = `UPDATE offer SET terms = json_set(terms, '$.pointsAndCash',
      json('{"leastPointsShare":"0.7","mostPointsShare":"1"}')) WHERE id = '${offer}'`
    expect(await after(cash)).toEqual([found('playbook', `offer ${offer}`, null)])
    const other = `UPDATE playbook SET found = json_set(found, '$.offers."${offer}".active', json('false'))
      WHERE id = '${id}'`
    expect(await after(other)).toContainEqual(expect.objectContaining({ rule: 'playbook' }))
  })

  /** The last one that was asked for about an offer that another was asked for about before. */
  const aPlaybook = () =>
    day.read<{ id: string; hash: string; offer: string }>(
      `SELECT id, request_key AS hash, offer FROM playbook
       WHERE offer IN (SELECT offer FROM playbook GROUP BY offer HAVING COUNT(*) > 1) ORDER BY id DESC`,
    )
  const told = (act: Write['act'], wish: (write: Write) => boolean = () => true) =>
    day.log.writes.find((it) => it.act === act && answerOf(it) && wish(it))!
  const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')
  const aShare = () => {
    const share = day.read<{ id: string; wallet: number; offer: string }>(
      `SELECT p.id AS id, s.member AS wallet, p.offer AS offer FROM playbook_share s
       JOIN playbook p ON p.id = s.playbook WHERE s.state = 1 AND s.points > 0`,
    )
    return {
      ...share,
      key: `award:${share.wallet}:${hashOf(JSON.stringify(['playbook', share.id]))}`,
    }
  }
})
