import {
  type Earned,
  type EarnRequest,
  type ProgramFacade,
  type Refusal,
  refuse,
} from '@pointwell/plugin'
import { checkPlugins } from '@pointwell/plugin/boot'
import { forbidden, type PluginContext } from '@pointwell/plugin/graphql'
import { type GraphQLSchema, graphql, printSchema } from 'graphql'
import { buildSchemaSync } from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { registerRefusals } from '../../../../test/support/register-refusals.js'
import { purchaseEvent } from '../event/purchase-event.js'
import { purchase } from '../purchase.js'
import { PurchaseResolver } from './purchase.resolver.js'

registerRefusals(purchase)

const schema: GraphQLSchema = buildSchemaSync({
  resolvers: [PurchaseResolver],
  validate: false,
})

const balance = { available: 0, pending: 12, claimable: 0, held: 0, frozen: 0, debt: 0 }

function earned(once: string, points: number, replayed = false): Earned {
  return {
    transaction: {
      id: '1-1',
      wallet: 1,
      version: 1,
      type: 'grant',
      reason: 'purchase',
      before: { ...balance, pending: 0 },
      balance,
      explanation: [{ step: 'base', points: '12' }],
      recordedAt: 0,
      effectiveAt: 0,
    } as unknown as Earned['transaction'],
    replayed,
    memberId: 'm-1',
    points,
    once,
    details: null,
  }
}

/** A programme that writes down what it is asked, and answers as it is told. */
function programme(
  answer: (request: { once: string }) => Earned | Refusal = ({ once }) => earned(once, 12),
) {
  const asked: Array<[string, unknown]> = []
  const event = purchaseEvent.parse({
    orderId: 'o-1',
    at: 0,
    currency: 'CNY',
    lines: [{ id: '1', article: 'tea', quantity: 3, unitPrice: '4.5' }],
    includedTax: '1 CNY',
  })
  const earn = (request: EarnRequest) =>
    answer({ once: (request.event as { orderId: string }).orderId })
  const program: Partial<ProgramFacade> = {
    earn: async (request) => {
      asked.push(['earn', request])
      return earn(request)
    },
    preview: async (request) => {
      asked.push(['preview', request])
      const known = earn(request)
      if (known.refused) return known
      const { points, transaction, ...rest } = known
      const { explanation } = transaction
      const lot = {
        kind: 'purchase',
        pending: true,
        confirmAt: 1_000,
        claimMs: null,
        claimBy: null,
        expiresAt: null,
      }
      return { ...rest, recorded: false, points, explanation, lot: points > 0 ? lot : null }
    },
    earnMany: async (requests) => {
      asked.push(['earnMany', requests])
      return requests.map(earn)
    },
    confirmEarned: async (request) => {
      asked.push(['confirm', request])
      return answer(request)
    },
    returnEarned: async (request) => {
      asked.push(['return', request])
      return answer(request)
    },
    confirmEarnedMany: async (requests) => {
      asked.push(['confirmMany', requests])
      return requests.map(answer)
    },
    returnEarnedMany: async (requests) => {
      asked.push(['returnMany', requests])
      return requests.map(answer)
    },
    cancelEarned: async (request) => {
      asked.push(['cancel', request])
      return answer(request)
    },
    findEarned: async (request) => {
      asked.push(['find', request])
      if (request.once !== 'o-1') return null
      return {
        memberId: 'm-1',
        once: 'o-1',
        event,
        status: 'pending',
        granted: 12,
        standing: 8,
        returns: [{ returnId: 'r-1', lines: [{ line: '1', quantity: 1 }] }],
      }
    },
  }
  const wallet = {
    id: 1,
    version: 7,
    balance,
    lastLot: 0,
    nextDueAt: null,
    head: '',
    memo: {},
    updatedAt: 0,
  }
  const contextValue = {
    language: 'zh',
    now: () => 0,
    program,
    ledgerReads: { findWallet: async () => wallet },
    titleOf: (word: string) => word,
    actingFor: (memberId?: string | null) => {
      if (memberId === 'm-2') throw forbidden()
      return memberId
    },
  } as unknown as PluginContext
  return {
    asked,
    run: async (source: string, variableValues: Record<string, unknown> = {}) => {
      const { data, errors } = await graphql({ schema, source, contextValue, variableValues })
      return { data: JSON.parse(JSON.stringify(data ?? null)), errors }
    },
  }
}

const input = {
  memberId: 'm-1',
  orderId: 'o-1',
  at: '2021-05-03T10:00:00+08:00',
  currency: 'CNY',
  lines: [{ id: '1', article: 'tea', quantity: 3, unitPrice: '4.50', category: null }],
  includedTax: '1.00 CNY',
  delivery: null,
}
const RECORD = `mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) {
  __typename
  ... on PurchaseRecorded { points replayed transaction { id explanation { step points } } wallet { version balance { pending } }
    purchase { orderId memberId at currency status granted standing includedTax delivery lines { id quantity returned unitPrice } returns { returnId at lines { line quantity } } } }
  ... on Refusal { code message field }
} }`

describe('earnPreview', () => {
  const PREVIEW = `query ($input: RecordPurchaseInput!) { earnPreview(input: $input) { __typename
    ... on EarnPreview { points recorded kind pending confirmAt expiresAt explanation { step title points } }
    ... on Refusal { code message } } }`

  it('asks what the order would earn, and shows it', async () => {
    const { run, asked } = programme()
    const { data, errors } = await run(PREVIEW, { input })
    expect(errors).toBeUndefined()
    expect(data.earnPreview).toEqual({
      __typename: 'EarnPreview',
      points: 12,
      recorded: false,
      kind: 'purchase',
      pending: true,
      confirmAt: '1970-01-01T00:00:01.000Z',
      expiresAt: null,
      explanation: [{ step: 'base', title: 'base', points: '12' }],
    })
    await run(RECORD, { input })
    expect(asked.map(([what]) => what)).toEqual(['preview', 'earn', 'find'])
    expect(asked[0]?.[1]).toEqual(asked[1]?.[1])
  })

  it('shows what would earn nothing, and why not', async () => {
    const nothing = programme(({ once }) => earned(once, 0))
    const { data } = await nothing.run(PREVIEW, { input })
    expect(data.earnPreview).toMatchObject({ points: 0, kind: null, pending: false })
    const refused = programme(() => refuse('CURRENCY_NOT_SUPPORTED', { field: 'currency' }))
    expect((await refused.run(PREVIEW, { input })).data.earnPreview).toMatchObject({
      __typename: 'Refusal',
      code: 'CURRENCY_NOT_SUPPORTED',
    })
  })

  it('A6: is not for somebody else', async () => {
    const { run, asked } = programme()
    const { errors } = await run(PREVIEW, { input: { ...input, memberId: 'm-2' } })
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(asked).toEqual([])
  })
})

describe('recordPurchase', () => {
  it('hands the order to the programme, without what is null, and shows what came of it', async () => {
    const { run, asked } = programme()
    const { data, errors } = await run(RECORD, { input })
    expect(errors).toBeUndefined()
    expect(asked[0]).toEqual([
      'earn',
      {
        source: 'purchase',
        memberId: 'm-1',
        event: {
          orderId: 'o-1',
          at: Date.parse('2021-05-03T02:00:00Z'),
          currency: 'CNY',
          lines: [{ id: '1', article: 'tea', quantity: 3, unitPrice: '4.50' }],
          includedTax: { amountMinor: 100, currency: 'CNY' },
          confirmed: false,
        },
      },
    ])
    expect(purchaseEvent.safeParse((asked[0]![1] as EarnRequest).event).success).toBe(true)
    expect(data.recordPurchase).toEqual({
      __typename: 'PurchaseRecorded',
      points: 12,
      replayed: false,
      transaction: { id: '1-1', explanation: [{ step: 'base', points: '12' }] },
      wallet: { version: '7', balance: { pending: 12 } },
      purchase: {
        orderId: 'o-1',
        memberId: 'm-1',
        at: '1970-01-01T00:00:00.000Z',
        currency: 'CNY',
        status: 'PENDING',
        granted: 12,
        standing: 8,
        includedTax: '1.00 CNY',
        delivery: null,
        lines: [{ id: '1', quantity: 3, returned: 1, unitPrice: '4.5' }],
        returns: [{ returnId: 'r-1', at: null, lines: [{ line: '1', quantity: 1 }] }],
      },
    })
  })

  it('A2: shows a refusal in the language of the request', async () => {
    const { run } = programme(() => refuse('CURRENCY_NOT_SUPPORTED', { field: 'currency' }))
    expect((await run(RECORD, { input })).data.recordPurchase).toEqual({
      __typename: 'Refusal',
      code: 'CURRENCY_NOT_SUPPORTED',
      message: '币种与本积分计划的币种不一致。',
      field: 'currency',
    })
  })

  it('lets a price or a currency that is none through to the schema that names it', async () => {
    const { run, asked } = programme()
    const bad = {
      ...input,
      currency: 'RMB',
      lines: [{ ...input.lines[0], quantity: -1, unitPrice: 'free' }],
    }
    expect((await run(RECORD, { input: bad })).errors).toBeUndefined()
    const parsed = purchaseEvent.safeParse((asked[0]![1] as EarnRequest).event)
    expect(parsed.error?.issues.map(({ path }) => path.join('.')).sort()).toEqual([
      'currency',
      'lines.0.quantity',
      'lines.0.unitPrice',
    ])
  })
})

describe('recordPurchases', () => {
  const BATCH = `mutation ($input: [RecordPurchaseInput!]!) { recordPurchases(input: $input) {
    ... on PurchaseRecorded { points } ... on Refusal { code field } } }`

  it('E13: gives each its own result, in order', async () => {
    const { run, asked } = programme(({ once }) =>
      once === 'o-2'
        ? refuse('INVALID_INPUT', { field: 'lines.0.quantity' })
        : earned(once, Number(once.slice(2))),
    )
    const { data } = await run(BATCH, {
      input: ['o-1', 'o-2', 'o-3'].map((orderId) => ({ ...input, orderId })),
    })
    expect(data.recordPurchases).toEqual([
      { points: 1 },
      { code: 'INVALID_INPUT', field: 'lines.0.quantity' },
      { points: 3 },
    ])
    expect(asked).toHaveLength(1)
  })

  it.each([0, 501])('A7: refuses a batch of %d', async (size) => {
    const { run, asked } = programme()
    const { errors } = await run(BATCH, { input: Array.from({ length: size }, () => input) })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input' })
    expect(asked).toEqual([])
  })
})

describe('confirm, return and cancel', () => {
  it('confirms one, at a time or now', async () => {
    const { run, asked } = programme()
    await run('mutation { confirmPurchase(orderId: "o-1") { __typename } }')
    await run(
      'mutation { confirmPurchase(orderId: "o-1", confirmedAt: "1970-01-01T00:00:00Z") { __typename } }',
    )
    expect(asked).toEqual([
      ['confirm', { source: 'purchase', once: 'o-1' }],
      ['confirm', { source: 'purchase', once: 'o-1', at: 0 }],
    ])
  })

  it('names the instant at fault as whoever asked knows it', async () => {
    const { run } = programme(() => refuse('EVENT_IN_FUTURE', { field: 'at' }))
    const { data } = await run(`mutation {
      confirmPurchase(orderId: "o-1", confirmedAt: "2999-01-01T00:00:00Z") { ... on Refusal { field } }
      returnPurchase(input: { orderId: "o-1", returnId: "r", at: "2999-01-01T00:00:00Z",
        lines: [{ line: "1", quantity: 1 }] }) { ... on Refusal { field } }
    }`)
    expect(data).toEqual({
      confirmPurchase: { field: 'confirmedAt' },
      returnPurchase: { field: 'at' },
    })
  })

  it('confirms and returns many, each with its own result', async () => {
    const { run, asked } = programme(({ once }) =>
      once === 'o-9' ? refuse('ORDER_NOT_FOUND') : earned(once, -4),
    )
    const { data } = await run(`mutation {
      confirmPurchases(input: [{ orderId: "o-9" }, { orderId: "o-1" }, { orderId: "o 1" }]) {
        __typename ... on Refusal { code field } }
      returnPurchases(input: [
        { orderId: "o-1", returnId: "r-1", lines: [{ line: "1", quantity: 1 }] },
        { orderId: "o-9", returnId: "r-1", lines: [{ line: "1", quantity: 1 }] }
      ]) { __typename ... on PurchaseReturned { points } ... on Refusal { code } }
    }`)
    expect(data).toEqual({
      confirmPurchases: [
        { __typename: 'Refusal', code: 'ORDER_NOT_FOUND', field: 'orderId' },
        { __typename: 'PurchaseConfirmed' },
        { __typename: 'Refusal', code: 'INVALID_INPUT', field: 'orderId' },
      ],
      returnPurchases: [
        { __typename: 'PurchaseReturned', points: -4 },
        { __typename: 'Refusal', code: 'ORDER_NOT_FOUND' },
      ],
    })
    // Each list at once: the programme sees to it that one hides nothing of the others.
    expect(asked.map(([what]) => what)).toEqual(['confirmMany', 'returnMany'])
  })

  it('takes a return without what is null', async () => {
    const { run, asked } = programme()
    await run(
      `mutation { returnPurchase(input: { orderId: "o-1", returnId: "r-1", at: null, lines: [{ line: "1", quantity: 2 }] }) { __typename } }`,
    )
    expect(asked).toEqual([
      [
        'return',
        {
          source: 'purchase',
          once: 'o-1',
          taken: { returnId: 'r-1', lines: [{ line: '1', quantity: 2 }] },
        },
      ],
    ])
  })

  it('cancels', async () => {
    const { run, asked } = programme()
    const { data } = await run('mutation { cancelPurchase(orderId: "o-1") { __typename } }')
    expect(data).toEqual({ cancelPurchase: { __typename: 'PurchaseCancelled' } })
    expect(asked).toEqual([['cancel', { source: 'purchase', once: 'o-1' }]])
  })

  it('does not ask the programme for what cannot be an order', async () => {
    const { run, asked } = programme()
    const { data } = await run(`query ($id: ID!) { purchase(orderId: $id) { orderId } }`, {
      id: 'x'.repeat(1_000_000),
    })
    expect(data).toEqual({ purchase: null })
    expect(
      (await run('mutation { cancelPurchase(orderId: "\\u0000") { __typename } }')).data,
    ).toEqual({
      cancelPurchase: { __typename: 'Refusal' },
    })
    expect(asked).toEqual([])
  })

  it('reads an order', async () => {
    const { run } = programme()
    const { data } = await run(
      '{ purchase(orderId: "o-1") { standing status } other: purchase(orderId: "o-2") { standing } }',
    )
    expect(data).toEqual({ purchase: { standing: 8, status: 'PENDING' }, other: null })
  })
})

describe('the schema', () => {
  it('A6: says of every root field who may use it', () => {
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    )
    expect(
      Object.fromEntries(roots.map(({ name, extensions }) => [name, extensions.access])),
    ).toEqual({
      purchase: ['storefront', 'support'],
      earnPreview: ['member', 'storefront', 'support'],
      recordPurchase: ['storefront'],
      recordPurchases: ['storefront'],
      confirmPurchase: ['storefront'],
      confirmPurchases: ['storefront'],
      returnPurchase: ['storefront'],
      returnPurchases: ['storefront'],
      cancelPurchase: ['storefront'],
    })
  })

  it('A1: describes every type and field, and shows no more than it means to', () => {
    const undescribed = Object.values(schema.getTypeMap())
      .filter(({ name }) => !name.startsWith('__') && name !== 'Query' && name !== 'Mutation')
      .flatMap((type) => [
        ...(type.description ? [] : [type.name]),
        ...('getFields' in type
          ? Object.values(type.getFields()).flatMap((field) =>
              field.description ? [] : [`${type.name}.${field.name}`],
            )
          : []),
      ])
    expect(undescribed).toEqual([])
    expect(printSchema(schema)).not.toContain('PurchasePosted')
  })

  it('G3: the plugin can be started', () => {
    expect(checkPlugins([purchase])).toBeNull()
  })
})
