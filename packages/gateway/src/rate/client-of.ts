import { isIPv6 } from 'node:net'
import type { Viewer } from '@pointwell/plugin'

/** Whom a request counts for. */
export interface Client {
  readonly kind: Viewer['kind']
  /** The token's subject; of someone without a token the address. */
  readonly name: string
}

/** Who asks, and not over which connection: a second socket or server of theirs is the same client. */
export function clientOf(viewer: Viewer, address: string): Client {
  return viewer.kind === 'anonymous'
    ? { kind: 'anonymous', name: networkOf(address) }
    : { kind: viewer.kind, name: viewer.subject }
}

/** An address as people write it: IPv4 also where the socket speaks IPv6. */
export function addressOf(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

/**
 * The address, of IPv6 its first 64 bits: one household or machine has all addresses that begin with
 * them, and could come from another one each time.
 */
export function networkOf(address: string): string {
  const v4 = addressOf(address)
  if (v4 !== address) return v4
  const [plain = ''] = address.split('%')
  if (!isIPv6(plain)) return address
  const [head = '', tail] = plain.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0)
    while (groups.length + after < 8) groups.push('0')
  }
  const network = [...groups, '0', '0', '0', '0'].slice(0, 4)
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
