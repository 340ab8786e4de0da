import { badUserInput, forbidden, unauthenticated } from '@pointwell/ledger/graphql'
import type { Viewer } from '@pointwell/plugin'

/**
 * The member a request is about: a member speaks of itself, a storefront or an operator names one.
 * Throws UNAUTHENTICATED, FORBIDDEN (a member names somebody else), BAD_USER_INPUT (nobody named).
 */
export function actingFor(viewer: Viewer, memberId: string | null | undefined): string {
  switch (viewer.kind) {
    case 'anonymous':
      throw unauthenticated()
    case 'partner':
      throw forbidden()
    case 'member':
      if (memberId !== null && memberId !== undefined && memberId !== viewer.subject) {
        throw forbidden('A member speaks of itself only.')
      }
      return viewer.subject
    case 'storefront':
    case 'operator':
      if (memberId === null || memberId === undefined || memberId === '') {
        throw badUserInput('Say which member: `memberId`.', { field: 'memberId' })
      }
      return memberId
  }
}
