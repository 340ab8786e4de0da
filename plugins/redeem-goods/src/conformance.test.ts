import { openMemoryStore, testRedemptionChannel } from '@pointwell/plugin/testing'
import { redeemGoods } from './channel/redeem-goods.js'
import { importCodes } from './store/code-pool.js'

/** The kit's own offer. */
const OFFER = 'offer-1'

testRedemptionChannel(redeemGoods, {
  // With codes enough for every redemption that is tried.
  async store(tables) {
    const opened = await openMemoryStore(tables)
    const codes = Array.from({ length: 2_000 }, (_, n) => `CODE-${n}`)
    await importCodes(opened.store, { offerId: OFFER, codes, now: 0, written: async () => {} })
    return opened
  },
  names: [
    'completeTopUp',
    'failTopUp',
    'topUpsToDo',
    'shipment',
    'shipments',
    'Shipment',
    'ShipmentConnection',
    'ShipmentEdge',
    'ShipmentStatus',
  ],
})
