import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLineIn, linesOf } from '../support/command-line-in.js'
import { availableStores } from '../support/databases.js'
import { killPointwell } from '../support/run-pointwell.js'
import { startTestServer } from '../support/test-server.js'

const PAGE = 500
const CODES = 24 * PAGE
/** So often it is tried again where a command came to its end before it was killed. */
const TRIES = 10
const NAMES = ['coupon-codes', 'goods-codes', 'partner-codes'] as const

const number = (n: number) => String(n).padStart(6, '0')
const at = '2026-01-05T04:00:00.000Z'

/** One of everything that a line can say. */
const EVERYTHING = {
  'goods-codes': [
    { offerId: 'tea', code: 'A,"1"', status: 'free', importedAt: at },
    { offerId: 'tea', code: 'B', status: 'given', redemptionId: 'r-1', importedAt: at },
    { offerId: 'tea', code: 'C', status: 'void', importedAt: at },
    { offerId: 'tea2', code: 'A', status: 'free', importedAt: at },
  ],
  'partner-codes': [
    { partnerId: 'spa', offerId: 'bath', code: 'A', status: 'free', importedAt: at },
    {
      partnerId: 'spa',
      offerId: 'bath',
      code: 'B',
      status: 'void',
      redemptionId: 'r-2',
      importedAt: at,
    },
  ],
  'coupon-codes': [
    coupon('7Q2M0VXKR4TD9HZB', { redemptionId: 'r-3', status: 'issued', version: 1 }),
    coupon('7Q2M0VXKR4TD9HZC', {
      redemptionId: 'r-4',
      status: 'used',
      use: { orderId: 'o', orderMinor: 900, discountMinor: 500, feeMinor: null, at: 1767585600000 },
      version: 2,
    }),
    coupon('7Q2M0VXKR4TD9HZD', {
      redemptionId: 'r-5',
      status: 'void',
      voidedAt: at,
      version: 3,
    }),
  ],
}

function coupon(code: string, it: Readonly<Record<string, unknown>>) {
  const { redemptionId, status, use, voidedAt, version } = it
  return {
    code,
    redemptionId,
    memberId: 'ann',
    offerId: 'five-off',
    title: { en: 'Five off, "today"', zh: '立减五元' },
    type: 'cash',
    amountMinor: 500,
    thresholdMinor: 0,
    currency: 'CNY',
    issuedAt: at,
    expiresAt: '2027-01-05T04:00:00.000Z',
    status,
    extended: false,
    ...(voidedAt !== undefined && { voidedAt }),
    version,
    ...(use !== undefined && { use }),
  }
}

const stores = availableStores().filter((name) => name !== 'memory') as ('sqlite' | 'mysql')[]

describe.each(stores)('O3: lines of plugins by the command line, on %s', (store) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointwell-lines-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const { of, pointwell, done, built, migrated, counting } = commandLineIn(() => folder, store)
  const text = (name: string) => readFile(join(folder, name), 'utf8')
  const sorted = async (name: string) =>
    (await text(name))
      .trimEnd()
      .split('\n')
      .map((it) => JSON.parse(it))

  it('killed in the middle and run again, every code is there once', async () => {
    const codes = Array.from({ length: CODES }, (_, n) => ({ offerId: 'tea', code: number(n) }))
    await writeFile(join(folder, 'codes.ndjson'), linesOf(codes))
    let url = ''
    let there = CODES
    for (let tries = 0; there === CODES && tries < TRIES; tries += 1) {
      url = await migrated()
      const rows = await counting(url, 'SELECT COUNT(*) AS n FROM goods_code')
      const args = ['import', 'goods-codes', 'codes.ndjson']
      await killPointwell(args, of(url), async () => (await rows.count()) >= PAGE)
      there = await rows.count()
      await rows.close()
    }
    expect(there).toBeGreaterThanOrEqual(PAGE)
    expect(there).toBeLessThan(CODES)
    expect(await built.done(url, 'import', 'goods-codes', 'codes.ndjson', '--resume')).toMatch(
      /^Done\./m,
    )
    const more = await done(url, 'import', 'goods-codes', 'codes.ndjson')
    expect(more).toContain(`0 went in, ${CODES} were in already, 0 were refused`)
    await built.done(url, 'export', 'goods-codes', '--out', 'out.ndjson')
    const out = await sorted('out.ndjson')
    expect(out.map(({ code }) => code)).toEqual(codes.map(({ code }) => code))
  })

  it.each(['ndjson', 'csv'] as const)(
    'come out as they went in, alone and with all else, as %s',
    async (format) => {
      const url = await migrated()
      for (const name of NAMES) {
        await writeFile(join(folder, `${name}.ndjson`), linesOf(EVERYTHING[name]))
        const dry = await done(url, 'import', name, `${name}.ndjson`, '--dry-run')
        expect(dry).toContain('nothing was written')
        const rows = await counting(
          url,
          `SELECT COUNT(*) AS n FROM ${name.replace(/-codes/, '_code')}`,
        )
        expect(await rows.count()).toBe(0)
        await rows.close()
        await done(url, 'import', name, `${name}.ndjson`)
        await done(url, 'export', name, '--out', `${name}.out.ndjson`)
        const byCode = (it: { code: string; offerId: string }) => `${it.offerId} ${it.code}`
        const out = await sorted(`${name}.out.ndjson`)
        expect(out.toSorted((a, b) => (byCode(a) < byCode(b) ? -1 : 1))).toEqual(
          [...EVERYTHING[name]].sort((a, b) => (byCode(a) < byCode(b) ? -1 : 1)),
        )
      }
      const [first, second] = [`${format}-1`, `${format}-2`]
      expect(await done(url, 'export', first, '--format', format)).toContain('4 goods-codes')
      const to = await migrated()
      expect(await done(to, 'import', first, '--dry-run')).toContain('nothing was written')
      await done(to, 'import', first)
      const again = await done(to, 'import', first)
      expect(again).toContain('0 went in, 4 were in already, 0 were refused')
      await done(to, 'export', second, '--format', format)
      for (const name of NAMES) {
        const file = `${name}.${format}`
        expect(await text(join(second, file))).toBe(await text(join(first, file)))
      }
      const odd = await pointwell(url, 'export', 'lottery', '--out', 'x.ndjson')
      expect(odd).toMatchObject({ code: 1, stderr: expect.stringContaining('lottery') })
    },
  )

  it('names each faulty line by field and fault, tells no code, and writes nothing', async () => {
    const url = await migrated()
    const server = await startTestServer({ databaseUrl: url, jobs: false })
    await server.program.offers.create({
      id: 'sent',
      channel: 'goods',
      title: { en: 'A cup', zh: '杯子' },
      cashValue: '11.00 CNY',
      details: { type: 'physical' },
    })
    await server.close()
    await writeFile(
      join(folder, 'wrong.csv'),
      [
        'offerId,code,status,redemptionId,importedAt',
        'tea,SECRET-1,,,',
        'tea,SECRET 2,,,',
        'tea,SECRET-3,given,,',
        'tea,SECRET-4,,r-9,',
        'tea,SECRET-1,,,',
        'tea,SECRET-5,lost,,',
        'sent,SECRET-6,,,',
        'tea,SECRET-7,given,r-1,',
        'tea,SECRET-8,given,r-1,',
        '',
      ].join('\n'),
    )
    const dry = await pointwell(url, 'import', 'goods-codes', 'wrong.csv', '--dry-run')
    expect(dry.code).toBe(1)
    for (const told of [
      'wrong.csv:3: code: INVALID_INPUT',
      'wrong.csv:4: redemptionId: INVALID_INPUT',
      'wrong.csv:5: redemptionId: INVALID_INPUT',
      'wrong.csv:6: offerId: TWICE',
      'wrong.csv:7: status: INVALID_INPUT',
      'wrong.csv:8: offerId: GOODS_POOL_NOT_FOUND',
    ]) {
      expect(dry.stderr).toContain(told)
    }
    const report = await text(join('data', 'imports', 'wrong.csv.report.csv'))
    expect(`${dry.stderr}${dry.stdout}${report}`).not.toContain('SECRET')
    const whole = await built.pointwell(url, 'import', 'goods-codes', 'wrong.csv')
    expect(whole).toMatchObject({ code: 1, stdout: expect.stringContaining('Nothing was written') })
    const rows = await counting(url, 'SELECT COUNT(*) AS n FROM goods_code')
    expect(await rows.count()).toBe(0)
    const most = await pointwell(url, 'import', 'goods-codes', 'wrong.csv', '--skip-bad')
    expect(most.stdout).toContain('1 went in')
    expect(most.stderr).toContain('wrong.csv:10: IDEMPOTENCY_MISMATCH')
    expect(`${most.stderr}${most.stdout}`).not.toContain('SECRET')
    expect(await rows.count()).toBe(1)
    await rows.close()
  })
})
