import { signToken } from '@pointwell/gateway'
import { DEMO_MEMBER } from './demo-acts.js'

const WEEK_MS = 7 * 86_400_000

/** What `npm start` prints: where the server is, ready tokens, and two requests to paste. */
export async function describeDemo({
  url,
  secret,
  now,
  issuer,
  audience,
}: {
  url: string
  secret: string
  now: number
  issuer?: string
  audience?: string
}): Promise<string> {
  const terms = { secret, expiresAt: now + WEEK_MS, issuer, audience }
  const member = await signToken({ ...terms, kind: 'member', subject: DEMO_MEMBER })
  const storefront = await signToken({ ...terms, kind: 'storefront', subject: 'demo-shop' })
  const operator = await signToken({
    ...terms,
    kind: 'operator',
    subject: 'demo-operator',
    roles: ['admin'],
  })
  const at = new Date(now).toISOString()
  const order = `mutation { recordPurchase(input: { memberId: "${DEMO_MEMBER}", orderId: "try-${now}", at: "${at}", currency: "CNY", confirmed: true, lines: [{ id: "1", article: "tea-oolong", quantity: 2, unitPrice: "68.00" }] }) { ... on PurchaseRecorded { points wallet { balance { available } } } ... on Refusal { code message } } }`
  const wallet = `{ me { id tier { id } wallet { version balance { available pending } } } offers(first: 3) { nodes { id title price } } }`
  return `
Pointwell is ready.

  API        ${url}/graphql
  GraphiQL   ${url}/graphiql

Tokens of the demo, good for a week:

  member ${DEMO_MEMBER}
    ${member}
  storefront
    ${storefront}
  operator (admin)
    ${operator}

An order comes in, and gives points at once:

${curl(url, storefront, order)}

What the member sees:

${curl(url, member, wallet)}
`
}

function curl(url: string, token: string, query: string): string {
  const body = JSON.stringify({ query }).replaceAll("'", "'\\''")
  return `curl -s ${url}/graphql -H 'content-type: application/json' \\
  -H 'authorization: Bearer ${token}' \\
  -d '${body}'`
}
