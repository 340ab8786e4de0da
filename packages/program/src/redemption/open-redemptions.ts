import { type Command, isRefusal, type Refusal, refuse } from '@pointwell/ledger'
import {
  checkReason,
  type Money,
  type RedeemRequest,
  type RedemptionChannel,
  type RiskRule,
} from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { postOrOpen } from '../earning/open-earning.js'
import { emptyWallet, type TriedOn } from '../experiment/variants-of.js'
import { checkIdempotencyKey, memberKey } from '../input/idempotency-key.js'
import { readPluginInput } from '../input/read-plugin-input.js'
import type { ReportFailure } from '../jobs/job.js'
import { type MemberProfile, memberFacts, walletsOf } from '../member/member-facts.js'
import { checkMembership } from '../membership/check-membership.js'
import { type ProgrammeMemo, readMemo } from '../memo/programme-memo.js'
import { buyerOf } from '../offer/buyer-of.js'
import { checkOfferFor, checkOfferWindow } from '../offer/check-offer-open.js'
import { followsStock, offerPrice } from '../offer/offer-price.js'
import type { Offer } from '../offer/offer-terms.js'
import { splitOffer } from '../offer/split-offer.js'
import type { NewMissed } from '../playbook/missed-rows.js'
import { postFor, readWithin } from '../plugin-list/name-hung-plugin.js'
import { servingPointValue } from '../point-value/point-value-at.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { orPluginFailed } from '../refusal/or-plugin-failed.js'
import { assessAct } from '../risk/assess-act.js'
import { openCalled } from '../risk/open-called.js'
import type { RiskHold } from '../risk/risk-hold.js'
import {
  cancelFulfilled,
  type DriveParts,
  fulfilRedemption,
  loadRedemption,
  takeUpRedemption,
} from './drive-redemption.js'
import { findRefundsDue, type RefundPlace } from './find-refunds-due.js'
import { newId } from './new-id.js'
import { openTakeUp } from './open-take-up.js'
import { deleteQuotes, insertQuote, selectQuote } from './quote-rows.js'
import { type Quote, redeemAct, redeemCommand, stockCounters } from './redeem-command.js'
import {
  approveCommand,
  cancellingCommand,
  declineCommand,
  MOVED_ON,
  paidCommand,
  refundedCommand,
  unpaidCommand,
  withdrawCommand,
} from './redemption-commands.js'
import { type Redemption, readRedemption } from './redemption-record.js'

export interface Redemptions {
  /** Refuses OFFER_NOT_FOUND, MEMBER_NOT_FOUND, MEMBERSHIP_LAPSED, OFFER_NOT_OPEN, OFFER_NOT_FOR_YOU, and what
   * risk rules refuse. `hold`: that one would hold it. */
  quote(request: {
    memberId: string
    offerId: string
    /** As for `redeem`. */
    points?: number | null
  }): Promise<(Quote & { readonly hold?: RiskHold }) | Refusal>
  /**
   * Holds the points, asks the channel, captures or releases (R6). Answers with the redemption as it
   * is by then: `fulfilled`, `released` (with the channel's refusal), `unknown`, or `under-review`. Refuses
   * INVALID_INPUT, MEMBER_NOT_FOUND, OFFER_NOT_FOUND, QUOTE_NOT_FOUND, IDEMPOTENCY_MISMATCH, and
   * what `redeemCommand` refuses. PLUGIN_FAILED where the channel is at fault before anything is held.
   */
  redeem(request: RedeemRequest): Promise<Redemption | Refusal>
  /** Gives it back where the channel allows (R7). Refuses REDEMPTION_NOT_FOUND,
   * REDEMPTION_NOT_FULFILLED, REDEMPTION_NOT_CANCELLABLE, and what the channel refuses. */
  cancel(id: string, acting?: Acting | null): Promise<Redemption | Refusal>
  /**
   * The storefront has the part that is paid in money (R4): the channel is asked. The same payment again is
   * the same. Refuses REDEMPTION_NOT_FOUND, PAYMENT_NOT_DUE, PAYMENT_AMOUNT_WRONG (`neededAmount`),
   * INVALID_INPUT (`reference`), PAYMENT_TOO_LATE, IDEMPOTENCY_MISMATCH.
   */
  confirmPayment(payment: {
    id: string
    amount: Money
    reference: string
  }): Promise<Redemption | Refusal>
  /** An operator lets go on what a risk rule holds (K2); the same word again is the same. Refuses
   * REDEMPTION_NOT_FOUND, INVALID_INPUT (`reason`), REDEMPTION_NOT_UNDER_REVIEW, IDEMPOTENCY_MISMATCH. */
  approve(decision: ReviewDecision, acting?: Acting | null): Promise<Redemption | Refusal>
  /** An operator calls it off: the points are back. Refuses the same. */
  decline(decision: ReviewDecision, acting?: Acting | null): Promise<Redemption | Refusal>
  /** The storefront gave the money back, of what came to nothing after it was paid. Refuses
   * REDEMPTION_NOT_FOUND, INVALID_INPUT (`reference`), REFUND_NOT_DUE, IDEMPOTENCY_MISMATCH. */
  confirmRefund(refund: { id: string; reference: string }): Promise<Redemption | Refusal>
  find(id: string): Promise<Redemption | undefined>
  /** Asks the channel at once about one that it could not say of, or that it is to take back, whenever its time
   * would be; answers with it as it is by then. */
  askAgain(id: string): Promise<Redemption | undefined>
  /** Newest first, before an id. */
  findOfWallet(
    wallet: number,
    page: { before: string | null; limit: number },
  ): Promise<Redemption[]>
  /** The newest `limit` of each wallet, newest first, in one statement (A4). */
  findNewest(wallets: readonly number[], limit: number): Promise<Redemption[]>
  /** Those whose money the storefront owes to the member, the longest owed first, after a place in that order:
   * what an owed one is at. Two statements. */
  findRefundsDue(page: {
    after: RefundPlace | null
    limit: number
  }): Promise<{ redemption: Redemption; place: RefundPlace }[]>
  /** Takes up what is due, the longest due first; answers with how many were looked at. One that
   * fails is told of, and holds up no other. */
  takeUpDue(limit: number, report?: ReportFailure): Promise<number>
  /** Forgets quotes that ran out long ago; answers with how many. */
  forgetQuotes(limit: number): Promise<number>
}

export interface ReviewDecision {
  readonly id: string
  /** The login of who decides. */
  readonly by: string
  readonly reason: string
}

export interface RedemptionParts extends DriveParts {
  readonly database: ProgramDatabase
  /** Asked about every redemption (K1); default: none. */
  readonly rules?: readonly RiskRule[]
  readonly findProfile: (id: string) => Promise<MemberProfile | undefined>
  readonly findOffer: (id: string) => Promise<Offer | undefined>
  /** Told of who came too late. */
  readonly missed: (missed: NewMissed) => Promise<void>
}

const MINUTE_MS = 60_000
/** A quote is kept so long after it ran out, that a repeated request still finds it. */
const QUOTE_KEPT_MS = 30 * 86_400_000

export function openRedemptions(parts: RedemptionParts): Redemptions {
  const { ledger, policies, channels, database, rules = [] } = parts
  const tools = { policies, ...(parts.watch && { watch: parts.watch }) }

  /** What an offer costs a member now. */
  const priceOf = async ({
    member,
    offer,
    channel,
    wallet,
    memo,
    policy,
    now,
  }: {
    member: MemberProfile
    offer: Offer
    channel: RedemptionChannel
    wallet: TriedOn
    memo: ProgrammeMemo
    policy: PolicyInForce
    now: number
  }) => {
    const lots = offer.price.expiringDiscount ? await findOpenLots(member.wallet) : []
    const { total } = stockCounters(offer, policy.calendar.dateOf(now))
    const sold = followsStock(offer) ? await ledger.store.findCounters([total]) : undefined
    return offerPrice(offer, {
      ...buyerOf({
        wallet,
        region: member.region,
        memo,
        lots: lots.map(({ lot }) => lot),
        policy,
        now,
      }),
      pricing: policy.document.pricing,
      pointValue: servingPointValue(policy, now),
      loop: channel.loop,
      sold: sold?.get(total) ?? 0,
    })
  }

  /** Somebody came too late: written down before the answer goes out (R14). */
  const noteMissed = async ({
    member,
    offer,
    channel,
    quoted,
  }: {
    member: MemberProfile
    offer: Offer
    channel: RedemptionChannel
    quoted: Quote | null
  }): Promise<void> => {
    const now = ledger.clock()
    const policy = policies.at(now)
    const [opened] = quoted ? [] : await ledger.store.findWallets([member.wallet])
    const wallet = opened ?? emptyWallet(member.wallet)
    const memo = readMemo(wallet.memo)
    const price = quoted ?? (await priceOf({ member, offer, channel, wallet, memo, policy, now }))
    if ('refused' in price) return
    const { points } = price
    await parts.missed({ offer: offer.id, member: member.wallet, points, at: now })
  }

  const quote: Redemptions['quote'] = async ({ memberId, offerId, points }) => {
    const [member, offer] = await Promise.all([
      parts.findProfile(memberId),
      parts.findOffer(offerId),
    ])
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const channel = offer && channels.get(offer.channel)
    if (!offer || !channel) return refuse('OFFER_NOT_FOUND', { field: 'offerId' })
    const now = ledger.clock()
    const policy = policies.at(now)
    const [opened] = await ledger.store.findWallets([member.wallet])
    const wallet = opened ?? emptyWallet(member.wallet)
    const memo = readMemo(wallet.memo)
    const facts = memberFacts(member, { policy, memo, at: now, source: channel.id })
    const lapsed = opened ? checkMembership(opened, now) : null
    const closed = lapsed ?? checkOfferWindow(offer, now) ?? checkOfferFor(offer, facts)
    if (closed) return closed
    const price = await priceOf({ member, offer, channel, wallet, memo, policy, now })
    if ('refused' in price) return price
    const split = splitOffer(offer, price, points)
    if ('refused' in split) return split
    const { called, asking } = openCalled({
      plugin: channel,
      operation: 'check',
      watch: parts.watch,
    })
    const act = redeemAct({ offer, price: split, order: null })
    const hold = readWithin(called, () =>
      assessAct(
        { rules, watch: parts.watch, asking },
        { act, member: facts, recent: memo.recent, policy, now },
      ),
    )
    if (isRefusal(hold)) return hold
    const quoted: Quote = {
      id: newId(now),
      wallet: member.wallet,
      offerId,
      ...split,
      createdAt: now,
      expiresAt: now + policy.document.quotes.minutes * MINUTE_MS,
    }
    await database.write((manager) => insertQuote(database.connection(manager), quoted))
    return hold ? { ...quoted, hold } : quoted
  }

  /** With what is due done: what has expired by now is no discount. */
  const findOpenLots = async (wallet: number) => {
    await ledger.settle([wallet])
    return ledger.store.findLots([wallet], { open: true })
  }

  const findQuote = (id: string) =>
    database.read((manager) => selectQuote(database.connection(manager), id))

  const redeem: Redemptions['redeem'] = async (request) => {
    const named = checkNames(request)
    if (named) return named
    const member = await parts.findProfile(request.memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const quoted = request.quoteId ? await findQuote(request.quoteId) : null
    // A quote is its member's own; to anybody else it is not there.
    if (quoted === undefined || (quoted && !walletsOf(member).includes(quoted.wallet))) {
      return refuse('QUOTE_NOT_FOUND', { field: 'quoteId' })
    }
    const offer = await parts.findOffer(quoted?.offerId ?? request.offerId!)
    const channel = offer && channels.get(offer.channel)
    if (!offer || !channel) return refuse('OFFER_NOT_FOUND', { field: 'offerId' })
    const { watch } = parts
    const order = readPluginInput(
      { plugin: channel, operation: 'order', watch },
      { schema: channel.order, input: request.order ?? {}, within: 'order' },
    )
    if (isRefusal(order)) return order

    const { called, asking } = openCalled({ plugin: channel, operation: 'check', watch })
    const now = ledger.clock()
    const keyOf = (whose: { readonly wallet: number }) =>
      quoted ? `redeem:quote:${quoted.id}` : memberKey('redeem', whose, request.idempotencyKey!)
    const command = redeemCommand(
      {
        id: newId(now),
        key: keyOf(member),
        keyOf,
        member,
        offer,
        channel,
        quote: quoted,
        order: order.value,
        points: quoted ? null : (request.points ?? null),
        askedAt: now,
      },
      { ...tools, risk: { rules, watch, asking } },
    )
    const posted = await postFor(called, postOrOpen(ledger, command))
    if (isRefusal(posted)) {
      if (posted.code === 'OUT_OF_STOCK') await noteMissed({ member, offer, channel, quoted })
      return posted
    }
    const { redemptionId } = posted.transaction.result as { redemptionId: string }
    const redemption = await getRedemption(redemptionId)
    if (posted.replayed) return driveOn(redemption)
    return redemption.status === 'held' ? fulfilRedemption(redemption, parts) : redemption
  }

  const getRedemption = async (id: string): Promise<Redemption> => {
    const redemption = await loadRedemption(id, ledger)
    if (!redemption) throw new Error(`The record of redemption ${id} is gone.`)
    return redemption
  }

  /** Takes it up when nobody has it under lease; else it is as it is. */
  const driveOn = async (redemption: Redemption): Promise<Redemption> => {
    const { dueAt } = redemption
    if (dueAt === null || dueAt > ledger.clock()) return redemption
    return (await takeUpRedemption(redemption, parts)) ?? redemption
  }

  const cancel: Redemptions['cancel'] = async (id, acting = null) => {
    const redemption = await loadRedemption(id, ledger)
    if (!redemption) return refuse('REDEMPTION_NOT_FOUND', { field: 'id' })
    if (redemption.status === 'cancelled' || isCalledOff(redemption)) return redemption
    if (redemption.status === 'cancelling') return driveOn(redemption)
    if (redemption.status === 'awaiting-payment') return callOff(redemption)
    if (redemption.status === 'under-review') return callOff(redemption, acting)
    if (redemption.status !== 'fulfilled') return refuse('REDEMPTION_NOT_FULFILLED')
    const cannot = !channels.get(redemption.channel)?.cancel || redemption.award
    if (cannot) return refuse('REDEMPTION_NOT_CANCELLABLE')
    const posted = await ledger.post(cancellingCommand(redemption, { policies, acting }))
    if (isRefusal(posted) && posted.code !== MOVED_ON) return posted
    const current = await getRedemption(id)
    // Somebody else asked at the same moment, and is asking the channel.
    if (isRefusal(posted) || posted.replayed) return current
    const after = await cancelFulfilled(current, parts)
    return after.status === 'fulfilled' && after.refusal ? refuse(after.refusal.code) : after
  }

  /** Before the money came, or while a risk rule holds it: nobody has been asked for anything. */
  const callOff = async (
    redemption: Redemption,
    acting: Acting | null = null,
  ): Promise<Redemption | Refusal> => {
    const posted = await ledger.post(
      redemption.status === 'under-review'
        ? withdrawCommand(redemption, { policies, acting })
        : unpaidCommand(redemption, { policies, isDue: false }),
    )
    if (isRefusal(posted) && posted.code !== MOVED_ON) return posted
    const current = await getRedemption(redemption.id)
    return current.status === 'released' ? current : refuse('REDEMPTION_NOT_FULFILLED')
  }

  const confirmPayment: Redemptions['confirmPayment'] = async ({ id, amount, reference }) => {
    const redemption = await loadRedemption(id, ledger)
    if (!redemption) return refuse('REDEMPTION_NOT_FOUND', { field: 'redemptionId' })
    const wrong = checkPayment(redemption, { amount, reference })
    if (wrong) return wrong
    const posted = await ledger.post(paidCommand(redemption, { policies, reference }))
    const current = await getRedemption(id)
    if (!isRefusal(posted)) {
      if (current.status === 'under-review' || posted.replayed) return driveOn(current)
      return fulfilRedemption(current, parts)
    }
    if (posted.code !== MOVED_ON) return posted
    // Released before the money was told of: whoever took it gives it back.
    return refuse('PAYMENT_TOO_LATE')
  }

  const confirmRefund: Redemptions['confirmRefund'] = async ({ id, reference }) => {
    const redemption = await loadRedemption(id, ledger)
    if (!redemption) return refuse('REDEMPTION_NOT_FOUND', { field: 'redemptionId' })
    const wrong = checkReference(reference)
    if (wrong) return wrong
    const posted = await ledger.post(refundedCommand(redemption, { policies, reference }))
    if (!isRefusal(posted)) return getRedemption(id)
    return posted.code === MOVED_ON ? refuse('REFUND_NOT_DUE') : posted
  }

  const decide = async (
    { id, by, reason }: ReviewDecision,
    commandOf: (redemption: Redemption, said: { by: string; reason: string }) => Command,
  ): Promise<{ readonly current: Redemption; readonly replayed: boolean } | Refusal> => {
    const wrong = checkReason(reason)
    if (wrong) return wrong
    const redemption = await loadRedemption(id, ledger)
    if (!redemption) return refuse('REDEMPTION_NOT_FOUND', { field: 'id' })
    const posted = await ledger.post(commandOf(redemption, { by, reason }))
    if (!isRefusal(posted)) {
      return { current: await getRedemption(id), replayed: posted.replayed }
    }
    return posted.code === MOVED_ON
      ? refuse('REDEMPTION_NOT_UNDER_REVIEW', { field: 'id' })
      : posted
  }

  const approve: Redemptions['approve'] = async (decision, acting = null) => {
    const decided = await decide(decision, (redemption, said) =>
      approveCommand(redemption, { ...said, policies, acting }),
    )
    if ('refused' in decided) return decided
    const { current, replayed } = decided
    return current.status !== 'held' || replayed
      ? driveOn(current)
      : fulfilRedemption(current, parts)
  }

  const decline: Redemptions['decline'] = async (decision, acting = null) => {
    const decided = await decide(decision, (redemption, said) =>
      declineCommand(redemption, { ...said, policies, acting }),
    )
    return 'refused' in decided ? decided : decided.current
  }

  const askAgain: Redemptions['askAgain'] = async (id) => {
    const redemption = await loadRedemption(id, ledger)
    if (redemption?.status !== 'unknown' && redemption?.status !== 'cancelling') return redemption
    const taken = await takeUpRedemption(redemption, parts, { isEarly: true })
    return taken ?? loadRedemption(id, ledger)
  }

  return {
    quote: (request) => orPluginFailed(quote(request)),
    approve: (decision, acting) => orPluginFailed(approve(decision, acting)),
    decline,
    askAgain,
    confirmPayment: (payment) => orPluginFailed(confirmPayment(payment)),
    confirmRefund,
    redeem: (request) => orPluginFailed(redeem(request)),
    cancel,
    find: (id) => loadRedemption(id, ledger),
    async findOfWallet(wallet, { before, limit }) {
      const page = { beforeRef: before, limit }
      const records = await ledger.store.findRecordsOf(wallet, 'redemption', page)
      return records.map(readRedemption)
    },
    async findNewest(wallets, limit) {
      const records = await ledger.store.findNewestRecords(wallets, 'redemption', limit)
      return records.map(readRedemption)
    },
    findRefundsDue: (page) => findRefundsDue(ledger.store, page),
    takeUpDue: openTakeUp(parts),
    forgetQuotes: (limit) =>
      database.write((manager) =>
        deleteQuotes(database.connection(manager), {
          before: ledger.clock() - QUOTE_KEPT_MS,
          limit,
        }),
      ),
  }
}

/** Let go of by who wanted it: a channel or a time that is over would have a refusal. */
function isCalledOff({ status, refusal }: Redemption): boolean {
  return status === 'released' && refusal === null
}

const MAX_REFERENCE = 100

function checkReference(reference: string): Refusal | null {
  if (reference.trim() !== '' && reference.length <= MAX_REFERENCE && !/\p{Cs}/u.test(reference)) {
    return null
  }
  const detail = `Expected 1 to ${MAX_REFERENCE} characters.`
  return refuse('INVALID_INPUT', { field: 'reference', detail })
}

function checkPayment(
  { cash }: Redemption,
  { amount, reference }: { amount: Money; reference: string },
): Refusal | null {
  if (!cash) return refuse('PAYMENT_NOT_DUE')
  const { amountMinor, currency } = cash
  if (amount.amountMinor !== amountMinor || amount.currency !== currency) {
    const neededAmount = { amountMinor, currency }
    return refuse('PAYMENT_AMOUNT_WRONG', {
      field: 'amount',
      availableAmount: amount,
      neededAmount,
    })
  }
  return checkReference(reference)
}

function checkNames({ offerId, quoteId, idempotencyKey }: RedeemRequest): Refusal | null {
  if (Boolean(offerId) === Boolean(quoteId)) {
    const detail = 'Expected an offer or a quote, one of the two.'
    return refuse('INVALID_INPUT', { field: 'offerId', detail })
  }
  return quoteId ? null : checkIdempotencyKey(idempotencyKey)
}
