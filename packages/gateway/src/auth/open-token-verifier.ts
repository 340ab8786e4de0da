import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { findViewerOf, type KnownViewer } from './find-viewer-of.js'
import { rememberTokens } from './remember-tokens.js'

const MAX_TOKEN = 8_192
const MIN_SECRET_BYTES = 32
const JWKS_TIMEOUT_MS = 5_000
/** A minute on top of the ten for which `jose` keeps keys: so long may one work that was taken back. */
const JWKS_REMEMBERED_MS = 60_000

/** The token is no good: `expired` when it once was. The message is for whoever sent it. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken'
  constructor(
    message: string,
    readonly expired = false,
  ) {
    super(message)
  }
}

/** The keys that tokens are checked with cannot be had just now: nothing is known of the token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

export interface TokenSettings {
  /** What is shared with whoever issues tokens, for HS256; at least 32 bytes of UTF-8. */
  readonly secret?: string
  /** Where public keys are found instead; RS256, PS256, ES256 and EdDSA are taken. */
  readonly jwksUrl?: string
  /** When given, the token's `iss` and `aud` must be these. */
  readonly issuer?: string
  readonly audience?: string
  /** How far clocks may differ; default 5 seconds. */
  readonly toleranceMs?: number
  /** Epoch milliseconds. */
  now(): number
}

export interface TokenVerifier {
  readonly toleranceMs: number
  /** Who the token speaks of. Throws `InvalidToken`, `KeysUnavailable`. */
  verify(token: string): Promise<KnownViewer>
}

/** Exactly one of `secret` and `jwksUrl`: algorithms follow from it, never from the token. */
export function openTokenVerifier(settings: TokenSettings): TokenVerifier {
  const { issuer, audience, toleranceMs = 5_000, now } = settings
  const { key, algorithms } = keysOf(settings)
  const verifier: TokenVerifier = {
    toleranceMs,
    async verify(token) {
      if (token.length > MAX_TOKEN) throw new InvalidToken('The token is too long.')
      const payload = await verified(token)
      const viewer = findViewerOf(payload)
      if (!viewer) {
        throw new InvalidToken(
          'The token does not say who you are: it needs `sub`, and a `role` of member, storefront, partner, or operator with `roles`.',
        )
      }
      return viewer
    },
  }
  // A shared secret is what it is for as long as the server runs.
  const forMs = settings.secret === undefined ? JWKS_REMEMBERED_MS : Number.POSITIVE_INFINITY
  return rememberTokens(verifier, { now, forMs })

  async function verified(token: string) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: toleranceMs / 1_000,
        currentDate: new Date(now()),
      })
      return payload
    } catch (error) {
      throw faultOf(error)
    }
  }
}

function keysOf({ secret, jwksUrl }: TokenSettings): {
  key: JWTVerifyGetKey
  algorithms: string[]
} {
  if ((secret === undefined) === (jwksUrl === undefined)) {
    throw new Error('Tokens are checked with a shared secret or with a JWKS, exactly one of them.')
  }
  if (secret === undefined) {
    return {
      key: createRemoteJWKSet(new URL(jwksUrl!), { timeoutDuration: JWKS_TIMEOUT_MS }),
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    }
  }
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new Error(
      `The secret that tokens are signed with has at least ${MIN_SECRET_BYTES} bytes.`,
    )
  }
  return { key: async () => bytes, algorithms: ['HS256'] }
}

function faultOf(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return new InvalidToken('The token has run out.', true)
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new InvalidToken(`The token's claim \`${error.claim}\` is missing or wrong.`)
  }
  const keysAreMissing =
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  if (keysAreMissing)
    return new KeysUnavailable('The keys of tokens cannot be read.', { cause: error })
  return new InvalidToken('The token is not valid.')
}
