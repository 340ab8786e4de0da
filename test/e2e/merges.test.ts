import { verifyLedger } from '@pointwell/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { goods, openShop, type Shop } from '../support/shop.js'

const REFUSAL = '... on Refusal { code field limit }'
const MERGE = `mutation ($input: MergeMembersInput!) { mergeMembers(input: $input) {
  ... on MemberMerge { from into finishedAt } ${REFUSAL} } }`
const CREATE = `mutation ($input: CreateReferralCodeInput!) { createReferralCode(input: $input) {
  ... on ReferralCodeCreated { referralCode } ${REFUSAL} } }`
const ACCEPT = `mutation ($input: AcceptReferralInput!) { acceptReferral(input: $input) {
  ... on ReferralAccepted { heldBecause replayed } ${REFUSAL} } }`
const DECIDE = `mutation ($input: DecideReferralInput!) { decideReferral(input: $input) {
  ... on ReferralDecided { released replayed } ${REFUSAL} } }`
const REFERRAL = `query ($memberId: ID) { referral(memberId: $memberId) { accepted
  friends { friendId state points } } }`
const HELD = '{ referralsHeld { friendId referrerId reasons qualified } }'
const BEHAVE = `mutation ($input: [RecordBehaviourInput!]!) { recordBehaviours(input: $input) {
  ... on BehaviourRecorded { points left replayed } ${REFUSAL} } }`
const ADJUST = `mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) {
  ... on Adjustment { id status } ${REFUSAL} } }`
const APPROVE = `mutation ($id: ID!) { approveAdjustment(id: $id) {
  ... on Adjustment { id status decidedBy } ${REFUSAL} } }`
const DECLINE = `mutation ($id: ID!) { declineAdjustment(id: $id, reason: "no") {
  ... on Adjustment { id status decidedBy } ${REFUSAL} } }`
const FREEZE = `mutation ($input: FreezePointsInput!) { freezePoints(input: $input) {
  ... on Freeze { id } ${REFUSAL} } }`
const THAW = `mutation ($id: ID!) { thawPoints(id: $id, reason: "found") {
  ... on FreezeEnded { id points } ${REFUSAL} } }`

const stores = availableStores().filter((name) => name !== 'memory') as ('sqlite' | 'mysql')[]

describe.each(stores)('M8: two members are one, through the front door, on %s', (store) => {
  let shop: Shop
  let turn = 0
  beforeEach(async () => {
    shop = await openShop(store, {
      sources: {
        referral: { settings: { friendPoints: 50 } },
        behaviour: {
          settings: {
            behaviours: {
              share: { title: { en: 'Share', zh: '分享' }, points: 10, times: 4, per: 'day' },
            },
          },
        },
      },
      adjustments: { approvalAbove: 100 },
    })
    await shop.register('ann', 'bob', 'cid', 'dee')
  })
  afterEach(async () => {
    for (const { ledger } of shop.servers.slice(0, 1)) {
      expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true })
    }
    await shop.close()
  })

  const ask = async (query: string, variables: Record<string, unknown> = {}, subject?: string) => {
    const server = shop.servers[turn++ % 2]!
    const token = subject
      ? await server.token('operator', { subject, roles: ['admin', 'rules', 'support'] })
      : await server.token('storefront')
    const { data, errors } = await server.ask(query, { token, variables })
    expect(errors).toBeUndefined()
    return Object.values(data)[0] as Data
  }
  const merge = async (from: string, into: string) => {
    const input = { from, into, reason: 'one person', idempotencyKey: `${from} ${into}` }
    const merged = await ask(MERGE, { input }, 'rosa')
    expect(merged).toMatchObject({ from, into, finishedAt: expect.any(String) })
  }
  /** `friend` accepts the code of `of`. */
  const bring = async (friend: string, of: string) => {
    const { referralCode: code } = await ask(CREATE, { input: { memberId: of } })
    return ask(ACCEPT, { input: { memberId: friend, code } })
  }
  const decide = (friendId: string, release: boolean) =>
    ask(DECIDE, { input: { friendId, release, reason: 'looked at' } }, 'rosa')
  const held = () => ask(HELD, {}, 'rosa')
  /** Everything that follows from what happened. */
  const settle = async () => {
    for (let round = 0; round < 2; round += 1) {
      for (const { program } of shop.servers) {
        expect(await program.notices.handleDue()).toMatchObject({ failed: 0 })
      }
    }
  }
  /** 100 points. */
  const buy = async (memberId: string, orderId: string) => {
    const { now } = shop.servers[0]!.time
    const line = { id: '1', quantity: 2, unitPrice: '50.00' }
    await shop.record(turn++, goods(memberId, orderId, now, [line]))
    await settle()
  }
  const giveBack = async (orderId: string) => {
    await shop.giveBack(turn++, orderId, `r-${orderId}`, { '1': 2 })
    await settle()
  }
  const points = async (...ids: string[]) => {
    const all: number[] = []
    for (const id of ids) all.push((await shop.balance(id, turn++)).available)
    return all
  }

  describe.each([
    ['ann', 'bob'],
    ['bob', 'ann'],
  ] as const)('E4: ann brought bob, and %s goes into %s', (from, into) => {
    it('what the person got for itself stands until an operator decides, and is taken back then', async () => {
      await bring('bob', 'ann')
      await buy('bob', 'b-1')
      expect(await points('ann', 'bob')).toEqual([300, 150])
      await merge(from, into)
      expect(await points('ann', 'bob')).toEqual([450, 450])
      expect(await held()).toEqual([
        { friendId: 'bob', referrerId: 'ann', reasons: ['same-member'], qualified: true },
      ])
      expect(await decide('bob', false)).toEqual({ released: false, replayed: false })
      expect(await decide('bob', false)).toEqual({ released: false, replayed: true })
      await settle()
      expect(await points('ann', 'bob')).toEqual([100, 100])
      expect(await held()).toEqual([])
      await buy('bob', 'b-2')
      expect(await points('ann')).toEqual([200])
    })

    it('an operator may let it stand, and it gives nothing more', async () => {
      await bring('bob', 'ann')
      await buy('bob', 'b-1')
      await merge(from, into)
      expect(await decide('ann', true)).toMatchObject({ released: true })
      await settle()
      expect(await points('ann')).toEqual([450])
      await giveBack('b-1')
      expect(await points('ann')).toEqual([0])
    })

    it('one that gave nothing yet gives nothing, whatever an operator says', async () => {
      await bring('bob', 'ann')
      await merge(from, into)
      await buy('bob', 'b-1')
      expect(await points('ann')).toEqual([100])
      expect(await decide('bob', true)).toMatchObject({ released: true })
      await settle()
      expect(await points('ann')).toEqual([100])
    })

    it('of a referral that an operator released before, it is another decision', async () => {
      const { referralCode: code } = await ask(CREATE, {
        input: { memberId: 'ann', deviceId: 'phone' },
      })
      const accepted = { memberId: 'bob', code, deviceId: 'phone' }
      expect(await ask(ACCEPT, { input: accepted })).toMatchObject({ heldBecause: ['same-device'] })
      await buy('bob', 'b-1')
      await decide('bob', true)
      await settle()
      await merge(from, into)
      expect(await held()).toMatchObject([{ reasons: ['same-device', 'same-member'] }])
      expect(await decide('bob', false)).toEqual({ released: false, replayed: false })
      await settle()
      expect(await points('ann')).toEqual([100])
    })
  })

  it('E4: brought by two, and both gave points: each loses them with its own order', async () => {
    await bring('ann', 'cid')
    shop.setTime(shop.servers[0]!.time.now + 1_000)
    await bring('bob', 'dee')
    await buy('ann', 'a-1')
    await buy('bob', 'b-1')
    await merge('ann', 'bob')
    expect(await points('bob', 'cid', 'dee')).toEqual([300, 300, 300])
    const friend = { friendId: 'bob', state: 'QUALIFIED', points: 300 }
    expect((await ask(REFERRAL, { memberId: 'cid' })).friends).toEqual([friend])
    expect((await ask(REFERRAL, { memberId: 'dee' })).friends).toEqual([])
    await giveBack('b-1')
    expect(await points('bob', 'cid', 'dee')).toEqual([150, 300, 0])
    await giveBack('a-1')
    expect(await points('bob', 'cid', 'dee')).toEqual([0, 0, 0])
    expect(await bring('ann', 'dee')).toMatchObject({ code: 'REFERRAL_ALREADY_ACCEPTED' })
    expect(await bring('bob', 'cid')).toMatchObject({ replayed: true })
  })

  it('E4: brought by two, and no order yet: the first counts, once', async () => {
    await bring('ann', 'cid')
    shop.setTime(shop.servers[0]!.time.now + 1_000)
    await bring('bob', 'dee')
    await merge('ann', 'bob')
    await buy('bob', 'b-1')
    await buy('ann', 'a-1')
    expect(await points('bob', 'cid', 'dee')).toEqual([250, 300, 0])
  })

  it('E4: what a member brought others by stays its own, and a limit counts both', async () => {
    await bring('cid', 'ann')
    await bring('dee', 'bob')
    await merge('ann', 'bob')
    await buy('cid', 'c-1')
    await buy('dee', 'd-1')
    expect(await points('bob')).toEqual([600])
    const { friends } = await ask(REFERRAL, { memberId: 'ann' })
    expect(friends.map((it: Data) => it.friendId).sort()).toEqual(['cid', 'dee'])
    await shop.register('eve')
    await bring('eve', 'ann')
    expect(await bring('bob', 'eve')).toMatchObject({ code: 'REFERRAL_LOOP' })
    await giveBack('c-1')
    expect(await points('bob')).toEqual([300])
  })

  it('E6: what both did counts under the limits of one', async () => {
    const share = async (memberId: string, ref: string) =>
      (await ask(BEHAVE, { input: [{ memberId, behaviour: 'share', ref }] }))[0]
    await share('ann', '1')
    await share('ann', '2')
    await share('bob', '1')
    await merge('ann', 'bob')
    expect(await share('ann', '2')).toMatchObject({ replayed: true })
    expect(await share('bob', '3')).toMatchObject({ points: 10, left: 0 })
    for (const id of ['ann', 'bob']) {
      expect(await share(id, '4')).toMatchObject({ code: 'BEHAVIOUR_LIMIT_REACHED', limit: 4 })
    }
    expect(await points('bob')).toEqual([40])
  })

  it('E4: a referral that waits is shown behind those that a merge has settled', async () => {
    await shop.register('eve')
    const phone = { deviceId: 'phone-1' }
    const { referralCode: code } = await ask(CREATE, { input: { memberId: 'ann', ...phone } })
    const acceptBySame = (memberId: string) => ask(ACCEPT, { input: { memberId, code, ...phone } })
    expect(await acceptBySame('bob')).toMatchObject({ heldBecause: ['same-device'] })
    await bring('dee', 'cid')
    await buy('dee', 'd-1')
    // Whom somebody brought already, and for points, waits for nobody as the other one.
    await merge('bob', 'dee')
    shop.setTime(shop.servers[0]!.time.now + 1_000)
    expect(await acceptBySame('eve')).toMatchObject({ heldBecause: ['same-device'] })
    const first = await ask('{ referralsHeld(first: 1) { friendId reasons } }', {}, 'rosa')
    expect(first).toEqual([{ friendId: 'eve', reasons: ['same-device'] }])
  })

  it('L4, L6: an operator’s decision that is sent again after the merge is answered as before', async () => {
    const made: Data[] = []
    for (const idempotencyKey of ['yes', 'no', 'later']) {
      const input = { memberId: 'ann', points: 500, reason: 'sorry', idempotencyKey }
      made.push(await ask(ADJUST, { input }, 'rosa'))
    }
    const [yes, no, later] = made.map(({ id }) => ({ id }))
    const approved = await ask(APPROVE, yes, 'fred')
    expect(approved).toMatchObject({ status: 'DONE', decidedBy: 'fred' })
    const declined = await ask(DECLINE, no, 'fred')
    expect(declined).toMatchObject({ status: 'DECLINED' })
    const input = { memberId: 'ann', points: 20, reason: 'odd', idempotencyKey: 'f' }
    const { id } = await ask(FREEZE, { input }, 'rosa')
    const thawed = await ask(THAW, { id }, 'rosa')
    expect(thawed).toMatchObject({ points: expect.anything() })
    await merge('ann', 'bob')
    expect(await ask(APPROVE, yes, 'fred')).toEqual(approved)
    expect(await ask(DECLINE, no, 'fred')).toEqual(declined)
    expect(await ask(THAW, { id }, 'rosa')).toEqual(thawed)
    expect(await points('bob')).toEqual([500])
    expect(await ask(APPROVE, yes, 'gus')).toMatchObject({ code: 'ADJUSTMENT_DECIDED' })
    expect(await ask(APPROVE, later, 'fred')).toMatchObject({ status: 'DONE' })
    expect(await ask(APPROVE, later, 'fred')).toMatchObject({ status: 'DONE' })
    expect(await points('bob')).toEqual([1_000])
  })
})
