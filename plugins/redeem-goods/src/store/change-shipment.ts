import type { PluginStore, Refusal } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import type { Decided, Shipment } from '../shipment/shipment.js'
import { findShipment, replaceShipment } from './shipment-table.js'

/** Each lost round means that somebody else changed it; a shipment has no life for so many. */
const MOST_ROUNDS = 100

/**
 * Changes a shipment by a pure decision over what it is now: of several at once exactly one is
 * written, and the others decide again over what that one left. `written` runs in the transaction of
 * the change. Undefined where there is none.
 */
export async function changeShipment<R extends Refusal>(
  store: PluginStore,
  {
    redemptionId,
    decide,
    written,
  }: {
    readonly redemptionId: string
    readonly decide: (shipment: Shipment) => Decided | R
    readonly written?: (
      manager: EntityManager,
      change: { readonly before: Shipment; readonly after: Shipment },
    ) => Promise<void>
  },
): Promise<Shipment | R | undefined> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = await findShipment(store, redemptionId)
    if (!before) return undefined
    const decided = decide(before)
    if (decided.refused) return decided
    const after = decided.shipment
    if (!decided.isNew) return after
    const isWritten = await store.write(async (manager) => {
      const isFirst = await replaceShipment(manager, after)
      if (isFirst) await written?.(manager, { before, after })
      return isFirst
    })
    if (isWritten) return after
  }
  throw new Error('A shipment changed all the time, so that this change never came to its turn.')
}
