import { LRUCache } from 'lru-cache'
import type { KnownViewer } from './find-viewer-of.js'
import type { TokenVerifier } from './open-token-verifier.js'

/** Characters of all tokens remembered: some 25,000 of the usual length. */
const MAX_CHARACTERS = 8_388_608

interface Verified {
  readonly viewer: KnownViewer
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * The same verifier, but a token that was found good is not checked again for `forMs` (or until it runs
 * out): most of a small request's cost is its signature. A token says all there is to know of it and is
 * never called back, so the second look could only find another key. With keys from elsewhere `forMs`
 * bounds how long a key that was taken back still works. What was found bad is not remembered.
 */
export function rememberTokens(
  verifier: TokenVerifier,
  { now, forMs }: { now(): number; forMs: number },
): TokenVerifier {
  const verified = new LRUCache<string, Verified>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_verified, token) => token.length,
  })
  const { toleranceMs } = verifier
  return {
    toleranceMs,
    async verify(token) {
      const known = verified.get(token)
      const at = now()
      if (known && isFresh(known, at)) return known.viewer
      verified.delete(token)
      const viewer = await verifier.verify(token)
      // One and the same object for many requests: nobody may write into it.
      if ('roles' in viewer) Object.freeze(viewer.roles)
      verified.set(token, { viewer: Object.freeze(viewer), at })
      return viewer
    },
  }

  /** A clock that was set back may be before the token's `nbf` again. */
  function isFresh({ viewer, at }: Verified, now: number): boolean {
    return now >= at && now < at + forMs && now < viewer.expiresAt + toleranceMs
  }
}
