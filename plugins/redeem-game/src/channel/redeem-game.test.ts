import {
  type Cancellation,
  type Fulfilment,
  openCalendar,
  type PluginStore,
  runEffect,
} from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPluginDatabases, pluginDatabases } from '../../../../test/support/plugin-databases.js'
import { beginRound, findRound } from '../fair/seed-rounds.js'
import { commitmentOf } from '../fair/server-seed.js'
import { verifyDraw } from '../fair/verify-draw.js'
import { type GameOffer, gameOffer } from '../offer/game-offer.js'
import { gameOrder } from '../order/game-order.js'
import type { Play } from '../play/play.js'
import { type GameSettings, gameSettings } from '../settings/game-settings.js'
import { openStake } from '../stake/open-stake.js'
import type { StakeRound } from '../stake/stake-round.js'
import { GamePlayEntity } from '../store/game-play.entity.js'
import { playOf } from '../store/game-play-row.js'
import { readPlay } from '../store/game-play-table.js'
import { GameStakeEntity } from '../store/game-stake.entity.js'
import { findStakeRound } from '../store/game-stake-table.js'
import { findGameState } from '../store/game-state.js'
import { checkGame } from './check-game.js'
import { redeemGame } from './redeem-game.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const DAY_MS = 86_400_000
const words = { en: 'A game', zh: '游戏' }

const lucky: GameOffer = gameOffer.parse({
  type: 'draw',
  chance: '1/2',
  prizes: [
    { id: 'small', title: words, points: 10, weight: 6 },
    { id: 'big', title: words, points: 70, weight: 2, stock: 3 },
    { id: 'cup', title: words, item: true, costMinor: 900, weight: 2 },
  ],
  budget: { points: 400, costMinor: 2_000 },
})
const guess: GameOffer = gameOffer.parse({
  type: 'guess',
  options: ['red', 'blue'].map((id) => ({ id, title: words })),
  points: 30,
  budget: 100,
})

interface Given {
  id?: string
  offerId?: string
  details?: GameOffer
  order?: object
  now?: number
  at?: number
  memberId?: string
  settings?: Partial<GameSettings>
  signal?: AbortSignal
}

/** As the programme calls it: behind the wall that turns a fault into `unknown`. */
function fulfil(store: PluginStore, given: Given = {}): Promise<Fulfilment> {
  return runEffect(redeemGame, 'fulfil', contextOf(store, given), optionsOf(given))
}

function cancel(store: PluginStore, given: Given = {}): Promise<Cancellation> {
  const context = { ...contextOf(store, given), receipt: null }
  return runEffect(redeemGame, 'cancel', context, optionsOf(given))
}

const optionsOf = ({ signal }: Given) => (signal ? { signal } : {})

function contextOf(store: PluginStore, given: Given) {
  const { id = 'r-1', offerId = 'lucky', details = lucky, order = {}, now = NOW } = given
  const { at = now, memberId = 'ada', settings = {} } = given
  return {
    settings: gameSettings.parse(settings),
    offer: { id: offerId, title: words, details, cashValueMinor: 200, currency: 'CNY' },
    redemption: { id, memberId, points: 100, order: gameOrder.parse(order), at },
    calendar: openCalendar('Asia/Shanghai'),
    now,
    store,
  }
}

const times = <T>(count: number, work: (index: number) => T): Promise<Awaited<T>[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const allPlays = async (store: PluginStore): Promise<Play[]> =>
  (await store.read((manager) => manager.find(GamePlayEntity, { order: { nonce: 'ASC' } }))).map(
    playOf,
  )
const refusedWith = (answer: Fulfilment) => ('code' in answer ? answer.code : null)

test('R12: is a closed-loop channel', () => {
  expect(redeemGame).toMatchObject({ id: 'game', kind: 'redemption-channel', loop: 'closed' })
  expect(redeemGame.settings.parse({})).toEqual(gameSettings.parse({}))
  expect(redeemGame.order.parse(undefined)).toEqual(gameOrder.parse({}))
})

describe('R12: what nobody pays for', () => {
  const check = (
    details: GameOffer,
    { order = {}, region = null as string | null, closedIn = [] as string[] } = {},
  ) =>
    checkGame({
      settings: gameSettings.parse({ closedIn }),
      offer: { details },
      order: gameOrder.parse(order),
      member: { region } as never,
    })

  test('is a game in a region where it is off', () => {
    const closed = { ...lucky, closedIn: ['north'] }
    const off = { refused: true, code: 'GAME_NOT_IN_REGION', figures: {} }
    expect(check(closed, { region: 'north' })).toEqual(off)
    expect(check(lucky, { region: 'north', closedIn: ['south', 'north'] })).toEqual(off)
    expect(check(closed, { region: 'south', closedIn: ['west'] })).toBeNull()
    expect(check(closed)).toBeNull()
  })

  const stake = gameOffer.parse({ type: 'stake' })
  test.each([
    ['pick', lucky, { pick: 'red' }],
    ['pick', guess, {}],
    ['pick', guess, { pick: 'green' }],
    ['clientSeed', gameOffer.parse({ type: 'revive' }), { clientSeed: 'x' }],
    ['round', stake, {}],
    ['outcome', stake, { round: 'r' }],
    ['commitment', stake, { round: 'r', outcome: 'home', commitment: 'a'.repeat(64) }],
  ])('names %s', (field, details, order) => {
    expect(check(details, { order })).toMatchObject({ code: 'INVALID_INPUT', figures: { field } })
  })

  test('all else can be played', () => {
    expect(check(lucky, { order: { clientSeed: 'mine' } })).toBeNull()
    expect(check(guess, { order: { pick: 'red' } })).toBeNull()
    expect(check(stake, { order: { round: 'r', outcome: 'home' } })).toBeNull()
  })
})

describe.each(pluginDatabases())('on %s', (on) => {
  const open = (servers = 1) => openPluginDatabases(on, redeemGame, { servers, poolSize: 16 })

  test('the migration goes up, down and up again', async () => {
    const [store] = await openPluginDatabases(on, redeemGame, { migrate: false })
    const migrations = ['CreateGame1767225603400', 'AddStakeDue1767225603410']
    expect(await store.migrate()).toEqual(migrations)
    expect(await fulfil(store)).toMatchObject({ outcome: 'fulfilled' })
    for (const name of migrations.toReversed()) expect(await store.undoLastMigration()).toBe(name)
    await expect(allPlays(store)).rejects.toThrow()
    await store.migrate()
    expect(await allPlays(store)).toEqual([])
  })

  test('R6: a redemption is one play, however often and wherever it is asked', async () => {
    const servers = await open(2)
    const answers = await times(24, (index) => fulfil(servers[index % 2]!))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ outcome: 'fulfilled' })
    expect(await fulfil(servers[0], { now: NOW + 400 * DAY_MS, details: guess })).toEqual(
      answers[0],
    )
    expect(await allPlays(servers[0])).toHaveLength(1)
    const round = await servers[0].read((manager) =>
      findRound(manager, { offerId: 'lucky', number: 1 }),
    )
    expect(round).toMatchObject({ plays: 1, revealedAt: null })
  })

  test('R6: a call that died after its commit has played, one that died before has not', async () => {
    const [store] = await open()
    await beginRound(store, { offerId: 'lucky', now: NOW, mayEnd: () => false })
    const died = (when: 'before' | 'after'): PluginStore => ({
      isDuplicateKey: (fault) => store.isDuplicateKey(fault),
      read: (work) => store.read(work),
      write: async (work) => {
        const done = await store.write(async (manager) => {
          const result = await work(manager)
          if (when === 'before') throw new Error('the server went down')
          return result
        })
        if (done) throw new Error('the server went down')
        return done
      },
    })
    expect(await fulfil(died('before'))).toMatchObject({ outcome: 'unknown' })
    expect(await allPlays(store)).toEqual([])
    expect(await store.read((manager) => findGameState(manager, 'lucky'))).toMatchObject({
      given: { points: 0, costMinor: 0 },
    })
    expect(await fulfil(died('after'))).toMatchObject({ outcome: 'unknown' })
    const [play] = await allPlays(store)
    expect(play?.draw?.nonce).toBe(1)
    expect(await fulfil(store)).toMatchObject({
      outcome: 'fulfilled',
      receipt: { draw: { nonce: 1, digest: play?.draw?.digest } },
    })
    const aborted = { id: 'r-2', signal: AbortSignal.abort() }
    expect(await fulfil(store, aborted)).toMatchObject({ outcome: 'unknown' })
    expect(await allPlays(store)).toHaveLength(1)
  })

  test('R12: numbers of a round follow one another under four servers, and each play verifies', async () => {
    const servers = await open(4)
    const settings = { roundPlays: 10 }
    // Enough for all of them, however lucky: with nothing left to win a play is refused.
    const details = gameOffer.parse({ ...lucky, budget: { points: 37 * 70, costMinor: 37 * 900 } })
    const answers = await times(37, (index) =>
      fulfil(servers[index % 4]!, {
        id: `r-${index}`,
        details,
        settings,
        order: { clientSeed: '种 🌱' },
      }),
    )
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['fulfilled']))
    const plays = await allPlays(servers[0])
    const numbers = plays.map(({ draw }) => `${draw?.round}:${draw?.nonce}`).sort()
    const wanted = Array.from({ length: 37 }, (_, n) => `${1 + Math.floor(n / 10)}:${1 + (n % 10)}`)
    expect(numbers).toEqual(wanted.sort())
    for (const play of plays) {
      const draw = play.draw!
      const name = { offerId: 'lucky', number: draw.round }
      const round = await servers[0].read((manager) => findRound(manager, name))
      const answer = answers[Number(play.id.slice(2))] as { receipt: unknown }
      // The seed of the round that is open is shown to nobody.
      expect(round?.revealedAt).toBe(draw.round === 4 ? null : NOW)
      expect(draw.commitment).toBe(commitmentOf(round!.serverSeed))
      const verified = { draw, round, receipt: answer.receipt }
      expect(verifyDraw(verified)).toBe(draw.round === 4 ? null : true)
    }
  })

  test('R12: budget and stock are never overshot, whoever plays at once', async () => {
    const prize = fc.record({
      isItem: fc.boolean(),
      worth: fc.integer({ min: 1, max: 60 }),
      weight: fc.integer({ min: 1, max: 5 }),
      stock: fc.option(fc.integer({ min: 0, max: 4 })),
    })
    const games = fc.record({
      chance: fc.constantFrom('1', '3/4', '0.3'),
      prizes: fc.array(prize, { minLength: 1, maxLength: 4 }),
      points: fc.nat({ max: 250 }),
      costMinor: fc.nat({ max: 250 }),
    })
    const servers = await open(2)
    let game = 0
    await fc.assert(
      fc.asyncProperty(games, async ({ chance, prizes, points, costMinor }) => {
        game += 1
        const offerId = `game-${game}`
        const details = gameOffer.parse({
          type: 'draw',
          chance,
          prizes: prizes.map(({ isItem, worth, weight, stock }, place) => ({
            id: `p-${place}`,
            title: words,
            weight,
            stock,
            ...(isItem ? { item: true, costMinor: worth } : { points: worth }),
          })),
          budget: {
            points: prizes.some((it) => !it.isItem) ? points : null,
            costMinor: prizes.some((it) => it.isItem) ? costMinor : null,
          },
        })
        const answers = await times(24, (index) =>
          fulfil(servers[index % 2]!, { id: `${offerId}-${index}`, offerId, details }),
        )
        const plays = (await allPlays(servers[0])).filter((it) => it.offerId === offerId)
        const won = plays.flatMap((it) => it.prize ?? [])
        const sum = (of: (prize: (typeof won)[number]) => number) =>
          won.reduce((all, it) => all + of(it), 0)
        expect(sum((it) => it.points)).toBeLessThanOrEqual(points)
        expect(sum((it) => it.costMinor)).toBeLessThanOrEqual(costMinor)
        prizes.forEach(({ stock }, place) => {
          const many = won.filter(({ id }) => id === `p-${place}`).length
          expect(many).toBeLessThanOrEqual(stock ?? many)
        })
        // The counters say the very same.
        const { given } = await servers[0].read((manager) => findGameState(manager, offerId))
        expect(given.points).toBe(sum((it) => it.points))
        expect(given.costMinor).toBe(sum((it) => it.costMinor))
        // What was awarded is what was drawn, and nobody is refused while anything is left.
        const awarded = answers.reduce(
          (all, it) => all + ('award' in it ? (it.award?.points ?? 0) : 0),
          0,
        )
        expect(awarded).toBe(given.points)
        const gone = answers.filter((it) => refusedWith(it) === 'GAME_PRIZES_GONE').length
        expect(plays.filter((it) => it.refusedWith !== null)).toHaveLength(gone)
        const isLeft = prizes.some(({ isItem, worth, stock }, place) => {
          const many = won.filter(({ id }) => id === `p-${place}`).length
          const left = isItem ? costMinor - given.costMinor : points - given.points
          return worth <= left && (stock === null || many < stock)
        })
        if (isLeft) expect(gone).toBe(0)
        if (!isLeft)
          expect(await fulfil(servers[0], { id: `${offerId}-x`, offerId, details })).toEqual({
            outcome: 'refused',
            code: 'GAME_PRIZES_GONE',
          })
      }),
      { numRuns: 12 },
    )
  })

  test('R12: a refusal stands, also where there is something to win again', async () => {
    const [store] = await open()
    const empty = gameOffer.parse({ ...guess, budget: 29 })
    const order = { pick: 'red' }
    const gone = { outcome: 'refused', code: 'GAME_PRIZES_GONE' }
    expect(await fulfil(store, { details: empty, order })).toEqual(gone)
    expect(await fulfil(store, { details: guess, order })).toEqual(gone)
    expect(await fulfil(store, { id: 'r-2', details: guess, order })).toMatchObject({
      outcome: 'fulfilled',
    })
  })

  test('R12: a guess wins where the draw falls on the pick, and only there', async () => {
    const [store] = await open()
    const rich = gameOffer.parse({ ...guess, budget: 10_000 })
    for (let index = 0; index < 48; index += 1) {
      const pick = index % 2 ? 'red' : 'blue'
      const answer = await fulfil(store, { id: `r-${index}`, details: rich, order: { pick } })
      const play = await readPlay(store, `r-${index}`)
      const isRight = play?.draw?.result === pick
      expect(play?.prize?.points ?? 0).toBe(isRight ? 30 : 0)
      expect('award' in answer ? answer.award : null).toEqual(
        isRight
          ? {
              points: 30,
              because: [{ step: 'game-prize', points: 30, figures: { game: 'lucky' } }],
            }
          : null,
      )
    }
    const results = new Set((await allPlays(store)).map(({ draw }) => draw?.result))
    expect(results).toEqual(new Set(['red', 'blue']))
  })

  test('R12: who saw another commitment does not play', async () => {
    const [store] = await open()
    const open1 = await beginRound(store, { offerId: 'lucky', now: NOW, mayEnd: () => false })
    const order = { commitment: open1.commitment, clientSeed: 'mine' }
    expect(await fulfil(store, { order })).toMatchObject({ outcome: 'fulfilled' })
    const later = { now: NOW + 7 * DAY_MS, order }
    const ended = { outcome: 'refused', code: 'GAME_ROUND_ENDED' }
    expect(await fulfil(store, { id: 'r-2', ...later })).toEqual(ended)
    // What was said once, stands.
    const open2 = await store.read((manager) => findRound(manager, { offerId: 'lucky', number: 2 }))
    const again = { id: 'r-2', ...later, order: { commitment: open2!.commitment } }
    expect(await fulfil(store, again)).toEqual(ended)
    expect(await fulfil(store, { ...again, id: 'r-3' })).toMatchObject({ outcome: 'fulfilled' })
    expect(
      await store.read((manager) => findRound(manager, { offerId: 'lucky', number: 1 })),
    ).toEqual({ ...open1, plays: 1, revealedAt: later.now })
  })

  test('R12: a round ends by its days or its plays, with the next play', async () => {
    const [store] = await open()
    const roundOf = async (id: string, more: Given = {}) => {
      await fulfil(store, { id, settings: { roundDays: 2, roundPlays: 3 }, ...more })
      return (await readPlay(store, id))?.draw?.round
    }
    const end = NOW + 2 * DAY_MS
    expect(await roundOf('a')).toBe(1)
    expect(await roundOf('b', { now: end - 1 })).toBe(1)
    expect(await roundOf('c', { now: end })).toBe(2)
    expect(await roundOf('d', { now: end })).toBe(2)
    expect(await roundOf('e', { now: end })).toBe(2)
    expect(await roundOf('f', { now: end })).toBe(3)
  })

  test('R12: what was changed since is found', async () => {
    const [store] = await open()
    const answer = (await fulfil(store, { order: { clientSeed: 'mine' } })) as { receipt: unknown }
    await beginRound(store, { offerId: 'lucky', now: NOW, mayEnd: () => true })
    const play = await readPlay(store, 'r-1')
    const draw = play!.draw!
    const round = (await store.read((manager) =>
      findRound(manager, { offerId: 'lucky', number: 1 }),
    ))!
    const { receipt } = answer
    expect(verifyDraw({ draw, round, receipt })).toBe(true)
    const other = 'b'.repeat(64)
    const table = draw.table.replace('"small"', '"tiny"')
    // Whoever changes one thing has to change them all, and the receipt is in the ledger.
    const consistent = { ...draw, result: draw.result === 'small' ? 'tiny' : draw.result, table }
    const lies: [typeof draw, typeof round | null, unknown][] = [
      [draw, { ...round, serverSeed: other }, receipt],
      [draw, { ...round, serverSeed: other, commitment: commitmentOf(other) }, receipt],
      [
        { ...draw, commitment: commitmentOf(other) },
        { ...round, serverSeed: other, commitment: commitmentOf(other) },
        null,
      ],
      [{ ...draw, table }, round, receipt],
      [consistent, round, receipt],
      [{ ...draw, result: draw.result === 'cup' ? null : 'cup' }, round, null],
      [{ ...draw, ticket: draw.ticket === 0 ? 1 : draw.ticket - 1 }, round, null],
      [{ ...draw, nonce: 2 }, round, null],
      [{ ...draw, clientSeed: 'yours' }, round, receipt],
      [draw, null, receipt],
    ]
    for (const [lie, kept, told] of lies) {
      expect([lie, verifyDraw({ draw: lie, round: kept, receipt: told })]).toEqual([lie, false])
    }
    expect(verifyDraw({ draw: { ...draw, clientSeed: null }, round, receipt })).toBeNull()
  })

  describe('R12: stakes', () => {
    const details = gameOffer.parse({ type: 'stake', rake: '0.1' })
    const openRound = (store: PluginStore, id = 'final') =>
      openStake(store, {
        offer: { id: 'bet', details: details as never },
        input: {
          id,
          title: words,
          outcomes: ['home', 'away'].map((it) => ({ id: it, title: words })),
          closesAt: NOW + DAY_MS,
        },
        now: NOW,
        record: async () => {},
      })
    const stake = (store: PluginStore, more: Given = {}) =>
      fulfil(store, {
        offerId: 'bet',
        details,
        order: { round: 'final', outcome: 'home' },
        ...more,
      })

    test('are in the pool once each', async () => {
      const servers = await open(2)
      await openRound(servers[0])
      const answers = await times(24, (index) =>
        stake(servers[index % 2]!, { id: `r-${index % 8}` }),
      )
      expect(answers[0]).toEqual({
        outcome: 'fulfilled',
        receipt: { game: 'stake', stake: { round: 'final', outcome: 'home' } },
      })
      expect(new Set(answers.map((it) => JSON.stringify(it))).size).toBe(1)
      const round = await servers[0].read((manager) => findStakeRound(manager, 'final'))
      expect(round).toMatchObject({ pool: 800, stakes: 8, status: 'open' })
    })

    test.each<[how: string, end: Partial<StakeRound>, comesBack: boolean]>([
      ['is open', { status: 'open' }, false],
      ['was voided', { status: 'voided' }, true],
      ['was won', { status: 'settled', outcome: 'home' }, false],
      ['was lost to others', { status: 'settled', outcome: 'away' }, false],
      ['was won by nobody, and is returned', { status: 'settled', outcome: 'drawn' }, true],
      [
        'was won by nobody, and is kept',
        { status: 'settled', outcome: 'drawn', nobodyWon: 'kept' },
        false,
      ],
    ])('are taken back by their round alone: where it %s', async (_, end, comesBack) => {
      const [store] = await open()
      await openRound(store)
      await stake(store)
      await stake(store, { id: 'r-2', order: { round: 'final', outcome: 'away' } })
      await store.write((manager) => manager.update(GameStakeEntity, { id: 'final' }, end))
      const given = { offerId: 'bet', details }
      const said = comesBack
        ? { outcome: 'cancelled' }
        : { outcome: 'refused', code: 'GAME_PLAY_FINAL' }
      expect(await cancel(store, given)).toEqual(said)
      expect(await cancel(store, { ...given, now: NOW + 9 * DAY_MS })).toEqual(said)
      // What never came in, and what is no stake, comes back by nothing.
      const final = { outcome: 'refused', code: 'GAME_PLAY_FINAL' }
      expect(await cancel(store, { ...given, id: 'r-9' })).toEqual(final)
      expect(await fulfil(store, { id: 'r-3' })).toMatchObject({ outcome: 'fulfilled' })
      expect(await cancel(store, { id: 'r-3' })).toEqual(final)
      expect(await cancel(store, { ...given, signal: AbortSignal.abort() })).toMatchObject({
        outcome: 'unknown',
      })
    })

    test('are refused for another round, another outcome and after the close, and so for ever', async () => {
      const [store] = await open()
      await openRound(store)
      const late = { id: 'r-1', now: NOW + DAY_MS }
      expect(refusedWith(await stake(store, late))).toBe('STAKE_CLOSED')
      expect(refusedWith(await stake(store, { ...late, now: NOW }))).toBe('STAKE_CLOSED')
      // Held in time and asked too late: whoever paid a part in money meanwhile may know the outcome.
      const held = { at: NOW + DAY_MS - 2, now: NOW + DAY_MS }
      expect(refusedWith(await stake(store, { id: 'r-6', ...held }))).toBe('STAKE_CLOSED')
      const back = { id: 'r-7', at: NOW + DAY_MS, now: NOW }
      expect(refusedWith(await stake(store, back))).toBe('STAKE_CLOSED')
      const inTime = { id: 'r-2', ...held, now: NOW + DAY_MS - 1 }
      expect(await stake(store, inTime)).toMatchObject({ outcome: 'fulfilled' })
      const order = (round: string, outcome: string) => ({ order: { round, outcome } })
      const codes = [
        await stake(store, { id: 'r-3', ...order('other', 'home') }),
        await stake(store, { id: 'r-4', ...order('final', 'draw') }),
        await stake(store, { id: 'r-5', offerId: 'another' }),
      ].map(refusedWith)
      expect(codes).toEqual(['STAKE_NOT_FOUND', 'STAKE_OUTCOME_UNKNOWN', 'STAKE_NOT_FOUND'])
      const round = await store.read((manager) => findStakeRound(manager, 'final'))
      expect(round).toMatchObject({ pool: 100, stakes: 1 })
    })
  })
})
