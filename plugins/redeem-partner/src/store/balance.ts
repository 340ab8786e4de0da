import type { PluginStore } from '@pointwell/plugin'
import { type EntityManager, In } from 'typeorm'
import { PartnerBalanceEntity } from './partner-balance.entity.js'

/** Minor units of the partner's currency. */
export interface Balance {
  /** Paid less charged; negative: owed. */
  readonly balanceMinor: number
  /** Of that, set aside for orders that are under way. */
  readonly reservedMinor: number
}

export async function findBalance(store: PluginStore, partnerId: string): Promise<Balance> {
  const balance = (await findBalances(store, [partnerId])).get(partnerId)
  if (!balance) throw new Error(`The counter of partner ${partnerId} is gone.`)
  return balance
}

/** Those of many, by partner, in one statement. */
export async function findBalances(
  store: PluginStore,
  partnerIds: readonly string[],
): Promise<ReadonlyMap<string, Balance>> {
  const rows = await store.read((manager) =>
    manager.findBy(PartnerBalanceEntity, { partnerId: In([...partnerIds]) }),
  )
  return new Map(
    rows.map(({ partnerId, balanceMinor, reservedMinor }) => [
      partnerId,
      { balanceMinor, reservedMinor },
    ]),
  )
}

/** Changes both by so much. `keepsFloor`: unless what is left after what is set aside fell below what
 * the partner's terms say; false, and nothing changed, where it would. What is given back, or was set
 * aside before, is never too much. The row stays locked to the end of the transaction. */
export async function changeBalance(
  manager: EntityManager,
  {
    partnerId,
    balanceMinor = 0,
    reservedMinor = 0,
    keepsFloor = false,
  }: {
    readonly partnerId: string
    readonly balanceMinor?: number
    readonly reservedMinor?: number
    readonly keepsFloor?: boolean
  },
): Promise<boolean> {
  const query = manager
    .createQueryBuilder()
    .update(PartnerBalanceEntity)
    .set({
      balanceMinor: () => 'balance_minor + :balanceMinor',
      reservedMinor: () => 'reserved_minor + :reservedMinor',
    })
    .where('partner_id = :partnerId')
    .setParameters({ partnerId, balanceMinor, reservedMinor })
  if (keepsFloor) {
    query.andWhere('balance_minor + :balanceMinor - reserved_minor - :reservedMinor >= floor_minor')
  }
  const { affected } = await query.execute()
  return affected === 1
}

/** Moves the floor; false, and nothing changed, where what is left is below it. */
export async function changeFloor(
  manager: EntityManager,
  { partnerId, floorMinor }: { readonly partnerId: string; readonly floorMinor: number },
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(PartnerBalanceEntity)
    .set({ floorMinor })
    .where('partner_id = :partnerId AND balance_minor - reserved_minor >= :floor')
    .setParameters({ partnerId, floor: floorMinor })
    .execute()
  return affected === 1
}
