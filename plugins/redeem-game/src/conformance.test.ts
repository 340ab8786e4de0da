import { LATEST_INSTANT, MAX_POINTS } from '@pointwell/plugin'
import { fc, openMemoryStore, testRedemptionChannel } from '@pointwell/plugin/testing'
import { redeemGame } from './channel/redeem-game.js'
import { insertStakeRound } from './store/game-stake-table.js'

/** The kit's own offer, and a round of it that takes stakes as long as there are calendars. */
const OFFER = 'offer-1'
const ROUND = 'round-1'
const words = { en: 'A game', zh: '游戏' }
const outcomes = ['home', 'away'].map((id) => ({ id, title: words }))

const chance = fc.constantFrom('1', '0.3', '1/3', '0.000001')
const points = fc.integer({ min: 1, max: 1_000 })
const weight = fc.integer({ min: 1, max: 100 })
// All redemptions that are tried share one game: with enough for each of them.
const games = fc.oneof(
  fc.record({ chance, points, cost: points, weight }).map((it) => ({
    type: 'draw',
    chance: it.chance,
    prizes: [
      { id: 'points', title: words, points: it.points, weight: it.weight },
      { id: 'cup', title: words, item: true, costMinor: it.cost },
    ],
    budget: { points: MAX_POINTS, costMinor: MAX_POINTS },
  })),
  points.map((won) => ({ type: 'guess', options: outcomes, points: won, budget: MAX_POINTS })),
  fc.constant({ type: 'revive' }),
  fc.constant({ type: 'stake', rake: '0.05' }),
)

testRedemptionChannel(redeemGame, {
  async store(tables) {
    const opened = await openMemoryStore(tables)
    await opened.store.write((manager) =>
      insertStakeRound(manager, {
        id: ROUND,
        offerId: OFFER,
        title: words,
        outcomes,
        openedAt: 0,
        closesAt: LATEST_INSTANT,
        rake: '0.05',
        nobodyWon: 'returned',
        status: 'open',
        outcome: null,
        endedAt: null,
        pool: 0,
        stakes: 0,
      }),
    )
    return opened
  },
  arbitraries: {
    offer: games,
    'order.pick': fc.constantFrom('home', 'away', null),
    'order.round': fc.constant(ROUND),
    'order.outcome': fc.constantFrom('home', 'away'),
    // Who names a commitment plays in that round or not at all.
    'order.commitment': fc.constant(null),
  },
  names: [
    'verifyPlay',
    'wonItems',
    'stakeRound',
    'stakeRounds',
    'useRevive',
    'handOverPrize',
    'joinStake',
    'openStake',
    'settleStake',
    'voidStake',
    'PlayProof',
    'PlayedStake',
    'StakeRound',
    'StakeOutcome',
    'StakeStatus',
    'NobodyWon',
    'StakeRoundConnection',
    'StakeRoundEdge',
    'UseReviveResult',
    'ReviveUsed',
    'UseReviveInput',
    'HandOverPrizeResult',
    'PrizeHandedOver',
    'HandOverPrizeInput',
    'JoinStakeResult',
    'JoinStakeInput',
    'OpenStakeResult',
    'StakeOpened',
    'OpenStakeInput',
    'StakeWordsInput',
    'StakeOutcomeInput',
    'SettleStakeResult',
    'StakeEnded',
    'SettleStakeInput',
    'VoidStakeResult',
    'VoidStakeInput',
  ],
})
