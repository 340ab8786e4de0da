import type { Fulfilment, PluginStore } from '@pointwell/plugin'
import type { Partner } from '../partner/partner.js'
import { askForRight } from '../right/ask-api.js'
import { givePoolCode, givePrivilege } from '../right/give-at-once.js'
import { neverGiven, newRight, type PartnerContext } from '../right/new-right.js'
import type { Right } from '../right/right.js'
import { changeBalance } from '../store/balance.js'
import { findPartner } from '../store/partner-table.js'
import { findOrInsertRight, findRight, insertRight } from '../store/right-table.js'
import { leaseMsOf, openApiFor } from './open-api-for.js'

/**
 * Gives what a partner gives for a redemption, once, however often it is asked: a code of the pool, a
 * privilege, or what the partner's API answers with. Refused: `PARTNER_NOT_ACTIVE`,
 * `PARTNER_OUT_OF_FUNDS`, `PARTNER_SOLD_OUT`, `PARTNER_REFUSED`, and `PARTNER_CANCELLED` where the
 * redemption was cancelled. Unknown until the API says one or the other (R6).
 */
export async function fulfilPartner(context: PartnerContext): Promise<Fulfilment> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store, redemption, settings, now } = context
  const partner = await findPartner(store, context.offer.details.partner)
  const right = (await findRight(store, redemption.id)) ?? (await begin(context, partner))
  if (right.status !== 'asking') return answerFor(right)
  const api = partner && openApiFor(partner, context)
  if (!api) return { outcome: 'unknown', detail: 'the partner’s API is not set up' }
  const leaseMs = leaseMsOf(settings)
  const asked = await askForRight(store, right, { api, now, leaseMs })
  return answerFor(asked.right, asked.detail)
}

/** The row of a redemption that has none: given at once, set aside for, or never to be given. */
async function begin(context: PartnerContext, partner: Partner | undefined): Promise<Right> {
  const { store, offer, calendar, now } = context
  const right = newRight(context)
  const { gives } = offer.details
  const isReady = partner?.active && (gives.source !== 'api' || openApiFor(partner, context))
  if (!isReady) return findOrInsertRight(store, neverGiven(right, 'PARTNER_NOT_ACTIVE'))
  switch (gives.source) {
    case 'pool':
      return givePoolCode(store, right, now)
    case 'privilege':
      return givePrivilege(store, right, { days: gives.days, calendar, now })
    case 'api':
      return setAside(store, right)
  }
}

/** Sets aside what it costs before the API is asked: what the partner gives can always be paid. */
async function setAside(store: PluginStore, right: Right): Promise<Right> {
  try {
    const isSetAside = await store.write(async (manager) => {
      const { partnerId, costMinor: reservedMinor } = right
      const has = await changeBalance(manager, { partnerId, reservedMinor, keepsFloor: true })
      if (has) await insertRight(manager, right)
      return has
    })
    if (isSetAside) return right
  } catch (error) {
    if (!store.isDuplicateKey(error)) throw error
  }
  // Another call's row, or nothing left to set aside.
  return findOrInsertRight(store, neverGiven(right, 'PARTNER_OUT_OF_FUNDS'))
}

function answerFor(right: Right, detail = 'the partner is being asked'): Fulfilment {
  switch (right.status) {
    case 'asking':
      return { outcome: 'unknown', detail }
    case 'void':
      return { outcome: 'refused', code: 'PARTNER_CANCELLED' }
    case 'refused':
    case 'never':
      return { outcome: 'refused', code: right.refusal ?? 'PARTNER_REFUSED' }
    case 'given':
    case 'cancelling':
      return { outcome: 'fulfilled', receipt: receiptOf(right) }
  }
}

/** What the member keeps of the redemption. */
function receiptOf({ source, partnerId: partner, code, privilege, startsAt, endsAt }: Right) {
  const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return source === 'privilege'
    ? { source, partner, privilege, from: instant(startsAt), until: instant(endsAt) }
    : { source, partner, code, expiresAt: instant(endsAt) }
}
