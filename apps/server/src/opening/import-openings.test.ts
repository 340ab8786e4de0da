import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { importOpenings, type OpeningImportOptions } from './import-openings.js'
import type { OpeningFormat, OpeningKind } from './opening-format.js'

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-opening-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const QUIET = { say() {}, begin() {}, reach() {}, end() {} }
const stores = availableStores().filter((store) => store !== 'memory')

async function bring(
  { program }: TestProgram,
  content: string | Buffer,
  {
    kind = 'balances',
    format = 'ndjson',
    ...more
  }: Partial<OpeningImportOptions> & { kind?: OpeningKind; format?: OpeningFormat } = {},
) {
  const path = join(folder, `${files++}.${format}`)
  await writeFile(path, content)
  const reportPath = `${path}.report.ndjson`
  const outcome = await importOpenings({
    program,
    files: [{ kind, path, format }],
    terms: { pendingUntil: null, releaseHeld: false, ordersCome: false, countedUntil: null },
    dryRun: false,
    skipBad: false,
    resume: false,
    folder,
    reportPath,
    reason: null,
    progress: QUIET,
    ...more,
  })
  const faults = outcome.report.first.map(
    ({ line, field, code }) => `${line}:${field ?? ''}:${code}`,
  )
  return { outcome, faults, path, reportPath, file: outcome.files[0]! }
}

async function open(store: StoreName = 'sqlite', members = ['ann', 'bob', 'cem']) {
  const test = await openTestProgram(store)
  await test.program.members.registerMany(members.map((id) => ({ id })))
  return test
}

const lot = (more: object = {}) => ({ kind: 'base', available: 100, expiresAt: null, ...more })
const lines = (...values: unknown[]) =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('')
const wallet = (member: string, more: object = {}) => ({ member, lots: [lot()], ...more })
const HEADER = 'member,kind,available,expiresAt'

describe('O3: files of balances that are not right', () => {
  it.each<[string, unknown, string]>([
    ['a fraction', wallet('ann', { lots: [lot({ available: 1.5 })] }), '1:lots.0.available'],
    ['less than nothing', wallet('ann', { lots: [lot({ available: -1 })] }), '1:lots.0.available'],
    ['too much', wallet('ann', { lots: [lot({ available: 1e13 })] }), '1:lots.0.available'],
    ['nothing', wallet('ann', { lots: [lot({ available: 0 })] }), '1:lots.0.available'],
    ['an unknown kind', wallet('ann', { lots: [lot({ kind: 'gold-dust' })] }), '1:lots.0.kind'],
    ['an unknown field', wallet('ann', { lots: [lot({ expires: null })] }), '1:lots.0.expires'],
    ['no expiry', { member: 'ann', lots: [{ kind: 'base', available: 1 }] }, '1:lots.0.expiresAt'],
    [
      'no moment',
      wallet('ann', { lots: [lot({ expiresAt: '2026-13-01' })] }),
      '1:lots.0.expiresAt',
    ],
    ['less granted than left', wallet('ann', { lots: [lot({ granted: 99 })] }), '1:lots.0.granted'],
    ['points on hold', wallet('ann', { lots: [lot({ held: 1 })] }), '1:lots.0.held'],
    ['a call to wait for', wallet('ann', { lots: [lot({ pending: 1 })] }), '1:lots.0.confirmAt'],
    ['no deadline', wallet('ann', { lots: [lot({ claimable: 1 })] }), '1:lots.0.claimBy'],
    ['frozen by nobody', wallet('ann', { lots: [lot({ frozen: 1 })] }), '1:lots.0.frozen'],
    ['a debt beside points', wallet('ann', { debt: 1 }), '1:debt'],
    [
      'a freeze of too much',
      wallet('ann', {
        lots: [lot({ frozen: 1 })],
        freezes: [{ until: null, graceTo: null, lots: [[1, 2]] }],
      }),
      '1:freezes',
    ],
    [
      'a freeze of no lot',
      wallet('ann', { freezes: [{ until: null, graceTo: null, lots: [[2, 1]] }] }),
      '1:freezes',
    ],
    ['no member', { lots: [lot()] }, '1:member'],
    ['an empty wallet', { member: 'ann' }, '1:lots'],
    ['a list', [], '1:'],
  ])('%s is told with its line and field', async (_, value, where) => {
    const test = await open()
    const { faults, outcome } = await bring(test, lines(value))
    expect(faults).toEqual([`${where}:INVALID_INPUT`])
    expect(outcome.complete).toBe(false)
  })

  it('all of them are told, and nothing goes in', async () => {
    const test = await open()
    const bad = lines(
      wallet('ann'),
      '{"member":',
      wallet('bob'),
      wallet('nobody'),
      wallet('bob'),
      wallet('cem', { lots: [lot({ kind: 'x' })] }),
    )
    const broken = Buffer.concat([Buffer.from(bad), Buffer.from([0xff, 0x0a])])
    const tried = await bring(test, broken, { dryRun: true })
    expect(tried.faults).toEqual([
      '2::UNREADABLE',
      '7::NOT_TEXT',
      '5:member:TWICE',
      '6:lots.0.kind:INVALID_INPUT',
      '4:member:MEMBER_NOT_FOUND',
    ])
    const { faults } = await bring(test, broken)
    expect(faults).toEqual(tried.faults.slice(0, 4))
    for (const id of ['ann', 'bob', 'cem']) {
      expect(await balanceOf(test, id)).toMatchObject({ version: 0 })
    }
  })

  it('what is right goes in when that is asked for, but nobody who stands there twice', async () => {
    const test = await open()
    const bad = lines(wallet('ann'), wallet('bob'), wallet('bob'), wallet('nobody'), '{')
    const { faults, file, reportPath } = await bring(test, bad, { skipBad: true })
    expect(faults).toEqual(['5::UNREADABLE', '3:member:TWICE', '4:member:MEMBER_NOT_FOUND'])
    expect(file).toMatchObject({ brought: 1, there: 0, refused: 1 })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(100)
    expect((await balanceOf(test, 'bob')).version).toBe(0)
    const report = (await readFile(reportPath, 'utf8')).trim().split('\n')
    expect(report.map((line) => JSON.parse(line).member)).toEqual([null, 'bob', 'nobody'])
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('of CSV every lot has its line', async () => {
    const test = await open()
    const rows = [
      `${HEADER},earnedAt`,
      'ann,base,100,never,',
      'ann,base,5.5,never,',
      'bob,base,7,2026-02-30T00:00:00Z,',
      'cem,base,7,never,',
    ]
    const { faults } = await bring(test, `${rows.join('\r\n')}\r\n`, { format: 'csv' })
    expect(faults).toEqual(['3:available:INVALID_INPUT', '4:expiresAt:INVALID_INPUT'])
  })

  it('a row that cannot be read holds back the wallets beside it, and no others', async () => {
    const test = await open('sqlite', ['ann', 'bob', 'cem', 'dee'])
    const rows = [HEADER, 'ann,base,1,never', 'bob,base,2,never', 'bob,base', 'cem,base,3,never']
    const text = lines(...rows, 'dee,base,4,never')
    const { faults, file } = await bring(test, text, { format: 'csv', skipBad: true })
    expect(faults).toEqual(['4::WRONG_COLUMNS', '3::HELD_BACK', '5::HELD_BACK'])
    expect(file.brought).toBe(2)
    const left = await Promise.all(['ann', 'bob', 'cem', 'dee'].map((id) => balanceOf(test, id)))
    expect(left.map(({ balance }) => balance.available)).toEqual([1, 0, 0, 4])
  })

  it('a file that was cut off is known by its last line', async () => {
    const test = await open()
    const whole = lines(HEADER, 'ann,base,1,never', 'bob,base,1200,2030-01-01T00:00:00Z')
    for (const cut of [1, 10, 12, 21]) {
      const { faults } = await bring(test, whole.slice(0, -cut), { format: 'csv' })
      expect(faults.join(), `without ${cut}`).toMatch(/3:.*:(CUT_OFF|WRONG_COLUMNS)/)
    }
    const { faults } = await bring(test, lines(wallet('ann'), wallet('bob')).slice(0, -3))
    expect(faults).toEqual(['2::UNREADABLE'])
  })

  it('rows of a wallet stand together, and say once what is the wallet’s', async () => {
    const test = await open()
    const apart = lines(HEADER, 'ann,base,1,never', 'bob,base,1,never', 'ann,base,1,never')
    expect((await bring(test, apart, { format: 'csv' })).faults).toEqual(['4:member:TWICE'])
    const twice = lines(
      `${HEADER},debt,pending,confirmAt`,
      'ann,base,,never,5,1,2026-02-01T00:00:00Z',
      'ann,base,,never,5,1,2026-02-01T00:00:00Z',
    )
    expect((await bring(test, twice, { format: 'csv' })).faults).toEqual(['3:debt:NOT_FIRST'])
  })

  it.each([
    ['no header', 'ann,base,1,never\n', /no column "member", "kind", "available", "expiresAt"/],
    ['another header', `${HEADER},debts\n`, /no column "debts"/],
    ['a column twice', `${HEADER},kind\n`, /"kind" more than once/],
    ['nothing', '', /empty/],
    ['UTF-16', Buffer.from('\ufeffmember', 'utf16le'), /UTF-16/],
  ])('%s is no such file', async (_, content, message) => {
    const test = await open()
    await expect(bring(test, content, { format: 'csv' })).rejects.toThrow(message)
    await expect(bring(test, content, { format: 'csv' })).rejects.toThrow(/\.csv: /)
  })

  it('a mark at the beginning and ends of lines as Windows has them are fine', async () => {
    const test = await open()
    const text = `\ufeff${HEADER}\r\nann,base,1,never\r\n`
    expect((await bring(test, text, { format: 'csv' })).file).toMatchObject({ brought: 1 })
    const { file } = await bring(test, `\ufeff${lines(wallet('bob')).replace('\n', '\r\n')}`)
    expect(file).toMatchObject({ brought: 1 })
  })
})

describe('O3: files of members that are not right', () => {
  it('are told line by line', async () => {
    const test = await open()
    const { faults } = await bring(
      test,
      lines(
        { id: 'dee', birthday: '02-30' },
        { id: 'dee ' },
        { id: 'eve', joinedAt: '2126-01-01T00:00:00Z' },
        { id: 'fay', tierFloors: [{ tier: 'diamond', from: 0, until: 1 }] },
        { id: 'gil', membershipUntil: '2027-01-01T00:00:00Z' },
        { id: 'hal', waitingSpend: { o: { month: '2026-01', minor: 1, confirmAt: null } } },
        { id: 'ian', qualifyingSpend: { '2026-1': 5 } },
        { id: 'jan', identities: [{ kind: 'phone', value: '1' }] },
        { id: 'kim', identities: [{ kind: 'phone', value: '1' }] },
        { id: 'ann', region: 'there is an ann without one' },
      ),
      { kind: 'members', dryRun: true },
    )
    expect(faults).toEqual([
      '1:birthday.day:INVALID_INPUT',
      '2:id:INVALID_INPUT',
      '3:joinedAt:EVENT_IN_FUTURE',
      '4:tierFloors.0.tier:INVALID_INPUT',
      '5:membershipUntil:MEMBERSHIP_OFF',
      '6:waitingSpend.o.confirmAt:INVALID_INPUT',
      '7:qualifyingSpend.2026-1:INVALID_INPUT',
      '9:identities.0:IDENTITY_TAKEN',
      '10:region:MEMBER_EXISTS',
    ])
    expect(await test.program.members.find('jan')).toBeUndefined()
  })

  it('a tier that is another here is told, and the member goes in', async () => {
    const test = await open()
    const gold = { id: 'dee', tier: 'gold' }
    const { faults, file } = await bring(test, lines(gold), { kind: 'members' })
    expect(faults).toEqual(['1:tier:OTHER_TIER'])
    expect(file).toMatchObject({ brought: 1, refused: 0 })
  })
})

describe.each(stores)('O3: balances that come to %s', (store) => {
  it('are one transaction each, against an account of their own', async () => {
    const test = await open(store)
    const bob = { member: 'bob', debt: 30 }
    const { outcome } = await bring(test, lines(wallet('ann'), bob))
    expect(outcome.complete).toBe(true)
    const { id } = await balanceOf(test, 'ann')
    const [first] = await test.ledger.store.findTransactions(id, { before: null, limit: 5 })
    expect(first).toMatchObject({
      type: 'opening',
      entries: [
        { account: 'opening', lot: 1, amount: -100 },
        { account: 'available', lot: 1, amount: 100 },
      ],
    })
    expect((await balanceOf(test, 'bob')).balance).toMatchObject({ debt: 30, available: 0 })
    const totals = await test.ledger.store.findTotalsAt(test.time.now)
    expect(totals.get('opening')).toBe(-70n)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
    const [entry] = await test.program.audit.page({ filter: {}, before: null, limit: 1 })
    expect(entry).toMatchObject({ act: 'importBalances', by: 'command-line' })
  })

  it('are there once however often they come, and never become others', async () => {
    const test = await open(store)
    await bring(test, lines(wallet('ann')))
    const again = await bring(test, lines(wallet('ann')))
    expect(again.file).toMatchObject({ brought: 0, there: 1, refused: 0 })
    const { faults } = await bring(test, lines(wallet('ann', { lots: [lot(), lot()] })))
    expect(faults).toEqual(['1:lots:IDEMPOTENCY_MISMATCH'])
    expect((await balanceOf(test, 'ann')).balance.available).toBe(100)
  })

  it('meet what the wallet has here: points pay what is owed, on either side', async () => {
    const test = await open(store)
    const adjust = (memberId: string, points: number) =>
      test.program.adjustments.request({
        ...{ memberId, points, kind: 'task', reason: 'r', by: 'rosa', idempotencyKey: 'k' },
      })
    await adjust('ann', 100)
    await bring(test, lines({ member: 'ann', debt: 130 }))
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 0, debt: 30 })
    await bring(test, lines({ member: 'bob', debt: 30 }))
    await adjust('bob', 50)
    expect((await balanceOf(test, 'bob')).balance).toMatchObject({ available: 20, debt: 0 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('a debt that was brought along goes with a member who is merged', async () => {
    const test = await open(store)
    await bring(test, lines(wallet('ann'), { member: 'bob', debt: 30 }))
    await test.program.merges.merge({
      ...{ from: 'bob', into: 'ann', reason: 'r', by: 'rosa', idempotencyKey: 'k' },
    })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 70, debt: 0 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('a lot whose time is over expires with what is due next', async () => {
    const test = await open(store)
    const past = new Date(MONDAY_NOON - 1).toISOString()
    await bring(test, lines(wallet('ann', { lots: [lot({ expiresAt: past }), lot()] })))
    expect((await balanceOf(test, 'ann')).balance.available).toBe(100)
    const totals = await test.ledger.store.findTotalsAt(test.time.now)
    expect(totals.get('expired')).toBe(100n)
  })

  it('what waits or is held is let in on terms that are said', async () => {
    const test = await open(store)
    const terms = {
      pendingUntil: MONDAY_NOON + DAY_MS,
      releaseHeld: true,
      ordersCome: false,
      countedUntil: null,
    }
    const text = lines(wallet('ann', { lots: [lot({ held: 20 }), lot({ pending: 3 })] }))
    expect((await bring(test, text, { terms })).faults).toEqual([])
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 220, pending: 3 })
    test.time.now += DAY_MS
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 223, pending: 0 })
  })

  it('goes on where it stopped, and only for the very same file', async () => {
    const members = Array.from({ length: 1_200 }, (_, n) => `m${n}`)
    const test = await open(store, members)
    const text = lines(...members.map((id) => wallet(id)))
    const stop = new AbortController()
    let asked = 0
    const { bringBalances } = test.program.openings
    const program = {
      ...test.program,
      openings: {
        ...test.program.openings,
        async bringBalances(list: Parameters<typeof bringBalances>[0]) {
          asked += list.length
          const answers = await bringBalances(list)
          if (asked === 500) stop.abort()
          return answers
        },
      },
    }
    const stopped = await bring(test, text, { program, signal: stop.signal })
    expect(stopped.outcome).toMatchObject({ complete: false, stopped: true })
    expect(stopped.file.brought).toBe(500)

    const { path } = stopped
    const files = [{ kind: 'balances', path, format: 'ndjson' }] as const
    const resumed = await bring(test, '', { program, files, resume: true })
    expect(asked).toBe(1_200)
    expect(resumed.file).toMatchObject({ brought: 700, there: 500, refused: 0 })
    // Whole as it is, nothing is remembered of it: all is said again, and answered as before.
    const again = await bring(test, '', { program, files, resume: true })
    expect(asked).toBe(2_400)
    expect(again.file).toMatchObject({ brought: 0, there: 1_200 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })
})
