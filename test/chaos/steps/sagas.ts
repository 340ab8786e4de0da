import { setTimeout as sleep } from 'node:timers/promises'
import type { Act, Answer, Write } from '../log/client-log.js'
import { OPTIONS, OUTCOMES } from '../stage/programme.js'
import { ALWAYS_WON } from './slot-offers.js'

/** What one saga is done with: a member, and offers that no other one of the same time touches. */
export interface SagaPart {
  readonly member: string
  /** Unique in the run. */
  readonly name: string
  /** Its own offer of this kind. */
  offer(kind: string): string
  /** Asks for something, and must be answered. */
  must(act: Act, key: string, asked: Write['asked']): Promise<Answer>
  /** Asks for something, and must be refused it. */
  mustNot(act: Act, key: string, asked: Write['asked']): Promise<void>
  /** Asks for something, and must be answered, or refused with this code: then it was done too late. */
  mayBeTooLate(act: Act, key: string, asked: Write['asked'], code: string): Promise<boolean>
  /** From here on the server stops at its step; this is what it is killed over. */
  last(act: Act, key: string, asked: Write['asked']): Write
  /** An operator's act besides. Throws where it is refused. */
  operate(name: string, type: string, input: object): Promise<void>
  /** Ends the pause that another one may have left. */
  resumeEarning(): Promise<void>
  /** What the server takes for now. */
  now(): number
}

/** Prepares what a step needs, and answers with the write that the server is killed over. */
export type Saga = (part: SagaPart) => Promise<Write>

const ORDERS: Readonly<Record<string, object>> = {
  mug: { address: 'a-1' },
  'part-cash': { address: 'a-1' },
  which: { pick: OPTIONS[0] },
}

function asking({ name, offer }: SagaPart, kind: string): Write['asked'] {
  const order = ORDERS[kind]
  const points = kind === 'part-cash' ? 6 : undefined
  return {
    input: {
      offerId: offer(kind),
      idempotencyKey: name,
      ...(order && { order }),
      ...(points && { points }),
    },
  }
}

/** Asked for once. */
export function redeem(kind: string): Saga {
  return async (part) => part.last('redeem', part.name, asking(part, kind))
}

/** A game that nobody has played yet. */
export function playNew(): Saga {
  return async (part) => {
    const words = { en: part.name, zh: part.name }
    await part.operate('createOffer', 'CreateOfferInput!', {
      id: part.name,
      channel: 'game',
      title: words,
      cashValue: '1.00 CNY',
      price: { byHand: 2 },
      details: ALWAYS_WON,
    })
    const input = { offerId: part.name, idempotencyKey: part.name }
    return part.last('redeem', part.name, { input })
  }
}

/** Given back. */
export function cancel(kind: string): Saga {
  return async (part) => {
    const { redemption: id } = await part.must('redeem', part.name, asking(part, kind))
    return part.last('cancel-redemption', id!, { id })
  }
}

/** To be given back, when the warehouse has it in hand. */
export function cancelPicked(): Saga {
  return async (part) => {
    const { redemption: id } = await part.must('redeem', part.name, asking(part, 'mug'))
    await part.must('pick-goods', id!, { redemptionIds: [id] })
    return part.last('cancel-redemption', id!, { id })
  }
}

export function pay(): Saga {
  return async (part) => {
    const got = await part.must('redeem', part.name, asking(part, 'part-cash'))
    const { redemption: redemptionId, cash: amount } = got
    const input = { redemptionId, amount, reference: `pay-${redemptionId}` }
    return part.last('pay', redemptionId!, { input })
  }
}

/** Asked for, and then nothing: whoever waits for the money gives up. */
export function payNever(): Saga {
  return async (part) => {
    await part.must('redeem', part.name, asking(part, 'part-cash'))
    return part.last('redeem', part.name, asking(part, 'part-cash'))
  }
}

/** Long enough for one stake, on most machines; and for one whose server is killed, and that is taken up much later. */
const BRIEFLY_MS = 1_500
const FOR_DAYS_MS = 3 * 86_400_000

async function openRound(part: SagaPart, closesAt: number, id = part.name): Promise<object> {
  const words = (text: string) => ({ en: text, zh: text })
  await part.operate('openStake', 'OpenStakeInput!', {
    id,
    offerId: part.offer('bet'),
    title: words('a match'),
    closesAt: new Date(closesAt).toISOString(),
    outcomes: OUTCOMES.map((id) => ({ id, title: words(id) })),
    reason: 'a match',
  })
  return { order: { round: id, outcome: OUTCOMES[0] } }
}

export const stake = {
  async join(part) {
    const order = await openRound(part, part.now() + FOR_DAYS_MS)
    const input = { offerId: part.offer('bet'), idempotencyKey: part.name, ...order }
    return part.last('redeem', part.name, { input })
  },
  async settle(part) {
    for (let briefly = BRIEFLY_MS, turn = 1; ; briefly *= 3, turn++) {
      const closesAt = part.now() + briefly
      const id = `${part.name}-${turn}`
      const order = await openRound(part, closesAt, id)
      const input = { offerId: part.offer('bet'), idempotencyKey: id, ...order }
      const isIn = await part.mayBeTooLate('redeem', id, { input }, 'STAKE_CLOSED')
      while (part.now() <= closesAt) await sleep(20)
      if (!isIn) continue
      const end = { roundId: id, outcome: OUTCOMES[0], reason: 'the match is over' }
      return part.last('settle-stake', id, { input: end })
    }
  },
} satisfies Record<string, Saga>

const atCheckout = ({ member, name }: SagaPart) => ({
  input: {
    memberId: member,
    orderId: name,
    orderAmount: '40.00 CNY',
    points: 15,
    idempotencyKey: name,
  },
})

/** Points as money: held, then spent or let go of, and a part of them back. */
export const checkout = {
  pay: async (part) => part.last('pay-with-points', part.name, atCheckout(part)),
  async capture(part) {
    await part.must('pay-with-points', part.name, atCheckout(part))
    return part.last('capture-payment', part.name, { orderId: part.name })
  },
  async release(part) {
    await part.must('pay-with-points', part.name, atCheckout(part))
    return part.last('release-payment', part.name, { orderId: part.name })
  },
  async takeBack(part) {
    await part.must('pay-with-points', part.name, atCheckout(part))
    await part.must('capture-payment', part.name, { orderId: part.name })
    const input = { orderId: part.name, returnId: 'back', amount: '7.00 CNY' }
    return part.last('return-payment', `${part.name}/back`, { input })
  },
} satisfies Record<string, Saga>

/** Asked for, held, and then nothing: the hold runs out. */
export function payNothing(): Saga {
  return async (part) => {
    await part.must('pay-with-points', part.name, atCheckout(part))
    return part.last('pay-with-points', part.name, atCheckout(part))
  }
}

/** What a member thinks of it; and thinks again. */
export const survey = {
  async answer(part) {
    const { redemption: id } = await part.must('redeem', part.name, asking(part, 'coupon'))
    return part.last('answer-survey', part.name, opinion(id!, 2))
  },
  async change(part) {
    const { redemption: id } = await part.must('redeem', part.name, asking(part, 'coupon'))
    await part.must('answer-survey', part.name, opinion(id!, 2))
    return part.last('answer-survey', `${part.name}/again`, opinion(id!, 5))
  },
} satisfies Record<string, Saga>

const opinion = (redemptionId: string, score: number) => ({
  input: { redemptionId, score, comment: null },
})

/** An offer that its only buyer has bought out, and comes too late for: all that a playbook can do for it. */
async function runOut(part: SagaPart) {
  const { name } = part
  const words = { en: name, zh: name }
  const offer = {
    channel: 'coupon',
    title: words,
    cashValue: '1.00 CNY',
    details: { type: 'direct-deduction', offMinor: 100 },
  }
  const scarce = { ...offer, id: name, price: { byHand: 4 }, stock: { total: 1 } }
  await part.operate('createOffer', 'CreateOfferInput!', scarce)
  const up = { ...offer, id: `${name}-up`, price: { byHand: 1 }, active: false }
  await part.operate('createOffer', 'CreateOfferInput!', up)
  await part.resumeEarning()
  const buying = (key: string) => ({ input: { offerId: name, idempotencyKey: key } })
  await part.must('redeem', name, buying(name))
  await part.mustNot('redeem', `${name}/late`, buying(`${name}/late`))
  const input = {
    offerId: name,
    compensate: true,
    extend: true,
    offersUp: [up.id],
    pointsAndCash: { leastPointsShare: '0.5', mostPointsShare: '1' },
    pause: true,
    reason: 'it ran out',
    idempotencyKey: name,
  }
  return { input }
}

export const playbook = {
  async apply(part) {
    const asked = await runOut(part)
    return part.last('apply-playbook', part.name, asked)
  },
  async revert(part) {
    const { playbook: id } = await part.must('apply-playbook', part.name, await runOut(part))
    return part.last('revert-playbook', id!, { id, reason: 'it is well again' })
  },
} satisfies Record<string, Saga>
