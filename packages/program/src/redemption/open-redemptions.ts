import { isRefusal, type Refusal, refuse } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey, memberKey } from '../input/idempotency-key.js'
import { readPluginInput } from '../input/read-plugin-input.js'
import type { ReportFailure } from '../jobs/job.js'
import { type MemberProfile, memberFacts, tierAt, walletsOf } from '../member/member-facts.js'
import { checkMembership } from '../membership/check-membership.js'
import { readMemo } from '../memo/programme-memo.js'
import { checkOfferFor, checkOfferWindow } from '../offer/check-offer-open.js'
import { offerPrice } from '../offer/offer-price.js'
import type { Offer } from '../offer/offer-terms.js'
import { postFor } from '../plugin-list/name-hung-plugin.js'
import { servingPointValue } from '../point-value/point-value-at.js'
import { orPluginFailed } from '../refusal/or-plugin-failed.js'
import {
  cancelFulfilled,
  type DriveParts,
  fulfilRedemption,
  loadRedemption,
  takeUpRedemption,
} from './drive-redemption.js'
import { newId } from './new-id.js'
import { openTakeUp } from './open-take-up.js'
import { deleteQuotes, insertQuote, selectQuote } from './quote-rows.js'
import { type Quote, redeemCommand } from './redeem-command.js'
import { cancellingCommand, MOVED_ON } from './redemption-commands.js'
import { type Redemption, readRedemption } from './redemption-record.js'

export interface RedeemRequest {
  readonly memberId: string
  /** Exactly one of the two. A quote is redeemed once: its id is the key. */
  readonly offerId?: string | null
  readonly quoteId?: string | null
  /** Needed without a quote: the same key again is the same redemption. 1 to 100 characters. */
  readonly idempotencyKey?: string | null
  /** What the channel wants to know of the member (an address …). */
  readonly order?: unknown
}

export interface Redemptions {
  /** Refuses OFFER_NOT_FOUND, MEMBER_NOT_FOUND, MEMBERSHIP_LAPSED, OFFER_NOT_OPEN, OFFER_NOT_FOR_YOU. */
  quote(request: { memberId: string; offerId: string }): Promise<Quote | Refusal>
  /**
   * Holds the points, asks the channel, captures or releases (R6). Answers with the redemption as it
   * is by then: `fulfilled`, `released` (with the channel's refusal), or `unknown`. Refuses
   * INVALID_INPUT, MEMBER_NOT_FOUND, OFFER_NOT_FOUND, QUOTE_NOT_FOUND, IDEMPOTENCY_MISMATCH, and
   * what `redeemCommand` refuses. PLUGIN_FAILED where the channel is at fault before anything is held.
   */
  redeem(request: RedeemRequest): Promise<Redemption | Refusal>
  /** Gives it back where the channel allows (R7). Refuses REDEMPTION_NOT_FOUND,
   * REDEMPTION_NOT_FULFILLED, REDEMPTION_NOT_CANCELLABLE, and what the channel refuses. */
  cancel(id: string, acting?: Acting | null): Promise<Redemption | Refusal>
  find(id: string): Promise<Redemption | undefined>
  /** Newest first, before an id. */
  findOfWallet(
    wallet: number,
    page: { before: string | null; limit: number },
  ): Promise<Redemption[]>
  /** The newest `limit` of each wallet, newest first, in one statement (A4). */
  findNewest(wallets: readonly number[], limit: number): Promise<Redemption[]>
  /** Takes up what is due, the longest due first; answers with how many were looked at. One that
   * fails is told of, and holds up no other. */
  takeUpDue(limit: number, report?: ReportFailure): Promise<number>
  /** Forgets quotes that ran out long ago; answers with how many. */
  forgetQuotes(limit: number): Promise<number>
}

export interface RedemptionParts extends DriveParts {
  readonly database: ProgramDatabase
  readonly findProfile: (id: string) => Promise<MemberProfile | undefined>
  readonly findOffer: (id: string) => Promise<Offer | undefined>
}

const MINUTE_MS = 60_000
/** A quote is kept so long after it ran out, that a repeated request still finds it. */
const QUOTE_KEPT_MS = 30 * 86_400_000

export function openRedemptions(parts: RedemptionParts): Redemptions {
  const { ledger, policies, channels, database } = parts
  const tools = { policies, ...(parts.report && { report: parts.report }) }

  const quote: Redemptions['quote'] = async ({ memberId, offerId }) => {
    const [member, offer] = await Promise.all([
      parts.findProfile(memberId),
      parts.findOffer(offerId),
    ])
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const channel = offer && channels.get(offer.channel)
    if (!offer || !channel) return refuse('OFFER_NOT_FOUND', { field: 'offerId' })
    const now = ledger.clock()
    const policy = policies.at(now)
    const [wallet] = await ledger.store.findWallets([member.wallet])
    const memo = readMemo(wallet?.memo ?? {})
    const facts = memberFacts(member, { policy, memo, at: now, source: channel.id })
    const lapsed = wallet ? checkMembership(wallet, now) : null
    const closed = lapsed ?? checkOfferWindow(offer, now) ?? checkOfferFor(offer, facts)
    if (closed) return closed
    const price = offerPrice(offer, {
      pricing: policy.document.pricing,
      pointValue: servingPointValue(policy, now),
      loop: channel.loop,
      tier: tierAt(memo, { policy, at: now }),
    })
    if ('refused' in price) return price
    const quoted: Quote = {
      id: newId(now),
      wallet: member.wallet,
      offerId,
      points: price.points,
      steps: price.steps,
      createdAt: now,
      expiresAt: now + policy.document.quotes.minutes * MINUTE_MS,
    }
    await database.write((manager) => insertQuote(database.connection(manager), quoted))
    return quoted
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
    const { report } = parts
    const order = readPluginInput(
      { plugin: channel, operation: 'order', report },
      { schema: channel.order, input: request.order ?? {}, within: 'order' },
    )
    if (isRefusal(order)) return order

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
        askedAt: now,
      },
      tools,
    )
    const asked = { plugin: channel, operation: 'check', report }
    const posted = await postFor(asked, postOrOpen(ledger, command))
    if (isRefusal(posted)) return posted
    const { redemptionId } = posted.transaction.result as { redemptionId: string }
    const redemption = await getRedemption(redemptionId)
    if (!posted.replayed) return fulfilRedemption(redemption, parts)
    return driveOn(redemption)
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
    if (redemption.status === 'cancelled') return redemption
    if (redemption.status === 'cancelling') return driveOn(redemption)
    if (redemption.status !== 'fulfilled') return refuse('REDEMPTION_NOT_FULFILLED')
    if (!channels.get(redemption.channel)?.cancel) return refuse('REDEMPTION_NOT_CANCELLABLE')
    const posted = await ledger.post(cancellingCommand(redemption, { policies, acting }))
    if (isRefusal(posted) && posted.code !== MOVED_ON) return posted
    const current = await getRedemption(id)
    // Somebody else asked at the same moment, and is asking the channel.
    if (isRefusal(posted) || posted.replayed) return current
    const after = await cancelFulfilled(current, parts)
    return after.status === 'fulfilled' && after.refusal ? refuse(after.refusal.code) : after
  }

  return {
    quote,
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

function checkNames({ offerId, quoteId, idempotencyKey }: RedeemRequest): Refusal | null {
  if (Boolean(offerId) === Boolean(quoteId)) {
    const detail = 'name an offer or a quote, one of the two'
    return refuse('INVALID_INPUT', { field: 'offerId', detail })
  }
  return quoteId ? null : checkIdempotencyKey(idempotencyKey)
}
