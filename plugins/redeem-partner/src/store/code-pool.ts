import {
  codePoolOf,
  type PluginStore,
  type PoolCounts,
  poolCounts,
  type StatusCount,
} from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { PartnerCodeEntity } from './partner-code.entity.js'

const pool = codePoolOf(PartnerCodeEntity)
type Import = Parameters<typeof pool.import>[1]
type Free = Parameters<typeof pool.findFree>[1]
interface OfPartner {
  readonly partnerId: string
}

/** Pools of codes that partners' offers give from. */
export const { count: countCodes, void: voidCodes, take: takeCode } = pool

/** Puts a partner's codes into the pool of an offer; answers with those that are new. */
export function importCodes(
  store: PluginStore,
  { partnerId, ...request }: Omit<Import, 'more'> & OfPartner,
): Promise<ReadonlySet<string>> {
  return pool.import(store, { ...request, more: { partnerId } })
}

/** Some codes of this partner's that may be given: an offer may have been another's before. */
export function findFreeCodes(
  store: PluginStore,
  { partnerId, ...request }: Omit<Free, 'more'> & OfPartner,
): Promise<string[]> {
  return pool.findFree(store, { ...request, more: { partnerId } })
}

/** Takes back the code of a redemption that was given back: nobody gets it again. */
export async function voidGivenCode(manager: EntityManager, redemptionId: string): Promise<void> {
  await manager.update(PartnerCodeEntity, { redemptionId }, { status: 'void' })
}

/** The pools of partners, by partner and by offer, in one statement. */
export async function countPools(
  store: PluginStore,
  partnerIds: readonly string[],
): Promise<ReadonlyMap<string, (PoolCounts & { readonly offerId: string })[]>> {
  const rows: PoolRow[] = await store.read((manager) =>
    manager
      .createQueryBuilder(PartnerCodeEntity, 'it')
      .select('it.partnerId', 'partnerId')
      .addSelect('it.offerId', 'offerId')
      .addSelect('it.status', 'status')
      .addSelect('COUNT(*)', 'codes')
      .where('it.partnerId IN (:...partnerIds)', { partnerIds })
      .groupBy('it.partnerId')
      .addGroupBy('it.offerId')
      .addGroupBy('it.status')
      .orderBy('it.offerId', 'ASC')
      .getRawMany(),
  )
  return new Map(
    partnerIds.map((partnerId) => [
      partnerId,
      poolsOf(rows.filter((row) => row.partnerId === partnerId)),
    ]),
  )
}

interface PoolRow extends StatusCount {
  readonly partnerId: string
  readonly offerId: string
}

function poolsOf(rows: readonly PoolRow[]): (PoolCounts & { readonly offerId: string })[] {
  const offers = [...new Set(rows.map(({ offerId }) => offerId))]
  return offers.map((offerId) => ({
    offerId,
    ...poolCounts(rows.filter((row) => row.offerId === offerId)),
  }))
}
