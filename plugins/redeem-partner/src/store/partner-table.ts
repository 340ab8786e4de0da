import type { PluginStore } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { floorOf, type Partner } from '../partner/partner.js'
import { PartnerAccountEntity } from './partner-account.entity.js'
import { PartnerBalanceEntity } from './partner-balance.entity.js'

export async function findPartner(store: PluginStore, id: string): Promise<Partner | undefined> {
  const row = await store.read((manager) => manager.findOneBy(PartnerAccountEntity, { id }))
  return row ? partnerOf(row) : undefined
}

/** By id, after one. */
export async function findPartners(
  store: PluginStore,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Partner[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(PartnerAccountEntity, 'it')
      .orderBy('it.id', 'ASC')
      .limit(limit)
    return (after === null ? query : query.where('it.id > :after', { after })).getMany()
  })
  return rows.map(partnerOf)
}

/** A partner, with a counter at nothing. Throws a duplicate key where there is one of this id. */
export async function insertPartner(manager: EntityManager, partner: Partner): Promise<void> {
  await manager.insert(PartnerAccountEntity, rowOf(partner))
  const zero = { balanceMinor: 0, reservedMinor: 0, floorMinor: floorOf(partner) }
  await manager.insert(PartnerBalanceEntity, { partnerId: partner.id, ...zero })
}

/** Writes the next version; false, and nothing written, where somebody else was first. */
export async function replacePartner(manager: EntityManager, partner: Partner): Promise<boolean> {
  const { id, ...next } = rowOf(partner)
  const seen = { id, version: partner.version - 1 }
  const { affected } = await manager.update(PartnerAccountEntity, seen, next)
  return affected === 1
}

function partnerOf({ active, ...same }: PartnerAccountEntity): Partner {
  return { ...same, active: active === 1 }
}

function rowOf({ active, ...same }: Partner): PartnerAccountEntity {
  return { ...same, active: active ? 1 : 0 }
}
