import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawTicket, ticketBy } from './draw-ticket.js'
import { commitmentOf, makeServerSeed } from './server-seed.js'

const serverSeed = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'

describe('R12: the ticket of a play', () => {
  // Worked out by Python's hashlib and hmac.
  test.each([
    {
      clientSeed: '0190-play',
      nonce: 1,
      tickets: 1_000,
      digest: 'd6f8a3e3186af0cf8bc94b695a4892bb8df2959710cb5488139c6f0c690f0c19',
      ticket: 641,
    },
    {
      clientSeed: '0190-play',
      nonce: 2,
      tickets: 1_000,
      digest: 'ca734a882a0b950fdf62573fde66e0c1455a6ee0476c480c18ee336ac8e236d8',
      ticket: 312,
    },
    {
      clientSeed: '红包 🧧',
      nonce: 1,
      tickets: 3,
      digest: 'dada50d970648489c0430f698af06df6530a165d511c1dda651337f549beac7f',
      ticket: 2,
    },
    {
      clientSeed: 'a:b',
      nonce: 7,
      tickets: Number.MAX_SAFE_INTEGER,
      digest: '8ccb08e178fff6723b8dc524172a595cdff84c86265957e52b0f0eac75755b93',
      ticket: 7_037_040_832_423_126,
    },
    {
      clientSeed: 'x',
      nonce: 1,
      tickets: 1,
      digest: 'fdc71901b2eb2caaee81ef3f71a3f96f34e7e90896f7381d8796bd3aa4b1380f',
      ticket: 0,
    },
  ])('of $clientSeed:$nonce among $tickets is $ticket', ({ digest, ticket, ...input }) => {
    expect(drawTicket({ serverSeed, ...input })).toEqual({ digest, ticket })
  })

  test('is below the number of tickets, and hangs on each of what it is drawn with', () => {
    const input = fc.record({
      serverSeed: fc.constant(serverSeed),
      clientSeed: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }),
      nonce: fc.integer({ min: 1 }),
      tickets: fc.maxSafeNat().map((many) => Math.max(1, many)),
    })
    fc.assert(
      fc.property(input, (it) => {
        const { digest, ticket } = drawTicket(it)
        expect(Number.isSafeInteger(ticket) && ticket >= 0 && ticket < it.tickets).toBe(true)
        expect(drawTicket({ ...it, nonce: it.nonce + 1 }).digest).not.toBe(digest)
        expect(drawTicket({ ...it, clientSeed: `${it.clientSeed}x` }).digest).not.toBe(digest)
        expect(drawTicket({ ...it, serverSeed: makeServerSeed() }).digest).not.toBe(digest)
      }),
    )
  })

  test('throws the last, incomplete run away and goes on with the digest', () => {
    const last = 'f'.repeat(64)
    const asked: string[] = []
    const digests = [last, `${'0'.repeat(63)}8`]
    const drawn = ticketBy(
      (message) => {
        asked.push(message)
        return digests.shift() as string
      },
      { message: 'm:1', tickets: 3 },
    )
    // 2^256 = 3 × … + 1: exactly one number is too many for three tickets.
    expect(asked).toEqual(['m:1', last])
    expect(drawn).toEqual({ digest: `${'0'.repeat(63)}8`, ticket: 2 })
    expect(ticketBy(() => `${'f'.repeat(63)}e`, { message: 'm:1', tickets: 3 }).ticket).toBe(2)
    expect(ticketBy(() => last, { message: 'm:1', tickets: 4 }).ticket).toBe(3)
  })

  test('is each as often: χ² of 100,000 draws of one seed', () => {
    const seen = new Array<number>(10).fill(0)
    for (let nonce = 1; nonce <= 100_000; nonce += 1) {
      const { ticket } = drawTicket({ serverSeed, clientSeed: 'chi', nonce, tickets: 10 })
      seen[ticket]! += 1
    }
    const chiSquare = seen.reduce((sum, many) => sum + (many - 10_000) ** 2 / 10_000, 0)
    // Nine degrees of freedom: one fair draw in a thousand is above. The seed is fixed, and so is the sum.
    expect(chiSquare).toBeLessThan(27.88)
    expect(chiSquare).toBeCloseTo(7.468, 9)
  })
})

test('R12: a commitment is the SHA-256 of the seed’s bytes', () => {
  expect(commitmentOf(serverSeed)).toBe(
    '630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd',
  )
  expect(makeServerSeed()).toMatch(/^[0-9a-f]{64}$/)
  expect(makeServerSeed()).not.toBe(makeServerSeed())
})
