import { type Refusal, refuse } from '@pointwell/plugin'
import { fitsAccountPattern } from '../offer/account-pattern.js'
import type { GoodsOffer } from '../offer/goods-offer.js'
import type { GoodsSettings } from '../settings/goods-settings.js'
import type { GoodsOrder } from './goods-order.js'

/** Refuses INVALID_INPUT where the order lacks what the offer needs, or names what it does not. */
export function checkGoodsOrder(
  { address, account }: GoodsOrder,
  { offer, settings }: { readonly offer: GoodsOffer; readonly settings: GoodsSettings },
): Refusal | null {
  const isSent = offer.type === 'physical'
  if (isSent !== (address !== undefined)) {
    const detail = isSent
      ? 'Expected the id of an address to send it to.'
      : 'Expected none: nothing is sent.'
    return refuse('INVALID_INPUT', { field: 'order.address', detail })
  }
  const topUp = offer.type === 'virtual' && offer.gives.kind === 'top-up' ? offer.gives : null
  if (!topUp) {
    if (account === undefined) return null
    const detail = 'Expected none: nothing is topped up.'
    return refuse('INVALID_INPUT', { field: 'order.account', detail })
  }
  const patterns = topUp.accountPatterns ?? settings.accountPatterns
  if (account !== undefined && patterns.some((it) => fitsAccountPattern(account, it))) return null
  const detail = `Expected an account like ${patterns.join(' or ')}.`
  return refuse('INVALID_INPUT', { field: 'order.account', detail })
}
