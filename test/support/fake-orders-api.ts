import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isDeepStrictEqual } from 'node:util'

/** A stand-in for the public API as an importer uses it: a point a whole unit of money, idempotent, and
 * as unreliable as a test wants it. */
export interface FakeOrdersApi {
  readonly url: string
  /** Every request that came in, in order, with what it was about. `taken`: it was not turned away
   * as a whole. */
  readonly requests: { operation: string; input: Record<string, unknown>[]; taken: boolean }[]
  /** Decides what becomes of a request; `undefined`: it is answered. */
  intercept: (request: { operation: string; input: Record<string, unknown>[]; count: number }) =>
    | undefined
    /** Not done, and answered so. */
    | { status: number; body?: unknown; headers?: Record<string, string> }
    /** The connection breaks before, or after, it is done. */
    | 'lost-before'
    | 'lost-after'
    /** No answer comes. */
    | 'silent'
  /** Ids of members, orders and returns that the server refuses, and how. */
  readonly refuse: Map<string, { code: string; message: string; field?: string }>
  /** Ids that spoil the whole request they are in, as a malformed input does. */
  readonly spoil: Set<string>
  /** Points by member. */
  balances(): Map<string, number>
  /** Everything kept, to see that nothing changed. */
  snapshot(): unknown
  close(): Promise<void>
}

interface Order {
  content: Record<string, unknown>
  member: string
  points: number
  left: Map<string, { units: number; price: bigint }>
  returns: Map<string, { content: Record<string, unknown>; points: number }>
}

export async function startFakeOrdersApi(): Promise<FakeOrdersApi> {
  const members = new Map<string, Record<string, unknown>>()
  const orders = new Map<string, Order>()
  const balances = new Map<string, number>()
  let count = 0
  const fake: Omit<FakeOrdersApi, 'url' | 'close'> = {
    requests: [],
    intercept: () => undefined,
    refuse: new Map(),
    spoil: new Set(),
    balances: () => new Map(balances),
    snapshot: () => structuredClone({ members, orders }),
  }

  const server = createServer(async (request, response) => {
    const { query, variables } = JSON.parse(await readBody(request))
    const operation = /(?:mutation|query) (\w+)/.exec(query)?.[1] ?? ''
    const input = (variables.input ?? []) as Record<string, unknown>[]
    const asked = { operation, input, taken: false }
    fake.requests.push(asked)
    count += 1
    const fate = fake.intercept({ operation, input, count })
    if (fate === 'silent') return
    if (fate === 'lost-before') return void request.socket.destroy()
    if (typeof fate === 'object') return void send(response, fate)
    const body = answer(operation, input, variables)
    asked.taken = 'data' in body
    if (fate === 'lost-after') return void request.socket.destroy()
    send(response, { status: 200, body })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}/graphql`,
    close() {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })

  function answer(
    operation: string,
    input: Record<string, unknown>[],
    variables: Record<string, string>,
  ): { data: unknown } | { errors: unknown[] } {
    const spoilt = Array.isArray(input)
      ? input.find((item) => fake.spoil.has(nameOf(item)))
      : undefined
    if (spoilt) {
      const error = { message: 'That is no input.', extensions: { code: 'BAD_USER_INPUT' } }
      return { errors: [error] }
    }
    if (operation === 'ImportBalances') {
      const data = Object.entries(variables).map(([name, id]) => {
        const available = balances.get(id)
        const none = { pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }
        return [
          name,
          available === undefined ? null : { wallet: { balance: { available, ...none } } },
        ]
      })
      return { data: Object.fromEntries(data) }
    }
    const post = { ImportMembers: register, ImportPurchases: record, ImportReturns: takeBack }[
      operation
    ]
    if (!post) return { errors: [{ message: `What is ${operation}?` }] }
    const results = input.map((item) => {
      const refusal = fake.refuse.get(nameOf(item))
      return refusal ? { __typename: 'Refusal', field: null, ...refusal } : post(item)
    })
    return { data: { results } }
  }

  function register(input: Record<string, unknown>) {
    const id = String(input.id)
    const known = members.get(id)
    if (known && !isDeepStrictEqual(known, input)) return refusal('MEMBER_EXISTS')
    members.set(id, input)
    balances.set(id, balances.get(id) ?? 0)
    return { __typename: 'MemberRegistered', created: !known }
  }

  function record(input: Record<string, unknown>) {
    const id = String(input.orderId)
    const member = String(input.memberId)
    if (!members.has(member)) return refusal('MEMBER_NOT_FOUND')
    const known = orders.get(id)
    if (known) {
      return isDeepStrictEqual(known.content, input)
        ? { __typename: 'PurchaseRecorded', points: known.points }
        : refusal('IDEMPOTENCY_MISMATCH')
    }
    const lines = input.lines as { id: string; quantity: number; unitPrice: string }[]
    const left = new Map(
      lines.map((line) => [
        line.id,
        { units: line.quantity, price: tenThousandths(line.unitPrice) },
      ]),
    )
    const points = worth(left)
    orders.set(id, { content: input, member, points, left, returns: new Map() })
    balances.set(member, (balances.get(member) ?? 0) + points)
    return { __typename: 'PurchaseRecorded', points }
  }

  function takeBack(input: Record<string, unknown>) {
    const order = orders.get(String(input.orderId))
    if (!order) return refusal('PURCHASE_NOT_FOUND')
    const known = order.returns.get(String(input.returnId))
    if (known) {
      return isDeepStrictEqual(known.content, input)
        ? { __typename: 'PurchaseReturned', points: known.points }
        : refusal('IDEMPOTENCY_MISMATCH')
    }
    const before = worth(order.left)
    for (const { line, quantity } of input.lines as { line: string; quantity: number }[]) {
      const kept = order.left.get(line)
      if (!kept || kept.units < quantity) return refusal('RETURN_EXCEEDS_PURCHASE')
      kept.units -= quantity
    }
    const points = worth(order.left) - before
    order.returns.set(String(input.returnId), { content: input, points })
    balances.set(order.member, (balances.get(order.member) ?? 0) + points)
    return { __typename: 'PurchaseReturned', points }
  }
}

function nameOf({ id, returnId, orderId }: Record<string, unknown>): string {
  return String(id ?? returnId ?? orderId)
}

function worth(left: Order['left']): number {
  return Number(
    [...left.values()].reduce((sum, { units, price }) => sum + BigInt(units) * price, 0n) / 10_000n,
  )
}

function tenThousandths(decimal: string): bigint {
  const [whole = '', places = ''] = decimal.split('.')
  return BigInt(whole + places.padEnd(4, '0'))
}

function refusal(code: string) {
  return { __typename: 'Refusal', code, message: `It is ${code}.`, field: null }
}

function send(
  response: ServerResponse,
  {
    status,
    body = {},
    headers = {},
  }: { status: number; body?: unknown; headers?: Record<string, string> },
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
