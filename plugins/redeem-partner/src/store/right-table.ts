import type { PluginStore } from '@pointwell/plugin'
import { rowsAfter, type TimePlace } from '@pointwell/plugin/graphql'
import type { EntityManager } from 'typeorm'
import type { Right } from '../right/right.js'
import { PartnerRightEntity } from './partner-right.entity.js'

export async function findRight(
  store: PluginStore,
  redemptionId: string,
): Promise<Right | undefined> {
  const row = await store.read((manager) => manager.findOneBy(PartnerRightEntity, { redemptionId }))
  return row ? rightOf(row) : undefined
}

/** The one row of a redemption: the one there is, or this one. The redemption is unique, which
 * decides between several calls at once and between this one and one that died half-way. */
export async function findOrInsertRight(store: PluginStore, right: Right): Promise<Right> {
  try {
    await store.write((manager) => insertRight(manager, right))
    return right
  } catch (error) {
    const known = store.isDuplicateKey(error) && (await findRight(store, right.redemptionId))
    if (known) return known
    throw error
  }
}

export async function insertRight(manager: EntityManager, right: Right): Promise<void> {
  await manager.insert(PartnerRightEntity, rowOf(right))
}

/** Writes the next version; false, and nothing written, where somebody else was first. */
export async function replaceRight(manager: EntityManager, right: Right): Promise<boolean> {
  const { redemptionId, ...next } = rowOf(right)
  const seen = { redemptionId, version: right.version - 1 }
  const { affected } = await manager.update(PartnerRightEntity, seen, next)
  return affected === 1
}

/** A member's privileges that were given, the one that lasts longest first. */
export async function findPrivileges(
  store: PluginStore,
  {
    memberId,
    privilege,
    partnerId,
    at,
  }: {
    readonly memberId: string
    readonly privilege?: string
    readonly partnerId?: string | null
    /** Only what is not over then; epoch milliseconds. */
    readonly at: number
  },
): Promise<Right[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(PartnerRightEntity, 'it')
      .where('it.memberId = :memberId', { memberId })
      .andWhere('it.source = :source', { source: 'privilege' })
      .andWhere('it.status IN (:...statuses)', { statuses: ['given', 'cancelling'] })
      .andWhere('it.endsAt > :at', { at })
      .orderBy('it.endsAt', 'DESC')
      .addOrderBy('it.redemptionId', 'DESC')
      .limit(MOST_PRIVILEGES)
    if (privilege !== undefined) query.andWhere('it.privilege = :privilege', { privilege })
    if (partnerId) query.andWhere('it.partnerId = :partnerId', { partnerId })
    return query.getMany()
  })
  return rows.map(rightOf)
}

/** As many as a member is shown. */
const MOST_PRIVILEGES = 100

/** The last instant for which a member has a privilege of a partner by now; null: it has none. Asked
 * under the lock of the partner's counter, so that of two at once the second begins after the first. */
export async function lastEndOf(
  manager: EntityManager,
  { partnerId, memberId, privilege }: Pick<Right, 'partnerId' | 'memberId' | 'privilege'>,
): Promise<number | null> {
  const found = await manager
    .createQueryBuilder(PartnerRightEntity, 'it')
    .select('MAX(it.endsAt)', 'end')
    .where('it.memberId = :memberId AND it.privilege = :privilege', { memberId, privilege })
    .andWhere('it.partnerId = :partnerId', { partnerId })
    .andWhere('it.status IN (:...statuses)', { statuses: ['given', 'cancelling'] })
    .getRawOne<{ end: string | number | null }>()
  return found?.end === null || found === undefined ? null : Number(found.end)
}

/** Orders of a partner's API of which the end is not known, the oldest first, after a place in that order. */
export async function findOpenOrders(
  store: PluginStore,
  {
    partnerId,
    after,
    limit,
  }: {
    readonly partnerId: string
    readonly after: TimePlace | null
    readonly limit: number
  },
): Promise<Right[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(PartnerRightEntity, 'it')
      .where('it.partnerId = :partnerId', { partnerId })
      .andWhere('it.status IN (:...statuses)', { statuses: ['asking', 'cancelling'] })
      .andWhere('it.source = :source', { source: 'api' })
    return rowsAfter(query, { by: ['it.orderedAt', 'it.redemptionId'], order: 'ASC', after, limit })
  })
  return rows.map(rightOf)
}

function rightOf({ returnable, ...same }: PartnerRightEntity): Right {
  return { ...same, returnable: returnable === 1 }
}

function rowOf({ returnable, ...same }: Right): PartnerRightEntity {
  return { ...same, returnable: returnable ? 1 : 0 }
}
