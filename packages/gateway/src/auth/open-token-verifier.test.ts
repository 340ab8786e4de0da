import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { InvalidToken, KeysUnavailable, openTokenVerifier } from './open-token-verifier.js'
import { signToken } from './sign-token.js'

const NOW = Date.UTC(2026, 2, 1)
const SECRET = '0123456789abcdef0123456789abcdef'
const bytes = new TextEncoder().encode(SECRET)
const inOneHour = NOW / 1_000 + 3_600

const verifier = (rest: object = {}) =>
  openTokenVerifier({ secret: SECRET, now: () => NOW, ...rest })
const token = (claims: object, { alg = 'HS256', key = bytes as Uint8Array } = {}) =>
  new SignJWT({ sub: 'm-1', role: 'member', exp: inOneHour, ...claims })
    .setProtectedHeader({ alg })
    .sign(key)

describe('A6: tokens with a shared secret', () => {
  it.each([
    [{ role: 'member' }, { kind: 'member', subject: 'm-1' }],
    [
      { role: 'storefront', sub: 'shop' },
      { kind: 'storefront', subject: 'shop' },
    ],
    [
      { role: 'partner', sub: 'airline' },
      { kind: 'partner', subject: 'airline' },
    ],
    [
      { role: 'operator', roles: ['rules', 'rules', 'of-another-system', 'finance'] },
      { kind: 'operator', subject: 'm-1', roles: ['rules', 'finance'] },
    ],
  ])('takes %j', async (claims, viewer) => {
    expect(await verifier().verify(await token(claims))).toEqual({
      ...viewer,
      expiresAt: inOneHour * 1_000,
    })
  })

  it('takes what `signToken` signs', async () => {
    const signed = await signToken({
      secret: SECRET,
      kind: 'operator',
      subject: 'ann',
      roles: ['admin'],
      expiresAt: NOW + 1_000,
      issuer: 'pointwell',
      audience: 'shop',
    })
    const strict = verifier({ issuer: 'pointwell', audience: 'shop' })
    expect(await strict.verify(signed)).toEqual({
      kind: 'operator',
      subject: 'ann',
      roles: ['admin'],
      expiresAt: NOW + 1_000,
    })
  })

  it.each<[string, () => Promise<string> | string]>([
    ['nonsense', () => 'nonsense'],
    ['three parts of nonsense', () => 'a.b.c'],
    ['one far too long', () => 'x'.repeat(9_000)],
    ['no role', () => token({ role: undefined })],
    ['a role that is none', () => token({ role: 'root' })],
    ['an operator without roles', () => token({ role: 'operator' })],
    ['an operator with roles of others only', () => token({ role: 'operator', roles: ['dba'] })],
    ['roles that are no list', () => token({ role: 'operator', roles: 'admin' })],
    ['no subject', () => token({ sub: undefined })],
    ['an empty subject', () => token({ sub: '' })],
    ['a subject of 201 characters', () => token({ sub: 'x'.repeat(201) })],
    ['a subject with control characters', () => token({ sub: 'a\nb' })],
    ['no end', () => token({ exp: undefined })],
    ['an end that is text', () => token({ exp: String(inOneHour) })],
    ['one not valid yet', () => token({ nbf: inOneHour })],
    [
      'another secret',
      () => token({}, { key: new TextEncoder().encode('another secret, also 32 bytes long') }),
    ],
    ['another algorithm of the same kind', () => token({}, { alg: 'HS384' })],
    [
      'no algorithm at all',
      () => new UnsecuredJWT({ sub: 'm', role: 'member', exp: inOneHour }).encode(),
    ],
  ])('does not take %s', async (_what, make) => {
    await expect(verifier().verify(await make())).rejects.toThrow(InvalidToken)
  })

  it('tells a token that has run out, and lets clocks differ by a little', async () => {
    const ranOut = (seconds: number) => token({ exp: NOW / 1_000 - seconds })
    await expect(verifier().verify(await ranOut(4))).resolves.toBeDefined()
    await expect(verifier().verify(await ranOut(6))).rejects.toMatchObject({ expired: true })
  })

  it('takes only tokens of the issuer and for the audience it was told', async () => {
    const strict = verifier({ issuer: 'us', audience: 'points' })
    await expect(strict.verify(await token({ iss: 'us', aud: 'points' }))).resolves.toBeDefined()
    for (const claims of [
      {},
      { iss: 'us' },
      { iss: 'them', aud: 'points' },
      { iss: 'us', aud: 'x' },
    ]) {
      await expect(strict.verify(await token(claims))).rejects.toThrow(InvalidToken)
    }
  })

  it('does not open with a short secret, with two ways, or with none', () => {
    expect(() => openTokenVerifier({ secret: 'x'.repeat(31), now: () => NOW })).toThrow('32 bytes')
    expect(() => openTokenVerifier({ now: () => NOW })).toThrow('exactly one')
    expect(() => verifier({ jwksUrl: 'https://example.com/jwks' })).toThrow('exactly one')
  })
})

describe('A6: tokens with keys from a JWKS', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })
  const serve = async (answer: () => { status: number; body: string }) => {
    const server = createServer((_request, response) => {
      const { status, body } = answer()
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  }
  const claims = { sub: 'm-1', role: 'member', exp: inOneHour }

  it('takes what the private key signed, and nothing signed with the public one as a secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
    const jwksUrl = await serve(() => ({ status: 200, body: JSON.stringify({ keys: [jwk] }) }))
    const { verify } = openTokenVerifier({ jwksUrl, now: () => NOW })
    const signed = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(privateKey)
    await expect(verify(signed)).resolves.toMatchObject({ kind: 'member', subject: 'm-1' })

    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(await exportSPKI(publicKey)))
    await expect(verify(confused)).rejects.toThrow(InvalidToken)
    const other = await generateKeyPair('RS256')
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(other.privateKey)
    await expect(verify(forged)).rejects.toThrow(InvalidToken)
    await expect(verify(new UnsecuredJWT(claims).encode())).rejects.toThrow(InvalidToken)
  })

  it.each([
    [500, '{}'],
    [200, 'not json'],
    [200, '{"keys": "none"}'],
  ])('knows nothing of a token when the keys cannot be had: %i %s', async (status, body) => {
    const jwksUrl = await serve(() => ({ status, body }))
    const { verify } = openTokenVerifier({ jwksUrl, now: () => NOW })
    const { privateKey } = await generateKeyPair('RS256')
    const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    await expect(verify(signed)).rejects.toThrow(KeysUnavailable)
  })

  it('knows nothing of a token when nobody answers', async () => {
    const { verify } = openTokenVerifier({ jwksUrl: 'http://127.0.0.1:9/', now: () => NOW })
    const { privateKey } = await generateKeyPair('RS256')
    const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    await expect(verify(signed)).rejects.toThrow(KeysUnavailable)
  })
})
