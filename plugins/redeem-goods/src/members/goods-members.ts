import type { MemberChanges } from '@pointwell/plugin'
import { In } from 'typeorm'
import { GoodsShipmentEntity } from '../store/goods-shipment.entity.js'

/**
 * Goods of a member that is erased or merged (M8). Where they went, and what was topped up, tells who
 * it was and goes; what was not sent by then cannot be any more, and is cancelled.
 */
export const goodsMembers: MemberChanges = {
  async erased({ memberId, pseudonym }, store) {
    await store.write(async (manager) => {
      const unsent = { memberId, status: In(['ordered', 'picking', 'waiting']) }
      await manager.update(GoodsShipmentEntity, unsent, {
        status: 'cancelled',
        version: () => 'version + 1',
      })
      await manager.update(
        GoodsShipmentEntity,
        { memberId },
        {
          memberId: pseudonym,
          addressRef: null,
          account: null,
          note: null,
          returnDeclinedBecause: null,
          version: () => 'version + 1',
        },
      )
    })
  },
  async merged({ from, into }, store) {
    await store.write((manager) =>
      manager.update(
        GoodsShipmentEntity,
        { memberId: from },
        { memberId: into, version: () => 'version + 1' },
      ),
    )
  },
}
