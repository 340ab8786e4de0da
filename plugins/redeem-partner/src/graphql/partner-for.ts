import type { RequestContext } from '@pointwell/plugin'
import type { Partner } from '../partner/partner.js'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { findPartner } from '../store/partner-table.js'

/** A partner as far as who asks may see it: a partner sees itself and cannot tell another from one
 * that is not there, nor name it by leaving the id out. */
export async function partnerFor(
  { viewer, program }: RequestContext,
  id: string | null | undefined,
): Promise<Partner | undefined> {
  const own = viewer.kind === 'partner' ? viewer.subject : null
  const wanted = id ?? own
  if (wanted === null || (own !== null && wanted !== own)) return undefined
  return findPartner(program.store(PARTNER_PLUGIN_ID), wanted)
}
