import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const REFUSAL = '... on Refusal { code field detail }'
const DAY = 86_400_000

/** Who is erased: nothing else in the world is called so. */
const ID = 'Zebra/7788-x'
const PHONE = '13912345678'
const CAR = 'ZEBRA-CAR-991'
const DEVICE = 'zebra-tablet-55'
const TEXT = `Quagga of ${PHONE}, also ${ID}, rang twice`
/** Who was found to be the same person, and merged into it. */
const OTHER = 'Okapi/4411-y'
const OTHER_PHONE = '13787654321'
const OTHER_DEVICE = 'okapi-tablet-77'
/** Whatever tells who it was. */
const TELLING = [
  ID,
  'Zebra%2F7788-x',
  'Zebra\\/7788-x',
  PHONE,
  CAR,
  DEVICE,
  'Quagga',
  'savannah',
  OTHER,
  'Okapi%2F4411-y',
  'Okapi\\/4411-y',
  OTHER_PHONE,
  OTHER_DEVICE,
]

const stores = availableStores().filter((name) => name !== 'memory')

describe.each(stores)('M8: a member who asks is erased, on %s', (store) => {
  let server: TestServer
  let shop: string
  let rosa: string
  let fred: string
  let member: string
  let before: readonly Data[]
  let answer: Data
  let cupId: string

  async function done(query: string, token: string, variables = {}): Promise<Data> {
    const { data, errors } = await server.ask(query, { token, variables })
    expect(errors).toBeUndefined()
    const [answer] = Object.values(data) as Data[]
    expect([answer].flat().find((it: Data) => it?.code || it?.faults)).toBeUndefined()
    return answer
  }

  /** A mutation with one input. */
  const act = (name: string, input: Data, token = shop, fields = '__typename') => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`
    return done(
      `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} ${REFUSAL} } }`,
      token,
      { input },
    )
  }

  /** Every value of every row of every table. */
  async function everything(): Promise<Map<string, string>> {
    const { database } = server
    return database.read(async (manager) => {
      const sql = database.connection(manager)
      const names =
        sql.dialect === 'sqlite'
          ? await sql.select("SELECT name FROM sqlite_master WHERE type = 'table'")
          : await sql.select(
              'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
            )
      const dump = new Map<string, string>()
      for (const { name } of names) {
        const rows = await sql.select(`SELECT * FROM ${String(name)}`)
        dump.set(String(name), rows.map((row) => JSON.stringify(Object.values(row))).join('\n'))
      }
      return dump
    })
  }

  /** Where it can be told who it was: `table: text`. Documents are JSON in JSON by now. */
  async function tracesOf(telling: readonly string[]): Promise<string[]> {
    const found: string[] = []
    for (const [table, text] of await everything()) {
      for (const word of telling) {
        const forms = [word, JSON.stringify(word).slice(1, -1)]
        const at = forms.map((form) => text.indexOf(form)).find((place) => place >= 0)
        if (at !== undefined) found.push(`${table}: ${word} in ${text.slice(at - 200, at + 100)}`)
      }
    }
    return found
  }

  /** What others have, and every total. */
  async function figures(): Promise<readonly Data[]> {
    const { nodes } = await done(
      '{ members(first: 50) { nodes { id tier { id } wallet { version balance { available pending frozen debt } } } } }',
      rosa,
    )
    return (nodes as Data[]).filter(({ id }) => id !== ID)
  }

  const totals = async () => server.ledger.store.findTotalsAt(server.time.now)
  const runJobs = async () => {
    server.time.now += 61_000
    await server.program.jobs.runDue()
    await server.program.notices.job.run({
      now: server.time.now,
      signal: new AbortController().signal,
      report: () => {},
    })
  }

  const order = (orderId: string, memberId: string) =>
    act('recordPurchase', {
      orderId,
      memberId,
      at: new Date(server.time.now).toISOString(),
      currency: 'CNY',
      lines: [{ id: '1', article: 'shirt-1', quantity: 2, unitPrice: '300.00' }],
      confirmed: true,
    })

  beforeAll(async () => {
    server = await startTestServer({ store, jobs: false })
    shop = await server.token('storefront')
    rosa = await server.token('operator', { subject: 'rosa', roles: ['admin', 'rules'] })
    fred = await server.token('operator', { subject: 'fred', roles: ['admin'] })
    member = await server.token('member', { subject: ID })
    const document = {
      transfers: { enabled: true },
      membership: { enabled: true },
      identities: { limits: { phone: 2, vehicle: 2 } },
    }
    await act('updatePolicy', { document }, rosa)
    for (const id of ['above', 'over', 'below', 'under', 'deeper', 'friend', 'x-1', 'x-2', 'x-3']) {
      await act('registerMember', { id })
    }
    await act('registerMember', {
      id: ID,
      birthday: { month: 7, day: 29 },
      region: 'savannah',
      identities: [
        { kind: 'phone', value: PHONE },
        { kind: 'vehicle', value: CAR },
      ],
      consent: [{ channel: 'sms', granted: true }],
    })
    await act('registerMember', {
      id: OTHER,
      birthday: { month: 3, day: 3 },
      identities: [{ kind: 'phone', value: OTHER_PHONE }],
    })
    await done(
      `mutation ($input: UpdateMemberInput!) { updateMember(input: $input, reason: ${JSON.stringify(TEXT)}) { ${REFUSAL} } }`,
      rosa,
      { input: { id: ID, birthday: { month: 8, day: 2 } } },
    )
  })
  afterAll(() => server.close())

  it('has a history with everything in it', async () => {
    const offer = {
      id: 'tea',
      channel: 'coupon',
      title: { en: 'Tea', zh: '茶' },
      cashValue: '1.00 CNY',
      price: { byHand: 10 },
      details: { type: 'cash', worthMinor: 100 },
    }
    await act('createOffer', { ...offer, active: true }, rosa)
    const adjust = { memberId: ID, reason: TEXT }
    await act('adjustPoints', { ...adjust, points: 900, idempotencyKey: `a ${ID}` }, rosa)
    for (const key of ['yes', 'no']) {
      const waiting = await act(
        'adjustPoints',
        { ...adjust, points: 5_000, idempotencyKey: key },
        rosa,
        '... on Adjustment { id }',
      )
      const decide =
        key === 'yes'
          ? 'approveAdjustment(id: $id)'
          : `declineAdjustment(id: $id, reason: ${JSON.stringify(TEXT)})`
      await done(`mutation ($id: ID!) { ${decide} { ${REFUSAL} } }`, fred, { id: waiting.id })
    }
    await act('adjustPoints', { ...adjust, points: 5_000, idempotencyKey: 'waits' }, rosa)
    const freeze = { memberId: ID, points: 5, reason: TEXT }
    const frozen: string[] = []
    for (const idempotencyKey of ['f', 'g', 'h']) {
      const made = await act(
        'freezePoints',
        { ...freeze, idempotencyKey },
        rosa,
        '... on Freeze { id }',
      )
      frozen.push(made.id)
    }
    for (const [place, name] of ['thawPoints', 'voidFrozenPoints'].entries()) {
      await done(
        `mutation ($id: ID!) { ${name}(id: $id, reason: ${JSON.stringify(TEXT)}) { ${REFUSAL} } }`,
        rosa,
        { id: frozen[place] },
      )
    }
    const reasoned = { memberId: ID, reason: TEXT }
    await act('setMembership', { ...reasoned, until: null, idempotencyKey: 'm' }, rosa)
    const tier = { tier: 'gold', until: '2026-03-01T00:00:00Z', idempotencyKey: 't' }
    await act('setMemberTier', { ...reasoned, ...tier }, rosa)
    const card = { factor: '1.5', days: 9, idempotencyKey: 'u' }
    await act('grantTierAccelerator', { ...reasoned, ...card }, rosa)

    // Brought by `above`, brought `below`, who brought `deeper`.
    const code = async (memberId: string, deviceId: string) =>
      (
        await act(
          'createReferralCode',
          { memberId, deviceId },
          shop,
          '... on ReferralCodeCreated { referralCode }',
        )
      ).referralCode as string
    const accept = async (memberId: string, of: string, deviceId: string) =>
      act('acceptReferral', { memberId, code: of, deviceId })
    await accept(ID, await code('above', 'd-1'), DEVICE)
    await accept('below', await code(ID, DEVICE), 'd-2')
    await accept('deeper', await code('below', 'd-2'), 'd-3')
    await accept('friend', await code(ID, DEVICE), DEVICE)
    const decision = { friendId: 'friend', release: true, reason: `known to ${ID}` }
    await act('decideReferral', decision, rosa)

    await order(`order-of-${ID}`, ID)
    await order('order-2', ID)
    await order('order-3', ID)
    for (const friend of ['below', 'friend', 'deeper']) await order(`of-${friend}`, friend)
    const review = { memberId: ID, orderId: 'order-2', lineId: '1', reviewId: `v-${ID}` }
    await act('submitReview', { ...review, text: `${TEXT}. `.repeat(4) })
    await act('moderateReview', { orderId: 'order-2', lineId: '1', reason: TEXT }, rosa)
    await done(
      `mutation ($input: ReturnPurchaseInput!) { returnPurchase(input: $input) { ${REFUSAL} } }`,
      shop,
      { input: { orderId: 'order-3', returnId: `r-${ID}`, lines: [{ line: '1', quantity: 1 }] } },
    )
    await done(`mutation ($id: ID!) { checkIn(memberId: $id) { ${REFUSAL} } }`, shop, { id: ID })
    const points = { expiringBy: '2031-01-01', days: 5, idempotencyKey: 'e' }
    await act('extendPoints', { ...reasoned, ...points }, rosa)

    const once = { memberId: ID, offerId: 'tea' }
    await act('redeem', { ...once, idempotencyKey: `kept ${ID}` })
    const cup = { ...offer, id: 'cup', channel: 'goods', details: { type: 'physical' } }
    await act('createOffer', cup, rosa)
    const sent = { offerId: 'cup', idempotencyKey: 'cup', order: { address: 'savannah-7' } }
    const cups = await act('redeem', { memberId: ID, ...sent }, shop, '... on Redemption { id }')
    cupId = cups.id
    const whole = { id: cupId, why: TEXT }
    for (const step of [
      'pickGoods(redemptionIds: [$id], reason: $why)',
      'sendGoods(input: [{ redemptionId: $id, carrier: "SF", trackingNumber: "1" }], reason: $why)',
      'receiveGoods(redemptionIds: [$id], reason: $why)',
    ]) {
      await done(
        `mutation ($id: ID!, $why: String) { ${step} { ... on GoodsMoved { shipment { status } } ${REFUSAL} } }`,
        rosa,
        whole,
      )
    }
    await done(
      `mutation ($id: ID!) { requestGoodsReturn(redemptionId: $id) { ${REFUSAL} } }`,
      shop,
      {
        id: cupId,
      },
    )
    await done(
      `mutation ($id: ID!, $why: String!) { declineGoodsReturn(redemptionId: $id, reason: $why) { ${REFUSAL} } }`,
      rosa,
      whole,
    )
    const redeemed = await act(
      'redeem',
      { ...once, idempotencyKey: 'back' },
      shop,
      '... on Redemption { id }',
    )
    await done(
      `mutation ($id: ID!) { cancelRedemption(id: $id, reason: ${JSON.stringify(TEXT)}) { ${REFUSAL} } }`,
      rosa,
      { id: redeemed.id },
    )
    await done(
      `mutation ($id: ID!) { quote(memberId: $id, offerId: "tea") { ${REFUSAL} } }`,
      shop,
      { id: ID },
    )
    await act('transferPoints', {
      memberId: ID,
      to: 'above',
      points: 20,
      idempotencyKey: `x ${ID}`,
    })
    await act('transferPoints', { memberId: 'above', to: ID, points: 10, idempotencyKey: 'y' })

    // The other one did much the same, and they are found to be one.
    await accept(OTHER, await code('over', 'd-4'), OTHER_DEVICE)
    await accept('under', await code(OTHER, OTHER_DEVICE), 'd-5')
    await order('order-4', OTHER)
    await order('of-under', 'under')
    await done(`mutation ($id: ID!) { checkIn(memberId: $id) { ${REFUSAL} } }`, shop, { id: OTHER })
    const otherwise = { memberId: OTHER, reason: `${OTHER} of ${OTHER_PHONE}` }
    await act('adjustPoints', { ...otherwise, points: 70, idempotencyKey: 'o' }, rosa)
    await act('redeem', { memberId: OTHER, offerId: 'tea', idempotencyKey: `kept ${OTHER}` })
    const otherDevice = [{ kind: 'device', value: OTHER_DEVICE }]
    await act('reportIdentities', { memberId: OTHER, identities: otherDevice })
    await server.program.notices.handleDue()
    const reason = `${OTHER_PHONE} and ${PHONE} are one`
    await act('mergeMembers', { from: OTHER, into: ID, reason, idempotencyKey: OTHER }, rosa)
    await order('order-5', OTHER)
    // Whoever names them is found under another id, too.
    for (const id of ['above', 'below']) {
      await act('registerMember', { id: `${id}-twin` })
      const named = { from: id, into: `${id}-twin`, reason: 'one', idempotencyKey: id }
      await act('mergeMembers', named, rosa)
    }

    const device = [{ kind: 'device', value: DEVICE }]
    await act('reportIdentities', { memberId: ID, identities: device })
    const shared = [{ kind: 'device', value: 'counter-1' }]
    for (const memberId of ['x-1', 'x-2', 'x-3', ID]) {
      await act('reportIdentities', { memberId, identities: shared })
    }
    const { nodes } = await done('{ identityCases { nodes { id } } }', rosa)
    await done(
      `mutation ($id: ID!) { decideIdentityCase(id: $id, decision: CLEAR, reason: "theirs") { ${REFUSAL} } }`,
      rosa,
      { id: nodes[0].id },
    )
    await done(`mutation { pauseEarning(reason: "pause") { ${REFUSAL} } }`, rosa)
    for (const memberId of [ID, 'below']) {
      await server.ask(
        'mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }',
        {
          token: shop,
          variables: {
            input: {
              orderId: `kept-of-${memberId}`,
              memberId,
              at: new Date(server.time.now).toISOString(),
              currency: 'CNY',
              lines: [{ id: '1', article: 'shirt-2', quantity: 1, unitPrice: '10.00' }],
            },
          },
        },
      )
    }
    await done(`mutation { resumeEarning(reason: "on") { ${REFUSAL} } }`, rosa)
    await runJobs()
    await server.ledger.seal()
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
  })

  it('control: the same look finds it all over the place', async () => {
    const traces = await tracesOf(TELLING)
    const tables = [...new Set(traces.map((trace) => trace.slice(0, trace.indexOf(':'))))]
    expect(tables).toEqual(
      expect.arrayContaining([
        'member',
        'member_identity',
        'member_merge',
        'identity_sighting',
        'kept_event',
        'audit_entry',
        'ledger_transaction',
        'ledger_record',
        'ledger_lot',
        'ledger_wallet',
        'referral_friend',
        'coupon_code',
        'goods_shipment',
      ]),
    )
  })

  it('is erased, by an operator, with what is left forfeited', async () => {
    before = await figures()
    const was = await totals()
    const [wallet] = await wallets()
    const left = Object.values(wallet!.balance).reduce((sum, points) => sum + points, 0)
    expect(left).toBeGreaterThan(1_000)
    answer = await erase('k-1', `asked at the till: ${ID}, ${PHONE}`)
    expect(answer).toMatchObject({ state: 'DONE', forfeited: left, forgiven: 0 })
    expect(answer.pseudonym).toMatch(/^erased-[0-9a-f]{24}$/)
    const is = await totals()
    const moved = [...new Set([...was.keys(), ...is.keys()])].filter(
      (account) => was.get(account) !== is.get(account),
    )
    expect(moved.sort()).toEqual(['available', 'frozen', 'voided:erased'])
    expect((is.get('voided:erased') ?? 0n) - (was.get('voided:erased') ?? 0n)).toBe(BigInt(left))
  })

  it('nothing tells any more who it was, in any table', async () => {
    expect(await tracesOf(TELLING)).toEqual([])
  })

  it('the books verify, and the wallet is empty', async () => {
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
    const [wallet] = await wallets()
    expect(Object.values(wallet!.balance)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('nobody else is concerned', async () => {
    expect(await figures()).toEqual(before)
    await runJobs()
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
    expect(await tracesOf(TELLING)).toEqual([])
  })

  it('what was done about its goods stays, and why does not, also of what is done by now', async () => {
    await done(
      `mutation ($id: ID!, $why: String) { acceptGoodsReturn(redemptionId: $id, reason: $why) { ${REFUSAL} } }`,
      rosa,
      { id: cupId, why: TEXT },
    )
    const { nodes } = await done(
      `query ($id: ID) { auditEntries(filter: { targetKind: "shipment", targetId: $id }) { nodes { act by reason after } } }`,
      rosa,
      { id: cupId },
    )
    const of = (name: string, status: string) => ({
      act: name,
      by: 'rosa',
      reason: null,
      after: { status },
    })
    expect(nodes).toEqual([
      of('acceptGoodsReturn', 'returned'),
      of('declineGoodsReturn', 'return-declined'),
      of('receiveGoods', 'received'),
      of('sendGoods', 'sent'),
      of('pickGoods', 'picking'),
    ])
    expect(await tracesOf(TELLING)).toEqual([])
  })

  it('an operator sees by whom and that it was done, and not whose it was', async () => {
    const { nodes } = await done(
      '{ auditEntries(first: 1, filter: { act: "eraseMember" }) { nodes { by targetId reason after } } }',
      rosa,
    )
    expect(nodes).toMatchObject([
      { by: 'rosa', targetId: answer.pseudonym, after: { pseudonym: answer.pseudonym } },
    ])
    expect(nodes[0].reason).toContain(answer.pseudonym)
  })

  it('the same request again is the same erasure; with another key there is no such member', async () => {
    expect(await erase('k-1', 'again')).toEqual(answer)
    expect(await tracesOf(TELLING)).toEqual([])
    const input = { memberId: ID, reason: 'once more', idempotencyKey: 'k-2' }
    const { data } = await server.ask(
      `mutation ($input: EraseMemberInput!) { eraseMember(input: $input) { ${REFUSAL} } }`,
      { token: rosa, variables: { input } },
    )
    expect(data.eraseMember).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
  })

  it('can do nothing any more', async () => {
    const ask = async (query: string, token: string, variables = {}) =>
      Object.values((await server.ask(query, { token, variables })).data)[0] as Data
    for (const id of [ID, OTHER]) {
      const asked = 'query ($id: ID!) { member(id: $id) { id } }'
      expect(await ask(asked, rosa, { id })).toBeNull()
    }
    expect(await ask('{ me { id } }', member)).toBeNull()
    expect(await ask(`mutation { checkIn { ${REFUSAL} } }`, member)).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
    })
    const gift = { memberId: 'above', to: ID, points: 10, idempotencyKey: 'late' }
    expect(
      await ask(
        `mutation ($input: TransferPointsInput!) { transferPoints(input: $input) { ${REFUSAL} } }`,
        shop,
        { input: gift },
      ),
    ).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
    expect(
      await ask(`mutation { cancelPurchase(orderId: "order-2") { ${REFUSAL} } }`, shop),
    ).toMatchObject({ code: 'WALLET_ENDED' })
  })

  it('its id is free: whoever is registered by it is a stranger', async () => {
    const stranger = await act(
      'registerMember',
      { id: ID, identities: [{ kind: 'phone', value: PHONE }] },
      shop,
      '... on MemberRegistered { created member { id wallet { version balance { available } } } }',
    )
    expect(stranger).toMatchObject({
      created: true,
      member: { wallet: { balance: { available: 0 } } },
    })
    await done(`mutation { checkIn { ${REFUSAL} } }`, member)
    expect(await erase('k-1', 'again')).toEqual(answer)
    expect(await done('{ me { id } }', member)).toEqual({ id: ID })
    server.time.now += DAY
    member = await server.token('member', { subject: ID })
    const own = await done(
      `mutation { requestErasure(input: { idempotencyKey: "mine" }) { ... on Erasure { state pseudonym } ${REFUSAL} } }`,
      member,
    )
    expect(own.state).toBe('DONE')
    expect(own.pseudonym).not.toBe(answer.pseudonym)
    expect(await tracesOf(TELLING)).toEqual([])
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
  })

  const erase = (idempotencyKey: string, reason: string) =>
    act(
      'eraseMember',
      { memberId: ID, reason, idempotencyKey },
      rosa,
      '... on Erasure { state pseudonym forfeited forgiven askedAt doneAt }',
    )

  /** Its wallet, whatever it is called by then. */
  const wallets = async () => {
    const row = await server.database.read((manager) =>
      server.database
        .connection(manager)
        .select('SELECT id FROM member WHERE external_id = ? OR external_id = ?', [
          ID,
          answer?.pseudonym ?? ID,
        ]),
    )
    return server.ledger.store.findWallets(row.map(({ id }) => Number(id)))
  }
})
