import { createHash } from 'node:crypto'

/** A device or means of payment as it is kept: enough to be recognised, nothing that tells what it is. */
export function markOf(text: string): string {
  return createHash('sha256').update(text.normalize('NFKC')).digest('base64url').slice(0, 22)
}
