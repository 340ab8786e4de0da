import type { Wallet } from '@pointwell/ledger'
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'
import { termsFor } from '../experiment/variants-of.js'
import { readMemo } from '../memo/programme-memo.js'
import { servingPointValue } from '../point-value/point-value-at.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { stockCounters } from '../redemption/redeem-command.js'
import { buyerOf, expiringPoints } from './buyer-of.js'
import { type Buyer, followsStock, type OfferPrice } from './offer-price.js'
import type { Offer } from './offer-terms.js'
import { shownPrice } from './shown-price.js'

/** Whose price it is. */
export interface OfferBuyer {
  /** The ledger's number of the member's wallet. */
  readonly wallet: number
  /** The wallet as it was read for the list that shows the offer; absent: it is read for the price. */
  readonly asRead?: Wallet
}

/** What an offer costs the member it is shown to; without one, somebody of the first tier. Answers at once
 * where there is nothing left to read. */
export function readPrice(
  { offer, buyer }: { readonly offer: Offer; readonly buyer: OfferBuyer | null },
  context: ProgramContext,
): OfferPrice | Promise<OfferPrice> {
  const now = context.now()
  const policy = context.program.policies.at(now)
  const whose =
    buyer === null ? anybody(policy, now) : viewedBuyer(buyer, { offer, policy, now, context })
  const sold = followsStock(offer) ? context.loaders.sold(stockCounters(offer, '').total) : 0
  const priceFor = (known: Buyer, sold: number): OfferPrice => {
    const price = shownPrice(offer, {
      ...known,
      pricing: policy.document.pricing,
      pointValue: servingPointValue(policy, now),
      loop: context.program.channels.get(offer.channel)?.loop ?? 'closed',
      sold,
    })
    if ('refused' in price) throw new Error(`The offer ${offer.id} has no price: ${price.code}.`)
    return price
  }
  if (!(whose instanceof Promise) && typeof sold === 'number') return priceFor(whose, sold)
  return Promise.all([whose, sold]).then(([known, sold]) => priceFor(known, sold))
}

/** Whoever has just come: of the first tier. */
function anybody({ document }: PolicyInForce, now: number): Buyer {
  return {
    tier: document.tiers.levels[0]!,
    variants: termsFor(document.experiments, { wallet: null, at: now }),
  }
}

function viewedBuyer(
  { wallet: id, asRead }: OfferBuyer,
  {
    offer,
    policy,
    now,
    context,
  }: { offer: Offer; policy: PolicyInForce; now: number; context: ProgramContext },
): Buyer | Promise<Buyer> {
  const { byRegion, expiringDiscount } = offer.price
  const asksRegion = byRegion !== null || Object.keys(policy.document.pricing.regions).length > 0
  if (asRead && !asksRegion && !expiringDiscount) return buyerAsRead(asRead, { policy, now })
  return Promise.all([
    asRead ?? loadWallet(context, id),
    asksRegion ? context.loaders.memberOf(id) : undefined,
    expiringDiscount ? context.ledgerReads.findOpenLots(id) : [],
  ]).then(([wallet, member, lots]) => ({
    ...buyerAsRead(wallet, { policy, now }),
    region: member?.region ?? null,
    expiring: expiringPoints(lots, { policy, now }),
  }))
}

/** Of one wallet as it was read: all offers of a page ask for the same. */
const buyers = new WeakMap<Wallet, { policy: PolicyInForce; now: number; buyer: Buyer }>()

function buyerAsRead(wallet: Wallet, { policy, now }: { policy: PolicyInForce; now: number }) {
  const known = buyers.get(wallet)
  if (known?.policy === policy && known.now === now) return known.buyer
  const memo = readMemo(wallet.memo)
  const buyer = buyerOf({ wallet, region: null, memo, lots: [], policy, now })
  buyers.set(wallet, { policy, now, buyer })
  return buyer
}
