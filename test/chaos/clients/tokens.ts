import { signToken } from './sign-token.js'

export interface Tokens {
  readonly storefront: string
  readonly operator: string
  member(id: string): string
}

export function openTokens(secret: string): Tokens {
  const members = new Map<string, string>()
  return {
    storefront: signToken(secret, { sub: 'chaos-shop', role: 'storefront' }),
    operator: signToken(secret, { sub: 'chaos-operator', role: 'operator', roles: ['admin'] }),
    member(id) {
      const known = members.get(id) ?? signToken(secret, { sub: id, role: 'member' })
      members.set(id, known)
      return known
    },
  }
}
