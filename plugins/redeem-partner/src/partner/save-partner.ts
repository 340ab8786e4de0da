import { type PluginStore, type Refusal, refuse } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { changeFloor } from '../store/balance.js'
import { findPartner, insertPartner, replacePartner } from '../store/partner-table.js'
import { floorOf, type Partner } from './partner.js'
import { checkPartner } from './partner-schema.js'

/** What happens in the transaction of the change. */
export type PartnerWritten = (
  manager: EntityManager,
  change: { readonly before: Partner | null; readonly after: Partner },
) => Promise<void>

/** Refuses INVALID_INPUT, PARTNER_HOST_NOT_ALLOWED, PARTNER_EXISTS. */
export async function createPartner(
  store: PluginStore,
  partner: Partner,
  written: PartnerWritten,
): Promise<Partner | Refusal> {
  const refusal = checkPartner(partner)
  if (refusal) return refusal
  try {
    await store.write(async (manager) => {
      await insertPartner(manager, partner)
      await written(manager, { before: null, after: partner })
    })
    return partner
  } catch (error) {
    if (!store.isDuplicateKey(error)) throw error
    return refuse('PARTNER_EXISTS', { field: 'id' })
  }
}

export type PartnerChange = Partial<
  Pick<Partner, 'title' | 'terms' | 'creditLimitMinor' | 'active' | 'apiUrl' | 'secretName'>
>

/**
 * Refuses PARTNER_NOT_FOUND, INVALID_INPUT, PARTNER_HOST_NOT_ALLOWED, PARTNER_CONFLICT where somebody
 * else changed it, PARTNER_OUT_OF_FUNDS where more is owed than its new terms allow.
 */
export async function changePartner(
  store: PluginStore,
  {
    id,
    version,
    change,
  }: { readonly id: string; readonly version: number | null; readonly change: PartnerChange },
  written: PartnerWritten,
): Promise<Partner | Refusal> {
  const before = await findPartner(store, id)
  if (!before) return refuse('PARTNER_NOT_FOUND', { field: 'id' })
  if (version !== null && version !== before.version) return refuse('PARTNER_CONFLICT')
  const after = { ...before, ...change, version: before.version + 1 }
  const refusal = checkPartner(after)
  if (refusal) return refusal
  try {
    await store.write(async (manager) => {
      const floor = { partnerId: id, floorMinor: floorOf(after) }
      if (!(await changeFloor(manager, floor))) throw new Refused('PARTNER_OUT_OF_FUNDS')
      if (!(await replacePartner(manager, after))) throw new Refused('PARTNER_CONFLICT')
      await written(manager, { before, after })
    })
    return after
  } catch (error) {
    if (error instanceof Refused) return refuse(error.code)
    throw error
  }
}

/** Nothing of the transaction stays. */
class Refused extends Error {
  constructor(readonly code: 'PARTNER_OUT_OF_FUNDS' | 'PARTNER_CONFLICT') {
    super(code)
  }
}
