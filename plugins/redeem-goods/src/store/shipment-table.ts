import type { PluginStore } from '@pointwell/plugin'
import { rowsAfter, type TimePlace } from '@pointwell/plugin/graphql'
import type { EntityManager } from 'typeorm'
import type { Shipment, ShipmentStatus } from '../shipment/shipment.js'
import { GoodsShipmentEntity } from './goods-shipment.entity.js'

export function placeOfShipment({ orderedAt: at, redemptionId: id }: Shipment): TimePlace {
  return { at, id }
}

export async function findShipment(
  store: PluginStore,
  redemptionId: string,
): Promise<Shipment | undefined> {
  const row = await store.read((manager) =>
    manager.findOneBy(GoodsShipmentEntity, { redemptionId }),
  )
  return row ? { ...row } : undefined
}

/** The one shipment of a redemption: the one there is, or this one. The redemption is unique, which
 * decides between several calls at once and between this one and one that died half-way. */
export async function findOrInsertShipment(
  store: PluginStore,
  shipment: Shipment,
): Promise<Shipment> {
  try {
    await store.write((manager) => insertShipment(manager, shipment))
    return shipment
  } catch (error) {
    const known = store.isDuplicateKey(error) && (await findShipment(store, shipment.redemptionId))
    if (known) return known
    throw error
  }
}

export async function insertShipment(manager: EntityManager, shipment: Shipment): Promise<void> {
  await manager.insert(GoodsShipmentEntity, shipment)
}

/** Writes the next version; false, and nothing written, where somebody else was first. */
export async function replaceShipment(
  manager: EntityManager,
  { redemptionId, ...next }: Shipment,
): Promise<boolean> {
  const seen = { redemptionId, version: next.version - 1 }
  const { affected } = await manager.update(GoodsShipmentEntity, seen, next)
  return affected === 1
}

/** A member's goods, newest first, after a place in that order. */
export async function findShipmentsOf(
  store: PluginStore,
  {
    memberId,
    status,
    after,
    limit,
    now,
  }: {
    readonly memberId: string
    readonly status?: ShipmentStatus | null
    readonly after: TimePlace | null
    readonly limit: number
    readonly now: number
  },
): Promise<Shipment[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(GoodsShipmentEntity, 'it')
      .where('it.memberId = :memberId', { memberId })
      .andWhere('it.status <> :never', { never: 'never' })
    // Nothing is written when something counts as received: it is sent in the table.
    if (status === 'received') {
      query.andWhere('(it.status = :status OR (it.status = :sent AND it.arrivesBy <= :now))', {
        status,
        sent: 'sent',
        now,
      })
    } else if (status) {
      query.andWhere('it.status = :status', { status })
      if (status === 'sent') query.andWhere('it.arrivesBy > :now', { now })
    }
    return rowsAfter(query, {
      by: ['it.orderedAt', 'it.redemptionId'],
      order: 'DESC',
      after,
      limit,
    })
  })
  return rows.map((row) => ({ ...row }))
}

/** What waits for somebody to do something, oldest first, after a place in that order. */
export async function findWork(
  store: PluginStore,
  {
    status,
    after,
    limit,
  }: {
    readonly status: 'ordered' | 'picking' | 'waiting' | 'return-requested'
    readonly after: TimePlace | null
    readonly limit: number
  },
): Promise<Shipment[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(GoodsShipmentEntity, 'it')
      .where('it.status = :status', { status })
    return rowsAfter(query, { by: ['it.orderedAt', 'it.redemptionId'], order: 'ASC', after, limit })
  })
  return rows.map((row) => ({ ...row }))
}
