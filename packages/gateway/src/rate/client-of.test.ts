import { describe, expect, it } from 'vitest'
import { addressOf, clientOf, networkOf } from './client-of.js'

describe('A7: whom a request counts for', () => {
  it('is who asks, and from nobody known the address', () => {
    const token = { subject: 'm-1', expiresAt: 0 }
    expect(clientOf({ kind: 'member', ...token }, '10.0.0.1')).toEqual(
      clientOf({ kind: 'member', ...token, expiresAt: 9 }, '10.0.0.2'),
    )
    expect(clientOf({ kind: 'partner', ...token }, '10.0.0.1')).toEqual({
      kind: 'partner',
      name: 'm-1',
    })
    expect(clientOf({ kind: 'anonymous' }, '10.0.0.1')).toEqual({
      kind: 'anonymous',
      name: '10.0.0.1',
    })
  })

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
    ['2001::', '2001:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::10.0.0.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['a proxy said nonsense', 'a proxy said nonsense'],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('shows %s as %s', (address, shown) => {
    expect(addressOf(address)).toBe(shown)
  })
})
