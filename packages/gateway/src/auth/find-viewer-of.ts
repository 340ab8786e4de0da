import type { Viewer } from '@pointwell/plugin'
import type { JWTPayload } from 'jose'
import { isOperatorRole } from '../access/check-access.js'

export type KnownViewer = Exclude<Viewer, { kind: 'anonymous' }>

const MAX_SUBJECT = 200

/** Who the claims of a verified token speak of; undefined when they do not say. */
export function findViewerOf({ sub, exp, role, roles }: JWTPayload): KnownViewer | undefined {
  if (typeof exp !== 'number' || !Number.isFinite(exp) || !isSubject(sub)) return undefined
  const expiresAt = Math.floor(exp * 1_000)
  switch (role) {
    case 'member':
    case 'storefront':
    case 'partner':
      return { kind: role, subject: sub, expiresAt }
    case 'operator': {
      // Whoever issues tokens may know roles of other systems: ours count, one is needed.
      const known = Array.isArray(roles) ? [...new Set(roles.filter(isOperatorRole))] : []
      return known.length > 0 ? { kind: role, subject: sub, roles: known, expiresAt } : undefined
    }
    default:
      return undefined
  }
}

function isSubject(sub: unknown): sub is string {
  return (
    typeof sub === 'string' && sub.length > 0 && sub.length <= MAX_SUBJECT && !/\p{Cc}/u.test(sub)
  )
}
