import { isRefusal, type Refusal } from '@pointwell/ledger'
import type { Viewer } from '@pointwell/plugin'
import type { NewOffer, Program } from '@pointwell/program'
import { endStakeRound, openStakeRound } from '@pointwell/redeem-game'
import { DEMO_MEMBER } from './demo-acts.js'
import type { OperatorAct } from './demo-operators.js'

const DAY_MS = 86_400_000
const yuan = (amount: number) => ({ amountMinor: amount * 100, currency: 'CNY' })

/** One game of each type. Nobody has played what is drawn: a demo is the same each time, and a draw is not. */
export const DEMO_GAMES: readonly NewOffer[] = [
  {
    id: 'lucky-leaf',
    channel: 'game',
    title: { en: 'Lucky leaf', zh: '幸运茶叶' },
    cashValue: yuan(2),
    price: { byHand: 100 },
    limitPerMember: { count: 5, period: 'day' },
    details: {
      type: 'draw',
      prizes: [
        { id: 'leaf', title: { en: '50 points', zh: '50积分' }, points: 50, weight: 80 },
        { id: 'bud', title: { en: '500 points', zh: '500积分' }, points: 500, weight: 19 },
        {
          id: 'cup',
          title: { en: 'A celadon cup', zh: '青瓷杯' },
          item: true,
          costMinor: 8_950,
          weight: 1,
          stock: 3,
        },
      ],
      budget: { points: 20_000, costMinor: 26_850 },
    },
  },
  {
    id: 'which-tea',
    channel: 'game',
    title: { en: 'Which tea is it?', zh: '猜猜是哪种茶' },
    cashValue: yuan(1),
    price: { byHand: 50 },
    limitPerMember: { count: 3, period: 'day' },
    details: {
      type: 'guess',
      options: [
        { id: 'oolong', title: { en: 'Oolong', zh: '乌龙' } },
        { id: 'pu-erh', title: { en: 'Pu-erh', zh: '普洱' } },
        { id: 'longjing', title: { en: 'Longjing', zh: '龙井' } },
      ],
      points: 120,
      budget: 10_000,
      closedIn: ['class-3'],
    },
  },
  {
    id: 'another-cup',
    channel: 'game',
    title: { en: 'Another cup in the tea garden', zh: '茶园再来一杯' },
    cashValue: yuan(1),
    price: { byHand: 20 },
    limitPerMember: { count: 2, period: 'day' },
    details: { type: 'revive' },
  },
  {
    id: 'tea-master',
    channel: 'game',
    title: { en: 'Who is tea master?', zh: '谁是茶王' },
    cashValue: yuan(1),
    price: { byHand: 50 },
    details: { type: 'stake', rake: '0.1' },
  },
]

const OUTCOMES = [
  { id: 'oolong', title: { en: 'An oolong', zh: '乌龙茶' } },
  { id: 'pu-erh', title: { en: 'A pu-erh', zh: '普洱茶' } },
]

/** A contest that was settled yesterday, three of five right, and one that stakes are taken for. */
export function gameActs(now: number): OperatorAct[] {
  const daysAgo = (
    days: number,
    perform: (program: Program, at: number) => Promise<object | Refusal>,
  ): OperatorAct => {
    const at = now - days * DAY_MS
    return { at, act: 'operator', perform: (program) => perform(program, at) }
  }
  const open = (id: string, title: { en: string; zh: string }, days: number, closesIn: number) =>
    daysAgo(days, (program, at) =>
      openStakeRound(contextOf(program, at), {
        id,
        offerId: 'tea-master',
        title,
        outcomes: OUTCOMES,
        closesAt: at + closesIn * DAY_MS,
        reason: 'the contest of the month',
      }),
    )
  const redeem = (days: number, memberId: string, offerId: string, order: object) =>
    daysAgo(days, (program) =>
      program.redeem({ memberId, offerId, idempotencyKey: `demo-${offerId}`, order }),
    )
  const stakes = [DEMO_MEMBER, 'm-1002', 'm-1003', 'm-1004', 'm-1005'].map((memberId, place) => {
    const outcome = place < 3 ? 'oolong' : 'pu-erh'
    return redeem(3 - place / 100, memberId, 'tea-master', { round: 'autumn', outcome })
  })
  return [
    open('autumn', { en: 'The autumn contest', zh: '秋季斗茶' }, 4, 2),
    ...stakes,
    daysAgo(1.2, async (program, at) => {
      const end = { roundId: 'autumn', outcome: 'oolong', reason: 'the jury has said so' }
      const ended = await endStakeRound(contextOf(program, at), end)
      if (isRefusal(ended) || ended.paid.left === 0) return ended
      throw new Error(`The demo did not pay its stakes: ${ended.paid.refusedWith}`)
    }),
    open('winter', { en: 'The winter contest', zh: '冬季斗茶' }, 0.5, 14),
    redeem(0.4, DEMO_MEMBER, 'another-cup', {}),
  ]
}

function contextOf(program: Program, at: number) {
  const viewer: Viewer = {
    kind: 'operator',
    subject: 'demo-operator',
    roles: ['admin'],
    expiresAt: Number.MAX_SAFE_INTEGER,
  }
  return { program, viewer, address: null, now: () => at }
}
