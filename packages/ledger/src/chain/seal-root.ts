import { createHash } from 'node:crypto'
import type { SealedHead } from '../store/ledger-store.js'

/** What the first seal goes on from. */
export const FIRST_ROOT = ''

/** SHA-256 (hex) over the previous root and the heads that moved since, by wallet. */
export function sealRoot(previousRoot: string, heads: readonly SealedHead[]): string {
  const hash = createHash('sha256').update(previousRoot)
  for (const { wallet, version, head } of heads.toSorted((a, b) => a.wallet - b.wallet)) {
    hash.update(`\n${wallet} ${version} ${head}`)
  }
  return hash.digest('hex')
}
