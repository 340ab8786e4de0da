import type { Draw } from '../draw.js'
import type { Act, Outcome, Write } from '../log/client-log.js'
import { OPTIONS, OTHERS, OUTCOMES, STAKE_ROUND } from '../stage/programme.js'

export interface SpenderTerms {
  readonly draw: Draw
  readonly member: string
  readonly fresh: (kind: string) => string
  readonly begin: (act: Act, key: string, asked: Write['asked']) => Write
  /** Sends it until there is an answer, or gives up. */
  readonly want: (write: Write) => Promise<Outcome>
}

interface Got {
  readonly id: string
  readonly offer: string
  /** What is to be paid in money; absent: nothing. */
  readonly cash?: string
  /** What the member or the shop does with it next; the list gets shorter. */
  readonly plan: Act[]
}

/** Plans for goods: what becomes of them, as far as somebody takes the next step. */
const LIVES: readonly (readonly Act[])[] = [
  ['pick-goods', 'send-goods', 'receive-goods'],
  ['pick-goods', 'send-goods', 'receive-goods', 'ask-return', 'accept-return', 'cancel-redemption'],
  ['cancel-redemption'],
  ['pick-goods', 'cancel-redemption'],
  [],
]

/**
 * What a member does with points besides coupons: goods, what a partner gives, games, prices that are
 * partly money, and points at a checkout. Each call of `step` does one thing.
 */
export function openSpending(terms: SpenderTerms) {
  const { draw, member, fresh, begin, want } = terms
  const got: Got[] = []
  let next = draw.between(0, OTHERS.length - 1)
  const payments: { readonly order: string; leftMinor: number; returns: number }[] = []

  const redeem = async () => {
    // One after the other, so that a short run has some of each.
    const { id: offerId, withCash, points } = OTHERS[next++ % OTHERS.length]!
    const key = fresh('r')
    const order = orderFor(offerId, draw)
    const input = {
      offerId,
      idempotencyKey: key,
      ...(order && { order }),
      ...(withCash && { points: draw.between(points / 2, points - 1) }),
    }
    const outcome = await want(begin('redeem', key, { input }))
    if (!('answer' in outcome)) return
    const { redemption, cash } = outcome.answer
    const base = { id: redemption!, offer: offerId, ...(cash !== undefined && { cash }) }
    got.push({ ...base, plan: [...planFor(base, draw), ...opinionFor(draw)] })
  }

  /** The next thing that was planned for something. */
  const goOn = async () => {
    const open = got.filter(({ plan }) => plan.length > 0)
    if (open.length === 0) return
    const it = draw.oneOf(open)
    const act = it.plan.shift()!
    const outcome = await want(begin(act, ...askedOf(act, it, { member, fresh, draw })))
    // Refused, or nobody knows: what was to come after makes no sense any more.
    if (!('answer' in outcome) && act !== 'pay-wrong') it.plan.length = 0
  }

  const payWithPoints = async () => {
    const order = fresh('po')
    const points = draw.between(3, 30)
    const input = {
      memberId: member,
      orderId: order,
      orderAmount: `${draw.between(10, 80)}.00 CNY`,
      points,
      idempotencyKey: order,
    }
    const outcome = await want(begin('pay-with-points', order, { input }))
    if (!('answer' in outcome) || draw.chance(0.1)) return
    const act = draw.chance(0.75) ? 'capture-payment' : 'release-payment'
    const settled = await want(begin(act, order, { orderId: order }))
    if (!('answer' in settled) || act !== 'capture-payment') return
    // A point a yuan.
    payments.push({ order, leftMinor: settled.answer.points! * 100, returns: 0 })
  }

  const returnPart = async () => {
    const open = payments.filter(({ leftMinor }) => leftMinor > 0)
    if (open.length === 0) return
    const payment = draw.oneOf(open)
    const minor = draw.between(1, payment.leftMinor)
    payment.leftMinor -= minor
    const returnId = `back-${++payment.returns}`
    const amount = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')} CNY`
    const input = { orderId: payment.order, returnId, amount }
    await want(begin('return-payment', `${payment.order}/${returnId}`, { input }))
  }

  return {
    async step() {
      const dice = draw.next()
      if (dice < 0.4) await redeem()
      else if (dice < 0.8) await goOn()
      else if (dice < 0.92) await payWithPoints()
      else await returnPart()
    },
  }
}

/** What a member says with it; undefined: nothing. */
function orderFor(offer: string, draw: Draw): object | undefined {
  switch (offer) {
    case 'mug':
    case 'part-cash':
      return { address: 'a-1' }
    case 'top-up':
      return { account: '13912345678' }
    case 'leaf':
      return draw.chance(0.5) ? { clientSeed: `seed ${draw.between(1, 1_000)}` } : undefined
    case 'which':
      return { pick: draw.oneOf(OPTIONS) }
    case 'bet':
      return { round: STAKE_ROUND, outcome: draw.oneOf(OUTCOMES) }
    default:
      return undefined
  }
}

/** Some say what they think, and some think again; all may be too early, or too late. */
function opinionFor(draw: Draw): readonly Act[] {
  const times = draw.oneOf([0, 1, 1, 2])
  return Array<Act>(times).fill('answer-survey')
}

function planFor({ offer, cash }: Omit<Got, 'plan'>, draw: Draw): readonly Act[] {
  const after = lifeOf(offer, draw)
  if (cash === undefined) return after
  const dice = draw.next()
  if (dice < 0.1) return []
  if (dice < 0.2) return ['cancel-redemption']
  return [...(dice < 0.5 ? (['pay-wrong'] as const) : []), 'pay', ...after]
}

function lifeOf(offer: string, draw: Draw): readonly Act[] {
  switch (offer) {
    case 'mug':
    case 'part-cash':
      return draw.oneOf(LIVES)
    case 'top-up':
      return [draw.chance(0.7) ? 'complete-top-up' : 'fail-top-up']
    case 'seat':
    case 'box-cash':
    case 'popcorn':
      return draw.chance(0.4) ? ['cancel-redemption'] : []
    case 'life':
      return ['use-revive']
    default:
      return []
  }
}

function askedOf(
  act: Act,
  { id, cash }: Got,
  { fresh, draw }: Pick<SpenderTerms, 'member' | 'fresh' | 'draw'>,
): [key: string, asked: Write['asked']] {
  switch (act) {
    case 'pick-goods':
    case 'receive-goods':
      return [id, { redemptionIds: [id] }]
    case 'send-goods':
      return [id, { input: [{ redemptionId: id, carrier: 'SF', trackingNumber: `T-${id}` }] }]
    case 'fail-top-up':
      return [id, { redemptionId: id, reason: 'no such number' }]
    case 'use-revive':
      return [id, { input: { redemptionId: id, sessionId: fresh('game') } }]
    case 'pay':
      return [id, { input: { redemptionId: id, amount: cash, reference: `pay-${id}` } }]
    case 'pay-wrong':
      return [
        `${id}/wrong`,
        { input: { redemptionId: id, amount: '0.01 CNY', reference: `wrong-${id}` } },
      ]
    case 'refund-money':
      return [id, { input: { redemptionId: id, reference: `back-${id}` } }]
    case 'cancel-redemption':
      return [id, { id }]
    case 'answer-survey': {
      const comment = draw.chance(0.5) ? fresh('well') : null
      const input = { redemptionId: id, score: draw.between(1, 5), comment }
      return [fresh('survey'), { input }]
    }
    default:
      return [id, { redemptionId: id }]
  }
}
