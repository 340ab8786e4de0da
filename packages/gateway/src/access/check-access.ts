import type { Access, OperatorRole, Viewer } from '@pointwell/plugin'

/** Every word of an `access` list. */
const WORDS: Record<Access, true> = {
  anyone: true,
  member: true,
  storefront: true,
  partner: true,
  viewer: true,
  support: true,
  rules: true,
  finance: true,
  admin: true,
}

const NOT_OPERATORS: ReadonlySet<string> = new Set(['anyone', 'member', 'storefront', 'partner'])

export function isAccess(word: unknown): word is Access {
  return typeof word === 'string' && Object.hasOwn(WORDS, word)
}

export function isOperatorRole(word: unknown): word is OperatorRole {
  return isAccess(word) && !NOT_OPERATORS.has(word)
}

/** Whether this viewer may use what lists this access. What nobody listed nobody may. */
export function checkAccess(
  viewer: Viewer,
  access: readonly Access[],
): 'allowed' | 'unauthenticated' | 'forbidden' {
  if (access.includes('anyone')) return 'allowed'
  if (viewer.kind === 'anonymous') return 'unauthenticated'
  if (viewer.kind !== 'operator') return access.includes(viewer.kind) ? 'allowed' : 'forbidden'
  const asked = access.filter(isOperatorRole)
  const granted = viewer.roles.some(
    (role) => asked.includes(role) || (role === 'admin' && asked.length > 0),
  )
  return granted ? 'allowed' : 'forbidden'
}
