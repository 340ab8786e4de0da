import type { OperatorRole, Viewer } from '@pointwell/plugin'

/** An operator at work (O5): who, with which roles, from where, and why. */
export interface Acting {
  /** The login. */
  readonly by: string
  readonly roles: readonly OperatorRole[]
  /** The address the request came from, where it is known. */
  readonly address: string | null
  readonly reason: string | null
}

/** What whoever asks is called where it is written down who did something. */
export function subjectOf(viewer: Viewer): string {
  return viewer.kind === 'anonymous' ? viewer.kind : viewer.subject
}

/** Who acts, when it is an operator; null: it is not, and nothing is to be audited. */
export function actingOf(
  { viewer, address }: { readonly viewer: Viewer; readonly address: string | null },
  reason: string | null = null,
): Acting | null {
  if (viewer.kind !== 'operator') return null
  return { by: viewer.subject, roles: viewer.roles, address, reason }
}
