import type { Cancellation } from '@pointwell/plugin'
import { askToCancel } from '../right/ask-api.js'
import { neverGiven, newRight, type PartnerContext } from '../right/new-right.js'
import type { Right } from '../right/right.js'
import { settleVoid } from '../right/settle-right.js'
import { findPartner } from '../store/partner-table.js'
import { findOrInsertRight, findRight } from '../store/right-table.js'
import { leaseMsOf, openApiFor } from './open-api-for.js'

/**
 * Gives back what a partner gave, where its offer allowed that, once, however often it is asked; the
 * partner's API is asked where it gave it. Where nothing was given yet, nothing will be. Refused:
 * `PARTNER_NOT_RETURNABLE`, `PARTNER_KEEPS` where the partner says no, `PARTNER_PENDING` where it is
 * still being asked to give it.
 */
export async function cancelPartner(context: PartnerContext): Promise<Cancellation> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store, redemption, now } = context
  const right =
    (await findRight(store, redemption.id)) ??
    (await findOrInsertRight(store, neverGiven(newRight(context), 'PARTNER_CANCELLED')))
  switch (right.status) {
    case 'never':
    case 'refused':
    case 'void':
      return { outcome: 'cancelled' }
    case 'asking':
      return { outcome: 'refused', code: 'PARTNER_PENDING' }
    case 'given':
    case 'cancelling':
      if (!right.returnable) return { outcome: 'refused', code: 'PARTNER_NOT_RETURNABLE' }
      if (right.source === 'api') return cancelThere(context, right)
      await settleVoid(store, redemption.id, now)
      return { outcome: 'cancelled' }
  }
}

async function cancelThere(context: PartnerContext, right: Right): Promise<Cancellation> {
  const { store, settings, now } = context
  const partner = await findPartner(store, right.partnerId)
  const api = partner && openApiFor(partner, context)
  if (!api) return { outcome: 'unknown', detail: 'the partner’s API is not set up' }
  const asked = await askToCancel(store, right, { api, now, leaseMs: leaseMsOf(settings) })
  if (asked.isRefused) return { outcome: 'refused', code: 'PARTNER_KEEPS' }
  if (asked.right.status === 'void') return { outcome: 'cancelled' }
  return { outcome: 'unknown', detail: asked.detail ?? 'the partner is being asked' }
}
