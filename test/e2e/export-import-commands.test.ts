import { existsSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLineIn, linesOf } from '../support/command-line-in.js'
import { availableStores, freshUrl } from '../support/databases.js'
import { killPointwell } from '../support/run-pointwell.js'
import { startTestServer } from '../support/test-server.js'

/** Pages of members, as an export reads and an import writes them. */
const PAGE = 500
const MEMBERS = 12 * PAGE
const FILES = ['members', 'balances'] as const
const ORDERS = 6 * PAGE
/** So often it is tried again where a command came to its end before it was killed. */
const TRIES = 10

const ids = Array.from({ length: MEMBERS }, (_, n) => `m-${String(n).padStart(5, '0')}`)
const members = ids.map((id) => ({ id, joinedAt: '2024-05-03T00:00:00.000Z', region: 'north' }))
const balances = ids.map((member, n) => ({
  member,
  lots: [
    {
      kind: 'base',
      available: n + 1,
      earnedAt: '2026-02-01T00:00:00.000Z',
      expiresAt: '2036-03-01T00:00:00.000Z',
    },
    { kind: 'bonus', available: 7, earnedAt: '2026-02-02T00:00:00.000Z', expiresAt: null },
  ],
}))

const stores = availableStores().filter((name) => name !== 'memory') as ('sqlite' | 'mysql')[]

describe.each(stores)('O3: export and import by the command line, on %s', (store) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointwell-moved-'))
    await writeFile(join(folder, 'members.ndjson'), linesOf(members))
    await writeFile(join(folder, 'balances.ndjson'), linesOf(balances))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const { of, pointwell, done, built, migrated, counting } = commandLineIn(() => folder, store)
  const written = (out: string) =>
    Promise.all(FILES.map((kind) => readFile(join(folder, out, `${kind}.ndjson`), 'utf8')))

  const MEMBERS_IN = 'SELECT COUNT(*) AS n FROM member'
  const BALANCES_IN = "SELECT COUNT(*) AS n FROM ledger_transaction WHERE type = 'opening'"

  /** Imports a file, killed once some of it is in and not all. */
  async function killImport(url: string, kind: (typeof FILES)[number], sql: string) {
    const rows = await counting(url, sql)
    try {
      const args = ['import', kind, `${kind}.ndjson`]
      await killPointwell(args, of(url), async () => (await rows.count()) >= PAGE)
      return await rows.count()
    } finally {
      await rows.close()
    }
  }

  it('killed in the middle and run again, they come to the same', async () => {
    let url = ''
    let there = MEMBERS
    for (let tries = 0; there === MEMBERS && tries < TRIES; tries += 1) {
      url = await migrated()
      there = await killImport(url, 'members', MEMBERS_IN)
    }
    expect(there).toBeGreaterThanOrEqual(PAGE)
    expect(there).toBeLessThan(MEMBERS)
    const again = await built.done(url, 'import', 'members', 'members.ndjson')
    expect(again).toContain(`${MEMBERS - there} went in, ${there} were in already, 0 were refused`)

    const kept = await killImport(url, 'balances', BALANCES_IN)
    expect(kept).toBeGreaterThanOrEqual(PAGE)
    expect(await built.done(url, 'import', 'balances', 'balances.ndjson', '--resume')).toMatch(
      /^Done\./m,
    )
    for (const kind of FILES) {
      const more = await done(url, 'import', kind, `${kind}.ndjson`)
      expect(more).toContain(`0 went in, ${MEMBERS} were in already, 0 were refused`)
    }
    expect(await done(url, 'verify')).toMatch(/^ok: /)

    // An export has no name before it is whole.
    let killed = false
    for (let tries = 0; !killed && tries < TRIES; tries += 1) {
      const out = `out-${tries}`
      const part = join(folder, out, 'members.ndjson.part')
      const isGrowing = async () => existsSync(part) && statSync(part).size > 0
      await killPointwell(['export', out], of(url), isGrowing)
      killed = !existsSync(join(folder, out, 'members.ndjson'))
      if (!killed) continue
      expect(existsSync(join(folder, out, 'manifest.json'))).toBe(false)
      const refused = await pointwell(url, 'import', out)
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('no whole export') })
      await built.done(url, 'export', out)
      const other = await migrated()
      for (const kind of FILES) await done(other, 'import', kind, `${kind}.ndjson`)
      await done(other, 'export', 'whole')
      expect(await written(out)).toEqual(await written('whole'))
    }
    expect(killed).toBe(true)
  })

  it('orders go with them, killed in the middle and run again, and are known again', async () => {
    const from = await freshUrl(store)
    const server = await startTestServer({ databaseUrl: from, jobs: false })
    const { program } = server
    const some = ids.slice(0, ORDERS)
    await program.members.registerMany(some.map((id) => ({ id })))
    const bought = (memberId: string) => ({
      source: 'purchase',
      memberId,
      event: {
        orderId: `o-${memberId}`,
        at: '2026-01-05T04:00:00Z',
        currency: 'CNY',
        confirmed: true,
        lines: [{ id: '1', article: 'tea', quantity: 2, unitPrice: '50' }],
      },
    })
    for (let start = 0; start < some.length; start += PAGE) {
      await program.earnMany(some.slice(start, start + PAGE).map(bought))
    }
    await server.close()
    expect(await done(from, 'export', 'sold')).toContain(`${ORDERS} orders and other acts`)

    const KEPT = "SELECT COUNT(*) AS n FROM ledger_record WHERE kind = 'earn:purchase'"
    let to = ''
    let there = ORDERS
    for (let tries = 0; there === ORDERS && tries < TRIES; tries += 1) {
      to = await migrated()
      const rows = await counting(to, KEPT)
      await killPointwell(['import', 'sold'], of(to), async () => (await rows.count()) > 0)
      there = await rows.count()
      await rows.close()
    }
    expect(there).toBeGreaterThan(0)
    expect(there).toBeLessThan(ORDERS)
    expect(await built.done(to, 'import', 'sold', '--resume')).toMatch(/^Done\./m)
    const again = await done(to, 'import', 'sold')
    // The policy that they were decided by is a line, too.
    expect(again).toContain(`0 went in, ${ORDERS + 1} were in already, 0 were refused`)
    expect(await done(to, 'verify')).toMatch(/^ok: /)
    await done(to, 'export', 'sold-again')
    for (const file of [...FILES, 'orders'] as const) {
      const [one, two] = await Promise.all(
        ['sold', 'sold-again'].map((out) => readFile(join(folder, out, `${file}.ndjson`), 'utf8')),
      )
      expect(two === one).toBe(true)
    }

    const fresh = await startTestServer({ databaseUrl: to, jobs: false })
    const [id = ''] = some
    const earn = () => fresh.program.earn(bought(id))
    expect(await earn()).toMatchObject({ replayed: true, points: 100 })
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 1 }] }
    const back = await fresh.program.returnEarned({
      source: 'purchase',
      once: `o-${id}`,
      taken,
    })
    expect(back).toMatchObject({ replayed: false, points: -50 })
    await fresh.close()

    const lines = (await readFile(join(folder, 'sold', 'orders.ndjson'), 'utf8')).split('\n')
    const order = JSON.parse(lines[1]!)
    const wrong = [
      { ...order, lots: [7] },
      { ...order, source: 'lottery' },
      { ...order, ref: 'o-2', policy: 'AAAAAAAAAAAAAAAAAAAAAA' },
      { ...order, ref: 'o-3', earned: { ...order.earned, granted: -1 } },
    ]
    await writeFile(
      join(folder, 'odd.ndjson'),
      [lines[0], ...wrong.map((it) => JSON.stringify(it)), ''].join('\n'),
    )
    const odd = await pointwell(to, 'import', 'exported-orders', 'odd.ndjson', '--dry-run')
    expect(odd.code).toBe(1)
    for (const told of [
      'odd.ndjson:2: IDEMPOTENCY_MISMATCH',
      'odd.ndjson:3: source: INVALID_INPUT',
      'odd.ndjson:4: policy: INVALID_INPUT',
      'odd.ndjson:5: earned.granted: INVALID_INPUT',
    ]) {
      expect(odd.stderr).toContain(told)
    }
  })

  it('goes from one system to another, dry first, once, and back', async () => {
    const from = await freshUrl(store)
    const server = await startTestServer({ databaseUrl: from, jobs: false })
    const { program } = server
    await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }, { id: 'cat' }])
    for (const [memberId, points] of [
      ['ann', 70],
      ['bob', 5],
      ['cat', 12],
    ] as const) {
      const asked = { points, kind: null, reason: 'r', by: 'rosa', idempotencyKey: memberId }
      await program.adjustments.request({ ...asked, memberId })
    }
    for (const [was, into] of [
      ['ann', 'bob'],
      ['bob', 'cat'],
    ] as const) {
      const named = { from: was, into, reason: 'one', idempotencyKey: was, by: 'rosa' }
      expect(await program.merges.merge(named)).toMatchObject({ finishedAt: expect.any(Number) })
    }
    await server.close()
    for (const format of ['ndjson', 'csv']) {
      const [first, second] = [`${format}-1`, `${format}-2`]
      expect(await done(from, 'export', first, '--format', format)).toContain('1 members')
      const to = await migrated()
      const rows = await counting(to, MEMBERS_IN)
      expect(await done(to, 'import', first, '--dry-run')).toContain('nothing was written')
      expect(await rows.count()).toBe(0)
      expect(await done(to, 'import', first)).toContain('1 went in, 0 were in already')
      expect(await done(to, 'import', first)).toContain('0 went in, 1 were in already')
      await rows.close()
      expect(await done(to, 'verify')).toMatch(/^ok: 3 wallets/)
      const there = await startTestServer({ databaseUrl: to, jobs: false })
      const query = `query ($id: ID!) { member(id: $id) { id wallet { balance { available } }
        mergedFrom { id mergedAt wallet { balance { available } } } } }`
      const token = await there.token('operator', { roles: ['support'] })
      for (const id of ['ann', 'bob', 'cat']) {
        const { data } = await there.ask(query, { token, variables: { id } })
        const former = {
          mergedAt: '2026-01-05T04:00:00.000Z',
          wallet: { balance: { available: 0 } },
        }
        expect(data.member).toMatchObject({
          id: 'cat',
          wallet: { balance: { available: 87 } },
          mergedFrom: [
            { id: 'ann', ...former },
            { id: 'bob', ...former },
          ],
        })
      }
      await there.close()
      await done(to, 'export', second, '--format', format)
      for (const kind of [...FILES, 'orders'] as const) {
        const [one, two] = await Promise.all(
          [first, second].map((out) => readFile(join(folder, out, `${kind}.${format}`), 'utf8')),
        )
        expect(two).toBe(one)
      }
    }
  })

  it('names what is wrong by line and field, and writes nothing', async () => {
    const url = await migrated()
    const file = (name: string, values: readonly object[]) =>
      writeFile(join(folder, name), linesOf(values))
    await file('good.ndjson', [{ id: 'ann' }, { id: 'bob', formerIds: [former('al')] }])
    await done(url, 'import', 'members', 'good.ndjson')
    await file('bad.ndjson', [
      { id: 'cat', formerIds: [former('old')] },
      { id: 'dan', formerIds: [former('older'), former('old')] },
      { id: 'old' },
      { id: 'eve', formerIds: [former('al')] },
      { id: 'al' },
      { id: 'fay', birthday: '13-01' },
    ])
    const members = await built.pointwell(url, 'import', 'members', 'bad.ndjson', '--dry-run')
    expect(members.code).toBe(1)
    for (const told of [
      'bad.ndjson:2: formerIds.1: TWICE',
      'bad.ndjson:3: id: TWICE',
      'bad.ndjson:4: formerIds.0: MEMBER_EXISTS',
      'bad.ndjson:5: id: TWICE',
      'bad.ndjson:6: birthday.month: INVALID_INPUT',
    ]) {
      expect(members.stderr).toContain(told)
    }
    const lot = { kind: 'base', available: 5, expiresAt: null }
    await file('wrong.ndjson', [
      { member: 'ann', lots: [lot] },
      { member: 'bob', lots: [lot, { ...lot, kind: 'gone' }] },
    ])
    const balances = await pointwell(url, 'import', 'balances', 'wrong.ndjson')
    expect(balances).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Nothing was written'),
    })
    expect(balances.stderr).toContain('wrong.ndjson:2: lots.1.kind: INVALID_INPUT')
    const rows = await counting(url, BALANCES_IN)
    expect(await rows.count()).toBe(0)
    await rows.close()
    const most = await pointwell(url, 'import', 'balances', 'wrong.ndjson', '--skip-bad')
    expect(most.stdout).toContain('1 went in')
  })
})

function former(id: string) {
  return { id, mergedAt: '2025-01-01T00:00:00Z' }
}
