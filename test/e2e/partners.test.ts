import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { openStandInPartner, type StandInPartner } from '../support/stand-in-partner.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const REFUSAL = '... on Refusal { code field detail }'
const OFFERS = {
  film: { source: 'pool' },
  seat: { source: 'api', product: 'seat-3d' },
  lounge: { source: 'privilege', privilege: 'lounge', days: 2 },
} as const
const MONTH = '2026-01'

const stores = availableStores().filter((name) => name !== 'memory')

describe.each(stores)('R11: what partners give for points, on %s', (store) => {
  let server: TestServer
  let there: StandInPartner
  let keys = 0
  /** Tokens run out when the clock is turned on, so each request has a fresh one. */
  const tokens: Record<string, () => Promise<string>> = {
    shop: () => server.token('storefront'),
    ada: () => server.token('member', { subject: 'ada' }),
    cinema: () => server.token('partner', { subject: 'cinema' }),
    other: () => server.token('partner', { subject: 'other' }),
    rules: () => server.token('operator', { subject: 'rosa', roles: ['rules'] }),
    finance: () => server.token('operator', { subject: 'fred', roles: ['finance'] }),
  }

  beforeAll(async () => {
    there = await openStandInPartner()
    server = await startTestServer({ store, jobs: false })
    await ask('shop', 'mutation { registerMember(input: { id: "ada" }) { __typename } }')
    await ask(
      'finance',
      `mutation { adjustPoints(input: { memberId: "ada", points: 900, reason: "r", idempotencyKey: "k" }) { ${REFUSAL} } }`,
    )
  })
  afterAll(async () => {
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
    await server.close()
  })

  async function ask(who: string, query: string, variables = {}): Promise<Data> {
    const { data, errors } = await server.ask(query, { token: await tokens[who]!(), variables })
    expect(errors).toBeUndefined()
    return Object.values(data)[0]
  }
  const act = (who: string, name: string, input: object, fields: string) =>
    ask(
      who,
      `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${fields} ${REFUSAL} } }`,
      { input },
    )
  const create = (input: object) =>
    act(
      'rules',
      'createPartner',
      {
        id: 'cinema',
        title: { en: 'Cinema', zh: '影院' },
        terms: 'PREPAID',
        currency: 'CNY',
        ...input,
      },
      '... on PartnerSaved { partner { id terms active apiUrl secretName version balance { total setAside } } }',
    )
  const pay = (amount: string, idempotencyKey: string) =>
    act(
      'finance',
      'payPartner',
      { partnerId: 'cinema', amount, idempotencyKey },
      '... on PartnerPaid { replayed partner { balance { total } } }',
    )
  async function redeem(offerId: string): Promise<Data> {
    keys += 1
    return act(
      'shop',
      'redeem',
      { memberId: 'ada', offerId, idempotencyKey: `k-${keys}` },
      '... on Redemption { id status receipt }',
    )
  }
  const cancel = (id: string) =>
    ask(
      'ada',
      `mutation { cancelRedemption(id: "${id}") { ... on Redemption { status } ${REFUSAL} } }`,
    )
  const look = (id: string) => ask('ada', `{ redemption(id: "${id}") { status receipt } }`)
  const points = async () =>
    (await ask('ada', '{ me { wallet { balance { available held } } } }')).wallet.balance
  const statement = (who: string, args = `month: "${MONTH}"`) =>
    ask(
      who,
      `{ partnerStatement(partnerId: "cinema", ${args}) { ... on PartnerStatement { opening charges reversals payments closing
        matches { lines redemptions differing } lines(first: 50) { nodes { kind amount redemptionId offerId } } } ${REFUSAL} } }`,
    )

  it('is made and changed by operators, and its API is only where the server may speak to', async () => {
    expect(
      await create({ apiUrl: 'http://169.254.169.254/', secretName: there.secretName }),
    ).toMatchObject({
      code: 'PARTNER_HOST_NOT_ALLOWED',
      field: 'apiUrl',
    })
    for (const [wrong, field] of [
      [{ id: 'no id' }, 'id'],
      [{ apiUrl: there.url }, 'secretName'],
      [{ apiUrl: 'nonsense', secretName: 'A' }, 'apiUrl'],
      [{ apiUrl: there.url, secretName: 'HOSTS' }, 'secretName'],
      [{ creditLimit: '1.00 CNY' }, 'creditLimit'],
    ] as const) {
      expect(await create(wrong)).toMatchObject({ code: 'INVALID_INPUT', field })
    }
    expect(await create({ creditLimit: '1.00 USD' })).toMatchObject({
      code: 'CURRENCY_NOT_SUPPORTED',
    })
    expect(await create({ apiUrl: there.url, secretName: there.secretName })).toEqual({
      partner: {
        id: 'cinema',
        terms: 'PREPAID',
        active: true,
        apiUrl: there.url,
        secretName: there.secretName,
        version: 1,
        balance: { total: '0.00 CNY', setAside: '0.00 CNY' },
      },
    })
    expect(await create({})).toMatchObject({ code: 'PARTNER_EXISTS', field: 'id' })
    const update = (input: object) =>
      act('finance', 'updatePartner', input, '... on PartnerSaved { partner { version active } }')
    expect(await update({ id: 'nobody', active: false })).toMatchObject({
      code: 'PARTNER_NOT_FOUND',
    })
    expect(await update({ id: 'cinema', active: false, version: 1 })).toEqual({
      partner: { version: 2, active: false },
    })
    expect(await update({ id: 'cinema', active: true, version: 1 })).toMatchObject({
      code: 'PARTNER_CONFLICT',
    })
    expect(await update({ id: 'cinema', active: true })).toEqual({
      partner: { version: 3, active: true },
    })
    expect(
      await act(
        'rules',
        'createPartner',
        { id: 'other', title: { en: 'O', zh: '他' }, terms: 'POSTPAID', currency: 'CNY' },
        '__typename',
      ),
    ).toEqual({ __typename: 'PartnerSaved' })
    expect(
      JSON.stringify(await ask('finance', '{ partners { nodes { id secretName apiUrl } } }')),
    ).not.toContain('only the two')
  })

  it('is paid, and a payment told twice is one', async () => {
    expect(await pay('90.00 CNY', 't-1')).toEqual({
      replayed: false,
      partner: { balance: { total: '90.00 CNY' } },
    })
    expect(await pay('90.00 CNY', 't-1')).toEqual({
      replayed: true,
      partner: { balance: { total: '90.00 CNY' } },
    })
    expect(await pay('91.00 CNY', 't-1')).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'amount',
    })
    expect(await pay('90.00 USD', 't-2')).toMatchObject({
      code: 'CURRENCY_NOT_SUPPORTED',
      field: 'amount',
    })
    expect(await pay('-1.00 CNY', 't-2')).toMatchObject({ code: 'INVALID_INPUT', field: 'amount' })
    expect(await pay('1.00 CNY', '')).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'idempotencyKey',
    })
  })

  it('gives codes of a pool, orders of its API, and privileges; a statement has each, line by line', async () => {
    for (const [id, gives] of Object.entries(OFFERS)) {
      const details = { partner: 'cinema', costMinor: 1_800, gives }
      const offer = {
        id,
        channel: 'partner',
        title: { en: id, zh: '权益' },
        cashValue: '30.00 CNY',
        price: { byHand: 10 },
        details,
      }
      expect(
        await act('rules', 'createOffer', offer, '... on OfferSaved { offer { id } }'),
      ).toEqual({ offer: { id } })
    }
    const codes = (field: string, offerId: string, list: string[]) =>
      ask(
        'rules',
        `mutation ($codes: [String!]!) { ${field}(offerId: "${offerId}", codes: $codes) { ... on PartnerCodesChanged { outcomes pool { offerId free given void } } ${REFUSAL} } }`,
        { codes: list },
      )
    expect(await codes('importPartnerCodes', 'seat', ['x'])).toMatchObject({
      code: 'PARTNER_POOL_NOT_FOUND',
      field: 'offerId',
    })
    expect(await codes('importPartnerCodes', 'film', ['F-1', 'F-2', 'F-1', 'a b'])).toEqual({
      outcomes: ['IMPORTED', 'IMPORTED', 'DUPLICATE', 'INVALID'],
      pool: { offerId: 'film', free: 2, given: 0, void: 0 },
    })
    const film = await redeem('film')
    expect(film).toMatchObject({
      status: 'FULFILLED',
      receipt: { source: 'pool', partner: 'cinema' },
    })
    const left = ['F-1', 'F-2'].filter((code) => code !== film.receipt.code)
    expect(await codes('voidPartnerCodes', 'film', ['F-1', 'F-2', 'F-3'])).toMatchObject({
      outcomes: ['F-1', 'F-2', 'F-3'].map((code) =>
        code === 'F-3' ? 'UNKNOWN' : left.includes(code) ? 'VOIDED' : 'GIVEN',
      ),
    })
    const seat = await redeem('seat')
    expect(seat).toMatchObject({
      status: 'FULFILLED',
      receipt: { source: 'api', code: `CODE-${seat.id}`, expiresAt: '2026-12-31T16:00:00.000Z' },
    })
    expect(await redeem('lounge')).toMatchObject({
      status: 'FULFILLED',
      receipt: { source: 'privilege', privilege: 'lounge', until: '2026-01-07T16:00:00.000Z' },
    })
    const before = await points()
    expect(await cancel(film.id)).toMatchObject({ code: 'PARTNER_NOT_RETURNABLE' })
    expect(await cancel(seat.id)).toEqual({ status: 'CANCELLED' })
    expect((await points()).available).toBe(before.available + 10)
    expect(there.orders.get(seat.id)?.state).toBe('cancelled')
    const said = await statement('finance')
    expect(said).toMatchObject({
      opening: '0.00 CNY',
      charges: '-54.00 CNY',
      reversals: '18.00 CNY',
      payments: '90.00 CNY',
      closing: '54.00 CNY',
      matches: { lines: 4, redemptions: 4, differing: 0 },
    })
    expect(said.lines.nodes.map(({ kind, amount }: Data) => `${kind} ${amount}`).sort()).toEqual([
      'CHARGE -18.00 CNY',
      'CHARGE -18.00 CNY',
      'CHARGE -18.00 CNY',
      'PAYMENT 90.00 CNY',
      'REVERSAL 18.00 CNY',
    ])
    expect(await statement('finance', 'from: "2026-01-06", through: "2026-02-05"')).toMatchObject({
      opening: '54.00 CNY',
      closing: '54.00 CNY',
      lines: { nodes: [] },
    })
    expect(await statement('finance', 'month: "2026-1"')).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'month',
    })
  })

  it('A6: reads its own partner, pools and statement, and nobody else’s', async () => {
    expect(await statement('cinema')).toMatchObject({ closing: '54.00 CNY' })
    expect(await statement('other')).toMatchObject({
      code: 'PARTNER_NOT_FOUND',
      field: 'partnerId',
    })
    expect(await ask('cinema', '{ partner { id pools { offerId free given void } } }')).toEqual({
      id: 'cinema',
      pools: [{ offerId: 'film', free: 0, given: 1, void: 1 }],
    })
    expect(await ask('other', '{ partner(id: "cinema") { id } }')).toBeNull()
    const check = (who: string, privilege = 'lounge') =>
      ask(who, `{ checkPrivilege(memberId: "ada", privilege: "${privilege}") { holds until } }`)
    const held = { holds: true, until: '2026-01-07T16:00:00.000Z' }
    expect([await check('shop'), await check('cinema')]).toEqual([held, held])
    expect([await check('other'), await check('shop', 'x')]).toEqual(
      Array(2).fill({ holds: false, until: null }),
    )
    expect(await ask('ada', '{ partnerPrivileges { privilege partnerId title until } }')).toEqual([
      { privilege: 'lounge', partnerId: 'cinema', title: 'lounge', until: held.until },
    ])
  })

  it('R6: an order whose fate is not known holds its points until it is', async () => {
    const before = await points()
    there.down(2)
    const seat = await redeem('seat')
    expect(seat.status).toBe('UNKNOWN')
    expect(await points()).toEqual({ available: before.available - 10, held: before.held + 10 })
    for (const status of ['UNKNOWN', 'FULFILLED']) {
      server.time.now += 3_600_000
      await server.program.redemptions.takeUpDue(100)
      expect(await look(seat.id)).toMatchObject({ status })
    }
    expect(await points()).toEqual({ available: before.available - 10, held: before.held })
    expect(there.orders.get(seat.id)?.sold).toBe(1)
    expect(there.requests.every(({ fault }) => fault === null)).toBe(true)
    expect(await statement('finance')).toMatchObject({
      closing: '36.00 CNY',
      matches: { lines: 5, redemptions: 5, differing: 0 },
    })
    // What is prepaid is used up, and then the points come back.
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await redeem('seat')).status)
    expect(statuses).toEqual(['FULFILLED', 'FULFILLED', 'RELEASED', 'RELEASED'])
    server.time.now += 3 * 86_400_000
    expect(
      await ask('shop', '{ checkPrivilege(memberId: "ada", privilege: "lounge") { holds } }'),
    ).toEqual({ holds: false })
  })

  describe('R6: an order that the API says no more about', () => {
    const end = (redemptionId: string, outcome: 'GIVEN' | 'NOT_GIVEN', more: object = {}) =>
      act(
        'finance',
        'endPartnerOrder',
        { redemptionId, outcome, reason: 'Mr Li of the cinema, by telephone', ...more },
        '... on PartnerOrderEnded { order { status attempts partnerId offerId } }',
      )
    const retry = async () => {
      server.time.now += 3_600_000
      await server.program.redemptions.takeUpDue(100)
    }
    /** One that is to be taken back, and that the partner forgot meanwhile. */
    async function forgotten(): Promise<string> {
      const { id } = await redeem('seat')
      there.down(1)
      expect(await cancel(id)).toEqual({ status: 'CANCELLING' })
      ;(there.orders as Map<string, unknown>).delete(id)
      for (let n = 0; n < 3; n += 1) await retry()
      expect(await look(id)).toMatchObject({ status: 'CANCELLING' })
      return id
    }
    /** One that the partner was asked for, and does not answer. */
    async function unheard(): Promise<string> {
      there.down(1)
      const { id } = await redeem('seat')
      expect(await look(id)).toMatchObject({ status: 'UNKNOWN' })
      return id
    }
    const sums = async () => {
      const args = 'from: "2026-01-01", through: "2026-12-31"'
      const { lines: _, ...all } = await statement('finance', args)
      return all
    }
    const audited = async (id: string) =>
      (
        await ask(
          'finance',
          `{ auditEntries(filter: { targetKind: "partner-order", targetId: "${id}" }) { nodes { act by reason before after } } }`,
        )
      ).nodes

    beforeAll(async () => {
      expect(await pay('90.00 CNY', 't-ends')).toMatchObject({ replayed: false })
    })

    it('and was to be taken back, is taken back by an operator’s word, once', async () => {
      const before = [await points(), await sums()]
      const id = await forgotten()
      const ended = { order: { status: 'VOID', attempts: 1, partnerId: 'cinema', offerId: 'seat' } }
      expect(await end(id, 'NOT_GIVEN')).toEqual(ended)
      // At once: no time went by since.
      expect(await look(id)).toMatchObject({ status: 'CANCELLED' })
      expect(await points()).toEqual(before[0])
      expect(await end(id, 'NOT_GIVEN')).toEqual(ended)
      expect(await end(id, 'GIVEN')).toMatchObject({ code: 'PARTNER_ORDER_SETTLED' })
      await retry()
      const { closing, charges, reversals, matches } = await sums()
      expect(closing).toBe(before[1].closing)
      expect([charges, reversals]).toEqual(['-126.00 CNY', '36.00 CNY'])
      expect(matches.differing).toBe(0)
      expect(await audited(id)).toEqual([
        {
          act: 'endPartnerOrder',
          by: 'fred',
          reason: 'Mr Li of the cinema, by telephone',
          before: { status: 'cancelling' },
          after: { status: 'void' },
        },
      ])
    })

    it('and was to be taken back, stays with the member by an operator’s word, for good', async () => {
      const id = await forgotten()
      const before = [await points(), await sums()]
      expect(await end(id, 'GIVEN')).toMatchObject({ order: { status: 'GIVEN' } })
      expect(await look(id)).toMatchObject({
        status: 'FULFILLED',
        receipt: { code: `CODE-${id}` },
      })
      expect(await cancel(id)).toMatchObject({ code: 'PARTNER_NOT_RETURNABLE' })
      expect([await points(), await sums()]).toEqual(before)
      expect(await end(id, 'NOT_GIVEN')).toMatchObject({ code: 'PARTNER_ORDER_SETTLED' })
    })

    it('is given by an operator’s word, with its code, and charged', async () => {
      const before = await sums()
      const id = await unheard()
      for (const [more, field] of [
        [{ code: '' }, 'code'],
        [{ code: 'x y' }, 'code'],
        [{ reason: ' ' }, 'reason'],
      ] as const) {
        expect(await end(id, 'GIVEN', more)).toMatchObject({ code: 'INVALID_INPUT', field })
      }
      expect(await end(id, 'NOT_GIVEN', { code: 'x' })).toMatchObject({ field: 'code' })
      expect(await end(id, 'GIVEN', { code: 'ROW-7' })).toMatchObject({
        order: { status: 'GIVEN' },
      })
      expect(await look(id)).toMatchObject({ status: 'FULFILLED', receipt: { code: 'ROW-7' } })
      const after = await sums()
      expect(after.matches).toEqual({
        lines: before.matches.lines + 1,
        redemptions: before.matches.redemptions + 1,
        differing: 0,
      })
      expect(after.charges).toBe('-162.00 CNY')
    })

    it('is given up by an operator’s word, and what was set aside is free', async () => {
      const before = [await points(), await sums()]
      const id = await unheard()
      // While somebody asks, the answer may be on its way.
      const until = server.time.now + 5_000
      await server.database.write((manager) =>
        manager.query(
          `UPDATE partner_right SET asked_until = ${until} WHERE redemption_id = '${id}'`,
        ),
      )
      expect(await end(id, 'NOT_GIVEN')).toMatchObject({ code: 'PARTNER_PENDING' })
      server.time.now = until
      expect(await end(id, 'NOT_GIVEN')).toMatchObject({ order: { status: 'REFUSED' } })
      expect(await look(id)).toMatchObject({ status: 'RELEASED' })
      await retry()
      expect([await points(), await sums()]).toEqual(before)
      expect(there.orders.has(id)).toBe(false)
      const { balance } = await ask('finance', '{ partner(id: "cinema") { balance { setAside } } }')
      expect(balance).toEqual({ setAside: '0.00 CNY' })
    })

    it('is on the list of what is open, the oldest first, until it is ended', async () => {
      const list = (args = '', who = 'finance') =>
        ask(
          who,
          `{ openPartnerOrders(partnerId: "cinema" ${args}) { nodes { redemptionId offerId partnerId status attempts orderedAt }
            pageInfo { hasNextPage endCursor } } }`,
        )
      expect(await pay('90.00 CNY', 't-list')).toMatchObject({ replayed: false })
      expect((await list()).nodes).toEqual([])
      const orderedAt = new Date(server.time.now).toISOString()
      const first = await forgotten()
      const of = { partnerId: 'cinema', offerId: 'seat' }
      expect((await list()).nodes).toEqual([
        { ...of, redemptionId: first, status: 'CANCELLING', attempts: 1, orderedAt },
      ])
      // Of the same instant: by redemption.
      const more = [await unheard(), await unheard()].sort()
      const pages: string[] = []
      for (let after = ''; ; ) {
        const page = await list(`, first: 1 ${after}`)
        pages.push(...page.nodes.map((it: Data) => `${it.status} ${it.redemptionId}`))
        if (!page.pageInfo.hasNextPage) break
        after = `, after: "${page.pageInfo.endCursor}"`
      }
      expect(pages).toEqual([`CANCELLING ${first}`, ...more.map((id) => `ASKING ${id}`)])
      expect(
        await ask('finance', '{ openPartnerOrders(partnerId: "none") { nodes { status } } }'),
      ).toEqual({ nodes: [] })
      for (const id of [first, ...more]) {
        expect(await end(id, 'NOT_GIVEN')).toMatchObject({ order: {} })
      }
      expect((await list()).nodes).toEqual([])
      for (const who of ['cinema', 'shop', 'ada']) {
        const { errors } = await server.ask(
          '{ openPartnerOrders(partnerId: "cinema") { nodes { redemptionId } } }',
          { token: await tokens[who]!() },
        )
        expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
      }
    })

    it('is one of an API’s', async () => {
      const { id } = await redeem('lounge')
      for (const other of [id, 'none']) {
        expect(await end(other, 'GIVEN')).toMatchObject({
          code: 'PARTNER_ORDER_NOT_FOUND',
          field: 'redemptionId',
        })
      }
    })
  })
})
