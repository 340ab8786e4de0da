import { PointwellError } from '../errors/pointwell-error.js'

/** Asked when the first token is sent, and again when the server takes it no more. `renew`: the one before was
 * refused, or has run out; one from a cache will not do. */
export type TokenGiver = (wish: {
  readonly renew: boolean
}) => string | null | undefined | Promise<string | null | undefined>

export interface TokenSource {
  /** Undefined: nobody is signed in. Throws NO_TOKEN where the giver throws. */
  get(): Promise<string | undefined>
  /** The server did not take this one. False: there is no other to be had. */
  refuse(token: string | undefined): boolean
}

export function openTokenSource(token: string | TokenGiver | undefined): TokenSource {
  if (typeof token !== 'function') return { get: async () => token, refuse: () => false }
  let known: string | undefined
  let renew = false
  let asked: Promise<string | undefined> | undefined

  async function ask(give: TokenGiver): Promise<string | undefined> {
    try {
      known = (await give({ renew })) || undefined
      renew = false
      return known
    } catch (cause) {
      throw new PointwellError({ code: 'NO_TOKEN', message: 'There is no token just now.', cause })
    }
  }

  return {
    // All that a page asks for at once needs one token.
    async get() {
      if (known !== undefined) return known
      asked ??= ask(token).finally(() => {
        asked = undefined
      })
      return asked
    },
    refuse(refused) {
      // Another may have been got meanwhile, for somebody else who was refused.
      if (known === refused) {
        known = undefined
        renew = true
      }
      return true
    },
  }
}
