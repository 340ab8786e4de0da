import { randomInt } from 'node:crypto'
import type { PluginStore } from '@pointwell/plugin'
import { neverGiven } from '../shipment/new-shipment.js'
import type { Shipment } from '../shipment/shipment.js'
import { findFreeCodes, takeCode } from './code-pool.js'
import { findOrInsertShipment, findShipment, insertShipment } from './shipment-table.js'

/** Each lost round means that somebody else took a code: as many at once are not served. */
const MOST_ROUNDS = 100
/** Of so many free codes one is tried, so that many at once seldom want the same. */
const CHOICE = 64

/**
 * Gives a redemption its code: the row of the code and that of the redemption are written in one
 * transaction, so that neither is without the other. Where the pool has none left, that is written
 * down too, and stays so: the points may be back with the member by the time codes are imported.
 */
export async function giveCode(store: PluginStore, shipment: Shipment): Promise<Shipment> {
  const { offerId, redemptionId } = shipment
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const known = await findShipment(store, redemptionId)
    if (known) return known
    const free = await findFreeCodes(store, { offerId, limit: CHOICE })
    if (free.length === 0) {
      return findOrInsertShipment(store, neverGiven(shipment, 'GOODS_SOLD_OUT'))
    }
    const code = free[randomInt(free.length)] as string
    const given = { ...shipment, code }
    try {
      const isTaken = await store.write(async (manager) => {
        if (!(await takeCode(manager, { offerId, code, redemptionId }))) return false
        await insertShipment(manager, given)
        return true
      })
      if (isTaken) return given
    } catch (error) {
      // The redemption has its row, or its code, from another call: the next round finds it.
      if (!store.isDuplicateKey(error)) throw error
    }
  }
  throw new Error('Every free code was taken by somebody else.')
}
