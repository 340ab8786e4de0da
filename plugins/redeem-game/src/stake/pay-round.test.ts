import {
  type Awarded,
  type AwardRequest,
  type Redeemed,
  type Refusal,
  refuse,
} from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  openPluginDatabases,
  type PluginDatabase,
  pluginDatabases,
} from '../../../../test/support/plugin-databases.js'
import { redeemGame } from '../channel/redeem-game.js'
import type { Play } from '../play/play.js'
import { insertPlay, readPlay } from '../store/game-play-table.js'
import { insertStakeRound } from '../store/game-stake-table.js'
import { payRound } from './pay-round.js'
import { rakeOf } from './share-pool.js'
import type { StakeRound } from './stake-round.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const words = { en: 'A round', zh: '一轮' }

function stakeOf(round: string, place: number, points: number, outcome: string): Play {
  return {
    id: `${round}-${String(place).padStart(3, '0')}`,
    offerId: 'bet',
    memberId: `m-${place}`,
    type: 'stake',
    refusedWith: null,
    spent: points,
    at: NOW,
    pick: null,
    draw: null,
    prize: null,
    use: null,
    stake: { round, outcome, payout: null, paidAt: null, isForfeited: false },
  }
}

async function settled(
  store: PluginDatabase,
  id: string,
  stakes: readonly (readonly [points: number, outcome: string])[],
  more: Partial<StakeRound> = {},
): Promise<StakeRound> {
  const round: StakeRound = {
    id,
    offerId: 'bet',
    title: words,
    outcomes: ['home', 'away'].map((it) => ({ id: it, title: words })),
    openedAt: NOW,
    closesAt: NOW + 1,
    rake: '0.1',
    nobodyWon: 'returned',
    status: 'settled',
    outcome: 'home',
    endedAt: NOW + 1,
    pool: stakes.reduce((sum, [points]) => sum + points, 0),
    stakes: stakes.length,
    ...more,
  }
  await store.write(async (manager) => {
    await insertStakeRound(manager, round)
    for (const [place, [points, outcome]] of stakes.entries()) {
      await insertPlay(manager, stakeOf(id, place, points, outcome))
    }
  })
  return round
}

/** A programme that only awards, once a key, and as `before` says, and takes redemptions back, once each. */
function programOf(
  store: PluginDatabase,
  before: (request: AwardRequest, call: number) => Refusal | null = () => null,
) {
  const given = new Map<string, number>()
  let calls = 0
  const award = async (request: AwardRequest): Promise<Awarded | Refusal> => {
    calls += 1
    const refusal = before(request, calls)
    if (refusal) return refusal
    const { memberId, idempotencyKey: key, points } = request
    expect(given.get(key) ?? points).toBe(points)
    const replayed = given.has(key)
    given.set(key, points)
    // Of a posting that is not looked at.
    return { memberId, points, replayed, transaction: {} as Awarded['transaction'] }
  }
  const cancelRedemption = async (id: string) => {
    const { spent, memberId } = (await readPlay(store, id))!
    calls += 1
    const refusal = before({ memberId } as AwardRequest, calls)
    if (refusal) return refusal
    given.set(`stake:${id}`, spent)
    return { id, status: 'cancelled' } as Redeemed
  }
  return { given, program: { award, cancelRedemption, store: () => store } }
}

const sumOf = (given: ReadonlyMap<string, number>) =>
  [...given.values()].reduce((sum, it) => sum + it, 0)

describe.each(pluginDatabases())('R12: payments on %s', (on) => {
  test('sum to the pool less the rake, wherever they break off', async () => {
    const [store] = await openPluginDatabases(on, redeemGame)
    const stake = fc.tuple(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom('home', 'away'))
    let rounds = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(stake, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        async (stakes, deaths, most) => {
          rounds += 1
          const round = await settled(store, `round-${rounds}`, stakes)
          const hasWinner = stakes.some(([, outcome]) => outcome === 'home')
          const { given, program } = programOf(store)
          // A server that dies after so many awards, in the middle of the next.
          for (const death of deaths) {
            let calls = 0
            const dying = {
              ...program,
              award: async (request: AwardRequest) => {
                calls += 1
                const isLast = calls >= death
                const answer = await program.award(request)
                if (isLast) throw new Error('the server went down')
                return answer
              },
              cancelRedemption: async (id: string) => {
                calls += 1
                const isLast = calls >= death
                const answer = await program.cancelRedemption(id)
                if (isLast) throw new Error('the server went down')
                return answer
              },
            }
            await payRound(dying, { round, now: NOW + 2, most }).catch(() => null)
          }
          let left = Infinity
          for (let call = 0; left > 0; call += 1) {
            expect(call).toBeLessThanOrEqual(stakes.length)
            const paid = await payRound(program, { round, now: NOW + 3, most })
            expect(paid.refusedWith).toBeNull()
            left = paid.left
          }
          const net = hasWinner ? round.pool - rakeOf(round.pool, round.rake) : round.pool
          expect(sumOf(given)).toBe(net)
          let payouts = 0
          for (const place of stakes.keys()) {
            const play = await readPlay(store, stakeOf(round.id, place, 1, 'home').id)
            expect(play?.stake?.payout).toBe(given.get(`stake:${play?.id}`) ?? 0)
            payouts += play?.stake?.payout ?? 0
          }
          expect(payouts).toBe(net)
          expect(await payRound(program, { round, now: NOW + 4 })).toEqual({
            left: 0,
            refusedWith: null,
          })
        },
      ),
      { numRuns: 12 },
    )
  })

  test('to who is erased are forfeited, and hold up nobody', async () => {
    const [store] = await openPluginDatabases(on, redeemGame)
    const stakes = [
      [10, 'home'],
      [30, 'home'],
      [60, 'away'],
    ] as const
    const round = await settled(store, 'gone', stakes)
    const { given, program } = programOf(store, ({ memberId }) =>
      memberId === 'm-1' ? refuse('MEMBER_NOT_FOUND', { field: 'memberId' }) : null,
    )
    expect(await payRound(program, { round, now: NOW + 2 })).toEqual({ left: 0, refusedWith: null })
    expect(given).toEqual(new Map([['stake:gone-000', 23]]))
    expect((await readPlay(store, 'gone-001'))?.stake).toMatchObject({
      payout: 67,
      isForfeited: true,
    })
    expect((await readPlay(store, 'gone-002'))?.stake).toMatchObject({
      payout: 0,
      isForfeited: false,
    })
  })

  test('that are refused stay owed, and the others go on', async () => {
    const [store] = await openPluginDatabases(on, redeemGame)
    const stakes = [
      [1, 'home'],
      [1, 'home'],
      [1, 'home'],
    ] as const
    const round = await settled(store, 'full', stakes, { rake: '0' })
    let isFull = true
    const { given, program } = programOf(store, ({ memberId }) =>
      isFull && memberId === 'm-1' ? refuse('BALANCE_TOO_LARGE') : null,
    )
    const paid = await payRound(program, { round, now: NOW + 2 })
    expect(paid).toEqual({ left: 1, refusedWith: 'BALANCE_TOO_LARGE' })
    expect(sumOf(given)).toBe(2)
    isFull = false
    expect(await payRound(program, { round, now: NOW + 3 })).toEqual({ left: 0, refusedWith: null })
    expect(sumOf(given)).toBe(3)
  })
})
