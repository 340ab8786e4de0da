import { fc, openMemoryStore, testRedemptionChannel } from '@pointwell/plugin/testing'
import { redeemPartner } from './channel/redeem-partner.js'
import { createPartner } from './partner/save-partner.js'
import { importCodes } from './store/code-pool.js'

/** The kit's own offer. */
const OFFER = 'offer-1'
const NOT_NOTED = async () => {}

testRedemptionChannel(redeemPartner, {
  // A partner who is paid afterwards without a bound, and codes enough for every redemption that is tried.
  async store(tables) {
    const opened = await openMemoryStore(tables)
    const partner = {
      id: 'cinema',
      title: { en: 'Cinema', zh: '影院' },
      terms: 'postpaid',
      currency: 'CNY',
      creditLimitMinor: null,
      active: true,
      apiUrl: null,
      secretName: null,
      createdAt: 0,
      version: 1,
    } as const
    await createPartner(opened.store, partner, NOT_NOTED)
    const codes = Array.from({ length: 2_000 }, (_, n) => `CODE-${n}`)
    const pool = { partnerId: 'cinema', offerId: OFFER, codes, now: 0, written: NOT_NOTED }
    await importCodes(opened.store, pool)
    return opened
  },
  arbitraries: {
    'offer.partner': fc.constantFrom('cinema', 'nobody'),
    'offer.costMinor': fc.integer({ min: 0, max: 10_000 }),
  },
  names: ['checkPrivilege', 'PrivilegeCheck'],
})
