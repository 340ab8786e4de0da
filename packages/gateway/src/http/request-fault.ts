interface FaultDetails {
  readonly headers?: Readonly<Record<string, string>>
  /** Besides the code. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** A request that does not get as far as GraphQL. The message is for whoever sent it. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault'
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
    readonly details: FaultDetails = {},
  ) {
    super(message)
  }
}

/** The answer to it, in the shape of a GraphQL answer. */
export function faultAnswer(code: string, message: string, { extensions }: FaultDetails = {}) {
  return { errors: [{ message, extensions: { code, ...extensions } }] }
}
