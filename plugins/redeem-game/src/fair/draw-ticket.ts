import { createHmac } from 'node:crypto'

export interface Drawn {
  /** 64 hex digits: what the ticket was made of. */
  readonly digest: string
  /** From 0, below the number of tickets. */
  readonly ticket: number
}

export interface DrawInput {
  /** 64 hex digits. */
  readonly serverSeed: string
  readonly clientSeed: string
  /** The play's number in its round, from 1. */
  readonly nonce: number
  /** How many tickets there are, 1 to 2^53−1. */
  readonly tickets: number
}

type Digest = (message: string) => string

const ALL = 1n << 256n

/**
 * The ticket of a play (R12): HMAC-SHA256 by the seed's bytes over `clientSeed:nonce` as a whole number of 256
 * bits, modulo the number of tickets. Every ticket is exactly as likely: a number from the last, incomplete
 * run of tickets is thrown away, and the digest's own 64 hex digits are the next message. That happens less
 * than once in 2^203 plays.
 */
export function drawTicket({ serverSeed, clientSeed, nonce, tickets }: DrawInput): Drawn {
  const key = Buffer.from(serverSeed, 'hex')
  const hmac: Digest = (message) => createHmac('sha256', key).update(message, 'utf8').digest('hex')
  return ticketBy(hmac, { message: `${clientSeed}:${nonce}`, tickets })
}

export function ticketBy(
  digestOf: Digest,
  { message, tickets }: { readonly message: string; readonly tickets: number },
): Drawn {
  const many = BigInt(tickets)
  const whole = ALL - (ALL % many)
  let digest = digestOf(message)
  while (BigInt(`0x${digest}`) >= whole) digest = digestOf(digest)
  return { digest, ticket: Number(BigInt(`0x${digest}`) % many) }
}
