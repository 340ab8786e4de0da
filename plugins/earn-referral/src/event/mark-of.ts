import { createHash } from 'node:crypto'

/** A device or means of payment as it is kept: enough to be recognised, nothing that tells what it is. */
export function markOf(text: string): string {
  return createHash('sha256').update(text.normalize('NFKC')).digest('base64url').slice(0, 22)
}

export function markOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : markOf(text)
}
