import { describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { goods, openShop } from '../support/shop.js'

const DAY_MS = 86_400_000
const NOON = Date.parse('2026-01-05T12:00:00+08:00')
const REFUSAL = '... on Refusal { code field limit }'
const CREATE = `mutation ($input: CreateReferralCodeInput!) { createReferralCode(input: $input) {
  ... on ReferralCodeCreated { referralCode } ${REFUSAL} } }`
const ACCEPT = `mutation ($input: AcceptReferralInput!) { acceptReferral(input: $input) {
  ... on ReferralAccepted { heldBecause replayed } ${REFUSAL} } }`
const DECIDE = `mutation ($input: DecideReferralInput!) { decideReferral(input: $input) {
  ... on ReferralDecided { released replayed } ${REFUSAL} } }`
const REFERRAL = `query ($memberId: ID) { referral(memberId: $memberId) { code accepted
  friends { friendId state points } } }`
const HELD = '{ referralsHeld { friendId referrerId reasons qualified } }'

async function openTown(store: 'sqlite' | 'mysql', settings: object = {}) {
  const shop = await openShop(store, { sources: { referral: { settings } } })
  await shop.register('ann', 'bob', 'cid', 'dee')
  let turn = 0
  const ask = async (query: string, variables: Record<string, unknown> = {}, as?: Data) => {
    const server = shop.servers[turn++ % 2]!
    const token = await server.token(as?.kind ?? 'storefront', as)
    const { data, errors } = await server.ask(query, { token, variables })
    expect(errors).toBeUndefined()
    return Object.values(data)[0] as Data
  }
  const operator = { kind: 'operator', roles: ['support'] }
  const codes = new Map<string, string>()
  return {
    shop,
    ask,
    operator,
    /** Everything that follows from what happened, on both servers. */
    settle: () => Promise.all(shop.servers.map(({ program }) => program.notices.handleDue())),
    async code(memberId: string, more: object = {}): Promise<string> {
      const { referralCode: code } = await ask(CREATE, { input: { memberId, ...more } })
      codes.set(memberId, code)
      return code
    },
    accept: (memberId: string, of: string, more: object = {}) =>
      ask(ACCEPT, { input: { memberId, code: codes.get(of) ?? of, ...more } }),
    decide: (friendId: string, release: boolean) =>
      ask(DECIDE, { input: { friendId, release, reason: 'looked at' } }, operator),
    referral: (memberId: string) => ask(REFERRAL, { memberId }),
    buy: (memberId: string, orderId: string, more: object = {}) =>
      shop.record(
        0,
        goods(
          memberId,
          orderId,
          shop.servers[0]!.time.now,
          [{ id: '1', quantity: 2, unitPrice: '50.00' }],
          more,
        ),
      ),
    points: async (memberId: string) => (await shop.balance(memberId)).available,
  }
}

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'E4: referrals through the front door, on %s',
  (name) => {
    const store = name as 'sqlite' | 'mysql'

    it('E4: gives 300 points when the friend’s first order is confirmed, not before, and once', async () => {
      const town = await openTown(store, { friendPoints: 50 })
      const { shop, settle, points } = town
      try {
        const code = await town.code('ann')
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
        expect(await town.code('ann')).toBe(code)
        const typed = ` ${code.slice(0, 5).toLowerCase()}-${code.slice(5)}`
        expect(await town.accept('bob', typed)).toEqual({ heldBecause: [], replayed: false })
        expect(await town.accept('bob', 'ann')).toEqual({ heldBecause: [], replayed: true })
        await settle()
        expect(await points('ann')).toBe(0)

        await town.buy('bob', 'b-1', { confirmed: false })
        await settle()
        expect(await points('ann')).toBe(0)
        shop.setTime(NOON + 40 * DAY_MS)
        await settle()
        expect(await points('ann')).toBe(300)
        expect(await points('bob')).toBe(150)

        await town.buy('bob', 'b-2')
        await settle()
        expect(await points('ann')).toBe(300)
        expect(await town.referral('ann')).toEqual({
          code,
          accepted: null,
          friends: [{ friendId: 'bob', state: 'QUALIFIED', points: 300 }],
        })
        expect(await town.referral('bob')).toMatchObject({ accepted: 'QUALIFIED', friends: [] })
        const mine = await town.ask(REFERRAL, {}, { kind: 'member', subject: 'ann' })
        expect(mine.friends).toEqual([{ friendId: null, state: 'QUALIFIED', points: 300 }])
        expect(await town.referral('nobody')).toBeNull()
      } finally {
        await shop.close()
      }
    })

    it('E4, L5: both lose their points when the order comes back whole, and a later order gives none', async () => {
      const town = await openTown(store, { friendPoints: 50 })
      const { shop, settle, points } = town
      try {
        await town.code('ann')
        await town.accept('bob', 'ann')
        await town.buy('bob', 'b-1')
        await settle()
        expect(await points('ann')).toBe(300)
        await shop.giveBack(0, 'b-1', 'r-1', { '1': 1 })
        await settle()
        expect(await points('ann')).toBe(300)
        await shop.giveBack(1, 'b-1', 'r-2', { '1': 1 })
        await settle()
        expect([await points('ann'), await points('bob')]).toEqual([0, 0])
        expect((await town.referral('ann')).friends).toMatchObject([{ state: 'LOST', points: 0 }])
        await town.buy('bob', 'b-2')
        await settle()
        expect([await points('ann'), await points('bob')]).toEqual([0, 100])
      } finally {
        await shop.close()
      }
    })

    it('E4: an order that is cancelled before it is confirmed does not count, the next one does', async () => {
      const town = await openTown(store)
      const { shop, settle, points } = town
      try {
        await town.code('ann')
        await town.accept('bob', 'ann')
        await town.buy('bob', 'b-1', { confirmed: false })
        await shop.ask(0, 'cancel', { orderId: 'b-1' })
        shop.setTime(NOON + 40 * DAY_MS)
        await settle()
        expect(await points('ann')).toBe(0)
        await town.buy('bob', 'b-2')
        await settle()
        expect(await points('ann')).toBe(300)
      } finally {
        await shop.close()
      }
    })

    it('E4: refuses own codes, second codes, staff, old members and loops, each by its name', async () => {
      const town = await openTown(store)
      const { shop } = town
      try {
        const [server] = shop.servers
        await server!.program.members.registerMany([
          { id: 'eve', staff: true },
          { id: 'old', joinedAt: new Date(NOON - 31 * DAY_MS).toISOString() },
        ])
        for (const id of ['ann', 'bob', 'cid', 'eve']) await town.code(id)
        expect(await town.accept('ann', 'ann')).toMatchObject({ code: 'REFERRAL_OWN_CODE' })
        expect(await town.accept('ann', '0000000000')).toMatchObject({
          code: 'REFERRAL_CODE_NOT_FOUND',
          field: 'code',
        })
        expect(await town.accept('eve', 'ann')).toMatchObject({ code: 'REFERRAL_STAFF' })
        expect(await town.accept('dee', 'eve')).toMatchObject({ code: 'REFERRAL_STAFF' })
        expect(await town.accept('old', 'ann')).toMatchObject({
          code: 'REFERRAL_MEMBER_NOT_NEW',
          limit: 30,
        })
        expect(await town.accept('nobody', 'ann')).toMatchObject({
          code: 'MEMBER_NOT_FOUND',
          field: 'memberId',
        })
        // cid was brought by bob, then bob by ann: ann by cid would close the ring.
        expect(await town.accept('cid', 'bob')).toMatchObject({ heldBecause: [] })
        expect(await town.accept('bob', 'ann')).toMatchObject({ heldBecause: [] })
        expect(await town.accept('ann', 'cid')).toMatchObject({ code: 'REFERRAL_LOOP' })
        expect(await town.accept('ann', 'bob')).toMatchObject({ code: 'REFERRAL_LOOP' })
        expect(await town.accept('cid', 'ann')).toMatchObject({
          code: 'REFERRAL_ALREADY_ACCEPTED',
        })
        expect((await town.referral('ann')).friends.map((it: Data) => it.friendId)).toEqual(['bob'])
      } finally {
        await shop.close()
      }
    })

    it('E4: holds who uses the same device or means of payment, until an operator decides', async () => {
      const town = await openTown(store)
      const { shop, settle, points } = town
      try {
        await town.code('ann', { deviceId: 'phone-1', paymentId: 'card-1' })
        expect(await town.accept('bob', 'ann', { deviceId: 'phone-1' })).toMatchObject({
          heldBecause: ['same-device'],
        })
        expect(await town.accept('cid', 'ann', { paymentId: 'card-1' })).toMatchObject({
          heldBecause: ['same-payment'],
        })
        await town.buy('bob', 'b-1')
        await town.buy('cid', 'c-1')
        await settle()
        expect(await points('ann')).toBe(0)
        expect(await town.ask(HELD, {}, town.operator)).toEqual([
          { friendId: 'bob', referrerId: 'ann', reasons: ['same-device'], qualified: true },
          { friendId: 'cid', referrerId: 'ann', reasons: ['same-payment'], qualified: true },
        ])
        expect(await town.decide('dee', true)).toMatchObject({ code: 'REFERRAL_NOT_HELD' })
        expect(await town.decide('bob', true)).toEqual({ released: true, replayed: false })
        expect(await town.decide('bob', true)).toEqual({ released: true, replayed: true })
        expect(await town.decide('bob', false)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
        expect(await town.decide('cid', false)).toMatchObject({ released: false })
        await settle()
        expect(await points('ann')).toBe(300)
        expect(await town.ask(HELD, {}, town.operator)).toEqual([])
        const { friends } = await town.referral('ann')
        expect(
          new Set(friends.map((it: Data) => `${it.friendId} ${it.state} ${it.points}`)),
        ).toEqual(new Set(['bob QUALIFIED 300', 'cid REFUSED 0']))
      } finally {
        await shop.close()
      }
    })

    it('E4: refuses them where the operator wants that, also by a linked card', async () => {
      const settings = { sameDevice: 'refuse', samePayment: 'refuse' }
      const town = await openTown(store, settings)
      const { shop } = town
      try {
        const [server] = shop.servers
        await server!.program.members.registerMany([
          { id: 'pat', identities: [{ kind: 'card', value: 'card-9' }] },
        ])
        await town.code('pat', { deviceId: 'phone-9' })
        expect(await town.accept('bob', 'pat', { deviceId: 'phone-9' })).toMatchObject({
          code: 'REFERRAL_SAME_DEVICE',
        })
        expect(await town.accept('bob', 'pat', { paymentId: 'card-9' })).toMatchObject({
          code: 'REFERRAL_SAME_PAYMENT',
        })
        expect(await town.accept('bob', 'pat', { deviceId: 'phone-8' })).toMatchObject({
          heldBecause: [],
        })
      } finally {
        await shop.close()
      }
    })

    it('E4: gives points for so many friends a period, on two servers at once', async () => {
      const town = await openTown(store, { limits: [{ per: 'day', times: 2 }] })
      const { shop, settle, points } = town
      try {
        await town.code('ann')
        const friends = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6']
        await shop.register(...friends)
        await Promise.all(friends.map((id) => town.accept(id, 'ann')))
        await Promise.all(friends.map((id) => town.buy(id, `o-${id}`)))
        await settle()
        // What one of the two had in hand while the other looked.
        await settle()
        expect(await points('ann')).toBe(600)
        shop.setTime(NOON + DAY_MS)
        await shop.register('f7')
        await town.accept('f7', 'ann')
        await town.buy('f7', 'o-f7')
        await settle()
        await settle()
        expect(await points('ann')).toBe(900)
      } finally {
        await shop.close()
      }
    })
  },
)
