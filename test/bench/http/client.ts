import { signToken } from '@pointwell/gateway'

/** What the bench's servers check tokens with. */
export const SECRET = 'a secret of the bench, as long as it must be'

export function tokenFor(
  kind: 'storefront' | 'operator' | 'member',
  subject: string = kind,
): Promise<string> {
  const expiresAt = Date.now() + 24 * 3_600_000
  return signToken({ secret: SECRET, kind, subject, roles: ['admin'], expiresAt })
}

/** One operation, for setting up. Throws when it is refused. */
export async function ask<Data>(
  url: string,
  { token, query, variables }: { token: string; query: string; variables?: object },
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown[] }
  if (!data || errors || text.includes('"Refusal"')) throw new Error(text.slice(0, 1_000))
  return data
}
