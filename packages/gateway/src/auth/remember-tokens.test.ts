import { describe, expect, it } from 'vitest'
import type { KnownViewer } from './find-viewer-of.js'
import { InvalidToken } from './open-token-verifier.js'
import { rememberTokens } from './remember-tokens.js'

const MINUTE = 60_000

function setUp({ forMs = Number.POSITIVE_INFINITY }: { forMs?: number } = {}) {
  const time = { now: 1_000_000 }
  const checked: string[] = []
  const refused = new Set<string>()
  const verifier = rememberTokens(
    {
      toleranceMs: 5_000,
      async verify(token) {
        checked.push(token)
        if (refused.has(token)) throw new InvalidToken('The token is not valid.')
        return {
          kind: 'operator',
          subject: token,
          roles: ['viewer'],
          expiresAt: 1_000_000 + 60 * MINUTE,
        } satisfies KnownViewer
      },
    },
    { now: () => time.now, forMs },
  )
  return { verifier, time, checked, refused }
}

describe('A6: rememberTokens', () => {
  it('checks a token once, and tells tokens apart', async () => {
    const { verifier, checked } = setUp()
    const first = await verifier.verify('a')
    expect(await verifier.verify('a')).toBe(first)
    expect((await verifier.verify('b')).subject).toBe('b')
    expect(checked).toEqual(['a', 'b'])
    expect(verifier.toleranceMs).toBe(5_000)
  })

  it('checks again once it has run out, for which there is an error of its own', async () => {
    const { verifier, checked, time, refused } = setUp()
    await verifier.verify('a')
    refused.add('a')
    time.now += 60 * MINUTE + 4_999
    await verifier.verify('a')
    expect(checked).toEqual(['a'])
    time.now += 1
    await expect(verifier.verify('a')).rejects.toThrow(InvalidToken)
    // And it is not remembered as good for a clock that is set back.
    time.now -= MINUTE
    await expect(verifier.verify('a')).rejects.toThrow(InvalidToken)
  })

  it('checks again when the time for which keys are trusted is over', async () => {
    const { verifier, time, refused } = setUp({ forMs: MINUTE })
    await verifier.verify('a')
    refused.add('a')
    time.now += MINUTE - 1
    await expect(verifier.verify('a')).resolves.toBeDefined()
    time.now += 1
    await expect(verifier.verify('a')).rejects.toThrow(InvalidToken)
  })

  it('checks again when the clock was set back: the token may not be valid yet', async () => {
    const { verifier, time, checked } = setUp()
    await verifier.verify('a')
    time.now -= 1
    await verifier.verify('a')
    expect(checked).toEqual(['a', 'a'])
  })

  it('remembers nothing of a token that was refused', async () => {
    const { verifier, refused } = setUp()
    refused.add('a')
    await expect(verifier.verify('a')).rejects.toThrow(InvalidToken)
    refused.clear()
    await expect(verifier.verify('a')).resolves.toMatchObject({ subject: 'a' })
  })

  it('keeps within bounds, however many tokens there are', async () => {
    const { verifier, checked } = setUp()
    const long = (n: number) => `${n}`.padEnd(8_000, 'x')
    for (let n = 0; n < 1_100; n += 1) await verifier.verify(long(n))
    await verifier.verify(long(1_099))
    expect(checked).toHaveLength(1_100)
    await verifier.verify(long(0))
    expect(checked).toHaveLength(1_101)
  })

  it('hands out what nobody can write into', async () => {
    const { verifier } = setUp()
    const viewer = await verifier.verify('a')
    expect(() => Object.assign(viewer, { subject: 'b' })).toThrow(TypeError)
    expect(() => (viewer as unknown as { roles: string[] }).roles.push('admin')).toThrow(TypeError)
  })
})
