import { grantPoints, openDraft } from '@pointwell/ledger'
import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WalletInHand } from '../../../../test/support/wallet-in-hand.js'
import { extendedEnd } from '../expiry/extended-end.js'
import { openPolicyReader } from '../policy/read-policy.js'
import { type RenewalAct, renewLots } from './renew-lots.js'

const calendar = openCalendar('Asia/Shanghai')
const read = openPolicyReader({ sources: [], channels: [] })
const title = { en: 'x', zh: 'x' }
const policyWith = (renewal: object = {}) => {
  const kinds = {
    kept: { title, expiry: { term: 'never' }, renewable: true },
    plain: { title, expiry: { term: 'never' } },
  }
  const { document, faults } = read({ kinds, renewal })
  if (!document) throw new Error(JSON.stringify(faults))
  return { version: 1, effectiveFrom: 0, document, calendar }
}
const noon = (date: string) => Date.parse(`${date}T12:00:00+08:00`)
const nothing = { spentByDay: {}, renewed: {}, waiting: {} }

/** A wallet on a day, with lots of 100 points that end with the given days. */
function walletOn(today: string, lots: readonly { through: string | null; kind?: string }[]) {
  const wallet = new WalletInHand({ now: noon('2020-01-01') })
  for (const { through, kind = 'kept' } of lots) {
    wallet.do((draft) =>
      grantPoints(draft, {
        kind,
        source: 'purchase',
        ref: null,
        points: 100,
        earnedAt: noon('2020-01-01'),
        claimMs: null,
        expiresAt: through === null ? null : calendar.endOf(through),
      }),
    )
  }
  return wallet.until(noon(today))
}

const throughOf = (wallet: WalletInHand, seq: number) => {
  const { expiresAt } = wallet.lot(seq)
  return expiresAt === null ? null : calendar.dateOf(expiresAt - 1)
}

function renew(
  wallet: WalletInHand,
  acts: readonly Partial<RenewalAct>[],
  {
    known = nothing,
    policy = policyWith(),
  }: { known?: object; policy?: ReturnType<typeof policyWith> } = {},
) {
  const whole = acts.map((act) => ({ at: wallet.now, source: 'purchase', ...act }))
  return wallet.do((draft) =>
    renewLots(draft, { acts: whole, known: { ...nothing, ...known }, policy }),
  )
}

describe('X5: by how much', () => {
  const end = (through: string, by: Parameters<typeof extendedEnd>[1]['by']) =>
    calendar.dateOf(extendedEnd(calendar.endOf(through), { by, calendar }) - 1)

  it.each([
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-02-28', 1, '2026-03-31'],
    ['2026-01-15', 1, '2026-02-15'],
    ['2026-01-30', 1, '2026-02-28'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2023-08-31', 6, '2024-02-29'],
  ])('X5: from %s %i months are through %s', (through, months, expected) => {
    expect(end(through, { term: 'months', months })).toBe(expected)
  })

  it('X5: days are days', () => {
    expect(end('2024-02-20', { term: 'days', days: 15 })).toBe('2024-03-06')
  })
})

describe('X5: tasks', () => {
  const one = (today = '2026-03-15') => walletOn(today, [{ through: '2026-03-31' }])

  it.each<[string, Partial<RenewalAct>, object, string]>([
    [
      'spend 100 yuan: a month',
      { spentMinor: 40_00 },
      { spentByDay: { '2026-03-02': 60_00, '2026-03-15': 40_00 } },
      '2026-04-30',
    ],
    [
      'less than 100 yuan: nothing',
      { spentMinor: 39_99 },
      { spentByDay: { '2026-03-02': 60_00, '2026-03-15': 39_99 } },
      '2026-03-31',
    ],
    [
      'what was spent before the window does not count',
      { spentMinor: 40_00 },
      { spentByDay: { '2026-03-01': 60_00, '2026-03-15': 40_00 } },
      '2026-03-31',
    ],
    ['share: fifteen days', { behaviour: 'share' }, {}, '2026-04-15'],
    ['another behaviour: nothing', { behaviour: 'shared' }, {}, '2026-03-31'],
    ['seven days in a row: six months', { streak: 7 }, {}, '2026-09-30'],
    ['six days in a row: nothing', { streak: 6 }, {}, '2026-03-31'],
    ['100 yuan in one order: six months', { spentMinor: 100_00 }, {}, '2026-09-30'],
  ])('X5: %s', (_, act, known, through) => {
    const wallet = one()
    renew(wallet, [act], { known })
    expect(throughOf(wallet, 1)).toBe(through)
  })

  it('X5: only on the last thirty days, the last one among them', () => {
    for (const [today, through] of [
      ['2026-03-01', '2026-03-31'],
      ['2026-03-02', '2026-04-15'],
      ['2026-03-31', '2026-04-15'],
    ] as const) {
      const wallet = one(today)
      renew(wallet, [{ behaviour: 'share' }])
      expect(throughOf(wallet, 1)).toBe(through)
    }
  })

  it('X5: all days of a streak lie in the window', () => {
    for (const [today, through] of [
      ['2026-03-07', '2026-03-31'],
      ['2026-03-08', '2026-09-30'],
    ] as const) {
      const wallet = one(today)
      renew(wallet, [{ streak: 40 }])
      expect(throughOf(wallet, 1)).toBe(through)
    }
  })

  it('X5: the one that extends farthest, and it says which and why', () => {
    const wallet = one()
    const { renewed, steps } = renew(wallet, [{ behaviour: 'share', spentMinor: 100_00 }], {
      known: { spentByDay: { '2026-03-15': 100_00 } },
    })
    expect(steps).toEqual([
      {
        step: 'renewal',
        points: 0,
        figures: {
          task: 'large-order',
          title: { en: 'Spend 100 yuan in one order', zh: '单笔消费满 100 元' },
          lots: [{ lot: '1-1', points: 100, from: '2026-03-31', through: '2026-09-30' }],
        },
      },
    ])
    expect(renewed).toEqual({ 1: { times: 1, until: calendar.endOf('2026-09-30') } })
  })

  it('X5: once a lot, unless the policy says more', () => {
    const wallet = one()
    const { renewed } = renew(wallet, [{ behaviour: 'share' }])
    expect(renew(wallet, [{ behaviour: 'share' }], { known: { renewed } }).steps).toEqual([])
    const policy = policyWith({ timesPerLot: 2 })
    wallet.until(noon('2026-03-20'))
    const second = renew(wallet, [{ behaviour: 'share' }], { known: { renewed }, policy })
    expect(throughOf(wallet, 1)).toBe('2026-04-30')
    expect(second.renewed[1]!.times).toBe(2)
  })

  it('X2: renews kinds that are renewable, or those the task names', () => {
    const lots = [{ through: '2026-03-31' }, { through: '2026-03-31', kind: 'plain' }]
    const wallet = walletOn('2026-03-15', lots)
    renew(wallet, [{ behaviour: 'share' }])
    expect([1, 2].map((seq) => throughOf(wallet, seq))).toEqual(['2026-04-15', '2026-03-31'])
    const task = {
      id: 't',
      title,
      when: { type: 'behaviour', behaviour: 'share' },
      extend: { term: 'days', days: 1 },
      kinds: ['plain'],
    }
    const other = walletOn('2026-03-15', lots)
    renew(other, [{ behaviour: 'share' }], { policy: policyWith({ tasks: [task] }) })
    expect([1, 2].map((seq) => throughOf(other, seq))).toEqual(['2026-03-31', '2026-04-01'])
  })

  it('X5: what never ends, has ended, or ends much later stays as it is', () => {
    const wallet = walletOn('2026-03-15', [
      { through: null },
      { through: '2026-03-14' },
      { through: '2026-05-31' },
    ])
    expect(renew(wallet, [{ streak: 7, behaviour: 'share' }]).steps).toEqual([])
    expect([1, 2, 3].map((seq) => throughOf(wallet, seq))).toEqual([
      null,
      '2026-03-14',
      '2026-05-31',
    ])
  })

  it('X5: what has confirmed by itself since is part of the sum, on its own day', () => {
    const waiting = (confirmAt: number) => ({
      waiting: { 'purchase:o': { month: '2026-03', minor: 60_00, confirmAt } },
      spentByDay: { '2026-03-25': 40_00 },
    })
    for (const [confirmAt, through] of [
      [noon('2026-03-25') + 1, '2026-03-31'],
      [noon('2026-03-01'), '2026-03-31'],
      [noon('2026-03-02'), '2026-04-30'],
    ] as const) {
      const wallet = one('2026-03-25')
      renew(wallet, [{ spentMinor: 40_00 }], { known: waiting(confirmAt) })
      expect(throughOf(wallet, 1)).toBe(through)
    }
  })

  it('X5: a lot is not renewed by the very act that opened it', () => {
    const wallet = one()
    const policy = policyWith()
    const draft = openDraft(wallet.view())
    grantPoints(draft, {
      kind: 'kept',
      source: 'x',
      ref: null,
      points: 5,
      earnedAt: wallet.now,
      claimMs: null,
      expiresAt: calendar.endOf('2026-03-20'),
    })
    const act = { at: wallet.now, source: 'x', behaviour: 'share' }
    const { steps } = renewLots(draft, { acts: [act], known: nothing, policy })
    expect(steps[0]!.figures!.lots).toMatchObject([{ lot: '1-1' }])
  })

  it('X5: asks for no lots where nothing was done, or nothing can end soon', () => {
    const wallet = walletOn('2026-03-15', [{ through: '2026-05-31' }])
    const draft = () => openDraft(wallet.view({ lotsLoaded: false }))
    const act = { at: wallet.now, source: 'x' }
    const terms = { known: nothing, policy: policyWith() }
    expect(renewLots(draft(), { ...terms, acts: [act] }).steps).toEqual([])
    const share = { ...act, behaviour: 'share' }
    expect(renewLots(draft(), { ...terms, acts: [share] }).steps).toEqual([])
  })

  it('X5: never shortens a lot, renews none twice and none outside its window, whatever is done', () => {
    const day = fc.integer({ min: 0, max: 90 }).map((n) => calendar.addDays('2026-03-01', n))
    const act = fc.record({
      day,
      spentMinor: fc.constantFrom(0, 30_00, 70_00, 100_00),
      streak: fc.constantFrom(0, 7),
      behaviour: fc.constantFrom('share', 'other'),
    })
    const lots = fc.array(fc.record({ through: fc.option(day) }), { maxLength: 5 })
    fc.assert(
      fc.property(lots, fc.array(act, { maxLength: 12 }), (given, acts) => {
        const wallet = walletOn('2026-03-01', given)
        let known: { spentByDay: Record<string, number>; renewed: object; waiting: object } =
          nothing
        for (const { day: on, ...done } of acts.toSorted((a, b) => (a.day < b.day ? -1 : 1))) {
          wallet.until(Math.max(wallet.now, noon(on)))
          const spent = (known.spentByDay[on] ?? 0) + done.spentMinor
          known = { ...known, spentByDay: { ...known.spentByDay, [on]: spent } }
          const before = new Map(wallet.lots)
          const { balance } = wallet
          const { renewed } = renew(wallet, [done], { known })
          expect(wallet.balance).toEqual(balance)
          for (const [seq, lot] of before) {
            const after = wallet.lot(seq).expiresAt
            if (after === lot.expiresAt) continue
            expect(after).toBeGreaterThan(lot.expiresAt!)
            expect(lot.expiresAt).toBeGreaterThan(wallet.now)
            const left = calendar.daysBetween(on, calendar.dateOf(lot.expiresAt! - 1))
            expect(left).toBeLessThan(30)
            expect(lot.expiresAt).toBe(calendar.endOf(given[seq - 1]!.through!))
          }
          known = { ...known, renewed }
        }
      }),
    )
  })
})
