import { mostAtCheckout } from '@pointwell/economy'
import { isRefusal, type Ledger, type Refusal, refuse, SetAside } from '@pointwell/ledger'
import type { Money, PluginWatch, RiskRule } from '@pointwell/plugin'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { ReportFailure } from '../jobs/job.js'
import type { MemberProfile } from '../member/member-facts.js'
import { checkMembership } from '../membership/check-membership.js'
import { postFor } from '../plugin-list/name-hung-plugin.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { orPluginFailed } from '../refusal/or-plugin-failed.js'
import { openCalled } from '../risk/open-called.js'
import { type AtCheckout, checkoutTerms, worthOf } from './checkout-terms.js'
import { captureCommand, payCommand, releaseCommand, returnCommand } from './payment-commands.js'
import { PAYMENT, type Payment, paymentRecordId, readPayment } from './payment-record.js'

const MAX_ID = 100
/** What decides where no rule is asked: no plugin. */
const CHECKOUT = { id: 'checkout' }
/** Somebody else paid or let go of the same order meanwhile: looked at again so often. */
const MOST_TRIES = 5

/** What a checkout can offer a member. */
export interface CheckoutOffer extends AtCheckout {
  readonly refused?: undefined
  /** Usable points, and what all of them would pay. */
  readonly usable: number
  readonly worth: Money
  readonly leastPoints: number
}

export interface PayRequest {
  readonly memberId: string
  readonly orderId: string
  /** What the order comes to before points. */
  readonly orderAmount: Money
  /** At most so many; fewer are taken where fewer pay the same. */
  readonly points: number
  readonly idempotencyKey: string
}

/** Points as money on an order (R5). An order has one payment at a time. */
export interface Checkout {
  /** How many points could pay how much. Refuses MEMBER_NOT_FOUND, MEMBERSHIP_LAPSED,
   * CURRENCY_NOT_SUPPORTED, INVALID_INPUT. */
  offer(request: { memberId: string; orderAmount: Money }): Promise<CheckoutOffer | Refusal>
  /** Holds points for an order. Refuses INVALID_INPUT, MEMBER_NOT_FOUND, and what `payCommand` does. */
  pay(request: PayRequest): Promise<Payment | Refusal>
  /** The order is placed: the points are spent; again is the same. Refuses PAYMENT_NOT_FOUND,
   * PAYMENT_RELEASED. */
  capture(orderId: string): Promise<Payment | Refusal>
  /** The order came to nothing: the points are back; again is the same. Refuses PAYMENT_NOT_FOUND,
   * PAYMENT_CAPTURED. */
  release(orderId: string): Promise<Payment | Refusal>
  /** Goods came back: so do points, by what they paid. The same return again is the same. Refuses
   * INVALID_INPUT (`returnId`, `amount`) and what `returnCommand` does. */
  takeBack(request: {
    orderId: string
    amount: Money
    returnId: string
  }): Promise<Payment | Refusal>
  find(orderId: string): Promise<Payment | undefined>
  /** Lets go of points that nobody asked for in time, the longest waiting first; answers with how many were
   * looked at. One that fails is told of, and passed over for a while. */
  releaseDue(limit: number, report?: ReportFailure): Promise<number>
}

export function openCheckout({
  ledger,
  policies,
  rules = [],
  watch,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  /** Asked about every payment (K1); default: none. */
  rules?: readonly RiskRule[]
  watch?: PluginWatch
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): Checkout {
  const failing = new SetAside<string>()

  const find = async (orderId: string): Promise<Payment | undefined> => {
    const record = await ledger.store.findRecord(paymentRecordId(orderId))
    return record && readPayment(record)
  }

  const getPayment = async (orderId: string): Promise<Payment> => {
    const payment = await find(orderId)
    if (!payment) throw new Error(`the payment of order ${orderId} is gone`)
    return payment
  }

  /** The last step again is no other step. */
  const settle = async (
    orderId: string,
    status: Payment['status'],
    commandOf: (payment: Payment) => Parameters<Ledger['post']>[0],
  ): Promise<Payment | Refusal> => {
    const payment = await find(orderId)
    if (!payment) return refuse('PAYMENT_NOT_FOUND', { field: 'orderId' })
    if (payment.status === status) return payment
    const posted = await ledger.post(commandOf(payment))
    return isRefusal(posted) ? posted : getPayment(orderId)
  }

  const pay: Checkout['pay'] = async ({ memberId, ...request }) => {
    const { orderId, idempotencyKey } = request
    const wrong = checkId('orderId', orderId) ?? checkIdempotencyKey(idempotencyKey)
    if (wrong) return wrong
    const member = await findProfile(memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    for (let turn = 1; ; turn++) {
      const attempt = ((await find(orderId))?.attempt ?? 0) + 1
      const { called, asking } = openCalled({ plugin: CHECKOUT, operation: 'pay', watch })
      const command = payCommand(
        member,
        { ...request, attempt },
        { policies, risk: { rules, watch, asking } },
      )
      const posted = await postFor(called, postOrOpen(ledger, command))
      if (!isRefusal(posted)) return getPayment(orderId)
      if (posted.code !== 'TRY_AGAIN_LATER' || turn === MOST_TRIES) return posted
    }
  }

  return {
    async offer({ memberId, orderAmount }) {
      const member = await findProfile(memberId)
      if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
      const now = ledger.clock()
      const terms = checkoutTerms(orderAmount, { policy: policies.at(now), now })
      if (isRefusal(terms)) return terms
      await ledger.settle([member.wallet])
      const [wallet] = await ledger.store.findWallets([member.wallet])
      const lapsed = wallet && checkMembership(wallet, now)
      if (lapsed) return lapsed
      const available = wallet?.balance.available ?? 0
      const { points, paysMinor } = mostAtCheckout(available, terms)
      const { currency } = orderAmount
      return {
        points,
        pays: { amountMinor: paysMinor, currency },
        usable: available,
        worth: worthOf(available, terms, currency),
        leastPoints: terms.leastPoints,
      }
    },
    pay: (request) => orPluginFailed(pay(request)),
    capture: (orderId) =>
      settle(orderId, 'captured', (payment) => captureCommand(payment, policies)),
    release: (orderId) =>
      settle(orderId, 'released', (payment) => releaseCommand(payment, { isDue: false, policies })),
    async takeBack({ orderId, amount, returnId }) {
      const wrong = checkId('returnId', returnId)
      if (wrong) return wrong
      if (amount.amountMinor <= 0) {
        return refuse('INVALID_INPUT', { field: 'amount', detail: 'Expected more than nothing.' })
      }
      const payment = await find(orderId)
      if (!payment) return refuse('PAYMENT_NOT_FOUND', { field: 'orderId' })
      const posted = await ledger.post(returnCommand(payment, { amount, returnId, policies }))
      return isRefusal(posted) ? posted : getPayment(orderId)
    },
    find,
    async releaseDue(limit, report) {
      const now = ledger.clock()
      const most = limit + failing.count(now)
      const records = await ledger.store.findDueRecords(PAYMENT, now, most)
      const byRef = new Map(records.map((record) => [record.ref, record]))
      const due = failing.rest([...byRef.keys()], now).slice(0, limit)
      const letGo = async (ref: string): Promise<void> => {
        const payment = readPayment(byRef.get(ref)!)
        try {
          await ledger.post(releaseCommand(payment, { isDue: true, policies }))
        } catch (fault) {
          failing.add(ref, ledger.clock())
          report?.(`the points of order ${payment.orderId}`, fault)
        }
      }
      await Promise.all(due.map(letGo))
      return due.length
    },
  }
}

function checkId(field: string, id: string): Refusal | null {
  if (id.length > 0 && id.length <= MAX_ID && !/\p{Cs}/u.test(id)) return null
  return refuse('INVALID_INPUT', { field, detail: `Expected 1 to ${MAX_ID} characters.` })
}
