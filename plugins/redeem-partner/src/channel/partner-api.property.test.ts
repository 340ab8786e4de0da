import { openCalendar, type PluginStore, runEffect } from '@pointwell/plugin'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  openPluginDatabases,
  type PluginDatabase,
  pluginDatabases,
} from '../../../../test/support/plugin-databases.js'
import { runs } from '../../../../test/support/runs.js'
import {
  MEETINGS,
  type Meeting,
  openStandInPartner,
  type StandInPartner,
} from '../../../../test/support/stand-in-partner.js'
import { partnerOffer } from '../offer/partner-offer.js'
import type { Partner } from '../partner/partner.js'
import { payPartner } from '../partner/pay-partner.js'
import { createPartner } from '../partner/save-partner.js'
import type { PartnerContext } from '../right/new-right.js'
import { readLines, readMatches, readTotals } from '../statement/read-statement.js'
import { findBalance } from '../store/balance.js'
import { PartnerEntryEntity } from '../store/partner-entry.entity.js'
import { findRight } from '../store/right-table.js'
import { redeemPartner } from './redeem-partner.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const MINUTE_MS = 60_000
/** A partner that says nothing is given up after so long; whether a slow answer is heard in time or not
 * changes nothing of what must hold. */
const REQUEST_SECONDS = 0.05
const COST = 700

interface Fate {
  /** How the partner meets the requests about it. */
  readonly meetings: readonly Meeting[]
  /** The server goes down at its n-th write, before or after it is kept; null: it does not. */
  readonly death: { readonly write: number; readonly after: boolean } | null
  /** It is asked by two servers at once each time. */
  readonly isTwice: boolean
  /** It is given back, once it was given, and how the partner meets that. */
  readonly cancel: readonly Meeting[] | null
}

const fate: fc.Arbitrary<Fate> = fc.record({
  meetings: fc.array(fc.constantFrom(...MEETINGS), { maxLength: 5 }),
  death: fc.option(fc.record({ write: fc.integer({ min: 1, max: 4 }), after: fc.boolean() }), {
    freq: 1,
  }),
  isTwice: fc.boolean(),
  cancel: fc.option(fc.array(fc.constantFrom(...MEETINGS), { maxLength: 4 }), { freq: 1 }),
})

/** A server that goes down once, at its n-th write. */
function mortal(store: PluginStore, death: Fate['death']): PluginStore {
  let writes = 0
  return {
    isDuplicateKey: (fault) => store.isDuplicateKey(fault),
    read: (work) => store.read(work),
    async write(work) {
      writes += 1
      const isLast = writes === death?.write
      if (!isLast) return store.write(work)
      const answer = await store.write(async (manager) => {
        const answer = await work(manager)
        if (!death.after) throw new Error('the server went down')
        return answer
      })
      if (answer !== undefined || death.after) throw new Error('the server went down')
      return answer
    },
  }
}

describe.each(pluginDatabases())('R6 R11: orders of a partner’s API, on %s', (on) => {
  let servers: [PluginDatabase, ...PluginDatabase[]]
  let there: StandInPartner
  let lives = 0
  beforeAll(async () => {
    servers = await openPluginDatabases(on, redeemPartner, { servers: 2 })
    there = await openStandInPartner()
  })

  async function openPartner(funds: number, terms: Partial<Partner> = {}): Promise<Partner> {
    lives += 1
    const partner: Partner = {
      id: `cinema-${lives}`,
      title: { en: 'Cinema', zh: '影院' },
      terms: 'prepaid',
      currency: 'CNY',
      creditLimitMinor: null,
      active: true,
      apiUrl: there.url,
      secretName: there.secretName,
      createdAt: NOW,
      version: 1,
      ...terms,
    }
    expect(await createPartner(servers[0], partner, async () => {})).toEqual(partner)
    if (funds > 0) {
      const amount = { amountMinor: funds, currency: 'CNY' }
      const paid = await payPartner(servers[0], partner, {
        amount,
        key: 'k',
        now: NOW,
        written: async () => {},
      })
      expect(paid).toEqual({ replayed: false })
    }
    return partner
  }

  function contextOf(
    store: PluginStore,
    partnerId: string,
    id: string,
    now: number,
  ): Omit<PartnerContext, 'signal'> {
    return {
      settings: { requestSeconds: REQUEST_SECONDS },
      offer: {
        id: `ticket-${partnerId}`,
        title: { en: 'Ticket', zh: '电影票' },
        details: partnerOffer.parse({
          partner: partnerId,
          costMinor: COST,
          gives: { source: 'api', product: 'seat' },
        }),
        cashValueMinor: 1_000,
        currency: 'CNY',
      },
      redemption: { id, memberId: 'ada', points: 1_000, order: {}, at: NOW },
      calendar: openCalendar('Asia/Shanghai'),
      now,
      store,
    }
  }

  /** What the programme does: asks until it is known, waits, asks again. */
  async function drive(partnerId: string, id: string, fate: Fate) {
    there.meet(id, fate.meetings)
    const store = mortal(servers[0], fate.death)
    const answers = []
    let now = NOW
    const most = 30
    for (let round = 0; round < most; round += 1) {
      const asked = [store, ...(fate.isTwice ? [servers[1]!] : [])]
      const said = await Promise.all(
        asked.map((on) => runEffect(redeemPartner, 'fulfil', contextOf(on, partnerId, id, now))),
      )
      answers.push(...said)
      now += MINUTE_MS
      if (said.every(({ outcome }) => outcome !== 'unknown')) break
    }
    const known = answers.filter(({ outcome }) => outcome !== 'unknown')
    // It ends, and ends one way, whoever asked and however often.
    expect(known.length).toBeGreaterThan(0)
    expect(new Set(known.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const [answer] = known as [(typeof known)[number]]
    if (answer.outcome !== 'fulfilled' || !fate.cancel) return { answer, cancelled: null }

    there.meet(id, fate.cancel)
    for (let round = 0; round < most; round += 1) {
      const context = { ...contextOf(servers[0], partnerId, id, now), receipt: answer.receipt }
      const cancelled = await runEffect(redeemPartner, 'cancel', context)
      now += MINUTE_MS
      if (cancelled.outcome !== 'unknown') return { answer, cancelled }
    }
    throw new Error('It was never known whether it was given back.')
  }

  test('are fulfilled once or released, never both, and what the partner sold is charged once', async () => {
    let sold = 0
    let gone = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 6 }),
        async (fates, affordable) => {
          const partner = await openPartner(affordable * COST + 1)
          const ids = fates.map((_, place) => `r-${partner.id}-${place}`)
          const ends = await Promise.all(fates.map((it, n) => drive(partner.id, ids[n]!, it)))

          let owed = 0
          for (const [place, { answer, cancelled }] of ends.entries()) {
            const id = ids[place]!
            const order = there.orders.get(id)
            const lines = await servers[0].read((manager) =>
              manager.findBy(PartnerEntryEntity, { redemptionId: id }),
            )
            expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0)
            const kinds = lines
              .filter(({ account }) => account === 'partner')
              .map(({ kind }) => kind)
              .sort()
            const right = await findRight(servers[0], id)
            if (answer.outcome === 'refused') {
              expect(order?.sold ?? 0).toBe(0)
              expect(kinds).toEqual([])
              gone += 1
              continue
            }
            expect(answer).toMatchObject({ receipt: { code: order?.code } })
            if (cancelled?.outcome === 'cancelled') {
              expect([order?.state, right?.status]).toEqual(['cancelled', 'void'])
              expect(kinds).toEqual(['charge', 'reversal'])
              gone += 1
            } else {
              if (cancelled)
                expect(cancelled).toEqual({ outcome: 'refused', code: 'PARTNER_KEEPS' })
              expect([order?.state, right?.status]).toEqual(['done', 'given'])
              expect(kinds).toEqual(['charge'])
              owed += COST
              sold += 1
            }
          }
          // By what the partner itself counts.
          const counted = ids.reduce((sum, id) => sum + (there.orders.get(id)?.sold ?? 0), 0)
          expect(counted * COST).toBe(owed)
          const balanceMinor = affordable * COST + 1 - owed
          expect(balanceMinor).toBeGreaterThanOrEqual(0)
          expect(await findBalance(servers[0], partner.id)).toEqual({
            balanceMinor,
            reservedMinor: 0,
          })
          const period = { partnerId: partner.id, from: NOW, to: NOW + 86_400_000 }
          expect(await readMatches(servers[0], period)).toMatchObject({ differing: 0 })
          expect((await readTotals(servers[0], period)).closingMinor).toBe(balanceMinor)
          const all = await readLines(servers[0], period, { after: null, limit: 100 })
          expect(all.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(balanceMinor)
        },
      ),
      { numRuns: runs(on === 'sqlite' ? 40 : 12) },
    )
    // Both ends were met, and each request was signed and keyed as it should be.
    // Of few examples there may be none in which the partner's goods ran out.
    if (on === 'sqlite') for (const seen of [sold, gone]) expect(seen).toBeGreaterThan(0)
    expect(there.requests.filter(({ fault }) => fault !== null)).toEqual([])
  })

  test('what was set aside and not known yet keeps others from what is prepaid', async () => {
    const partner = await openPartner(COST)
    there.meet('r-first', ['500-before', '500-before'])
    const ask = (id: string, now = NOW) =>
      runEffect(redeemPartner, 'fulfil', contextOf(servers[0], partner.id, id, now))
    expect(await ask('r-first')).toMatchObject({ outcome: 'unknown' })
    expect(await ask('r-second')).toEqual({ outcome: 'refused', code: 'PARTNER_OUT_OF_FUNDS' })
    expect(there.orders.has('r-second')).toBe(false)
    expect(await ask('r-first', NOW + MINUTE_MS)).toMatchObject({ outcome: 'unknown' })
    expect(await ask('r-first', NOW + 2 * MINUTE_MS)).toMatchObject({ outcome: 'fulfilled' })
    // Refused once is refused, whatever was paid since.
    const amount = { amountMinor: 9 * COST, currency: 'CNY' }
    await payPartner(servers[0], partner, {
      amount,
      key: 'more',
      now: NOW,
      written: async () => {},
    })
    expect(await ask('r-second', NOW + 3 * MINUTE_MS)).toEqual({
      outcome: 'refused',
      code: 'PARTNER_OUT_OF_FUNDS',
    })
  })

  test('an unknown order is asked about before it is sent again, with the same key', async () => {
    const partner = await openPartner(9 * COST)
    const key = `r-${partner.id}`
    there.meet(key, ['silent-before', '404-before', 'dropped-after', '500-before'])
    for (let round = 0; round < 5; round += 1) {
      const answer = await runEffect(
        redeemPartner,
        'fulfil',
        contextOf(servers[0], partner.id, key, NOW + round * MINUTE_MS),
      )
      if (answer.outcome !== 'unknown') break
    }
    const mine = there.requests.filter(
      ({ what }) => what.includes(key) || what === 'POST /api/orders',
    )
    expect(mine.slice(-5).map(({ what }) => what)).toEqual([
      'POST /api/orders',
      `GET /api/orders/${key}`,
      'POST /api/orders',
      `GET /api/orders/${key}`,
      `GET /api/orders/${key}`,
    ])
    expect(there.orders.get(key)?.sold).toBe(1)
  })

  test('what a server may not speak to is not asked, and nothing is held for it', async () => {
    const others: Partial<Partner>[] = [
      { apiUrl: 'http://169.254.169.254/latest' },
      { apiUrl: there.url.replace('127.0.0.1', 'localhost') },
      { secretName: 'NOBODY_SET_IT' },
      { apiUrl: null, secretName: null },
      { active: false },
    ]
    for (const other of others) {
      const isAllowed = other.apiUrl === undefined || other.apiUrl === null
      const partner = await openPartner(COST)
      const change = { ...partner, ...other }
      // Written past the check, as if the environment had been another when it was made.
      if (isAllowed)
        expect(
          await createPartner(servers[0], { ...change, id: `${partner.id}-x` }, async () => {}),
        ).toMatchObject({ id: `${partner.id}-x` })
      else {
        expect(
          await createPartner(servers[0], { ...change, id: `${partner.id}-x` }, async () => {}),
        ).toMatchObject({ code: 'PARTNER_HOST_NOT_ALLOWED' })
        continue
      }
      const answer = await runEffect(
        redeemPartner,
        'fulfil',
        contextOf(servers[0], `${partner.id}-x`, `r-${partner.id}`, NOW),
      )
      expect(answer).toEqual({ outcome: 'refused', code: 'PARTNER_NOT_ACTIVE' })
    }
  })
})
