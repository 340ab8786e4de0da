export { redeemPartner } from './channel/redeem-partner.js'
export { createPartner } from './partner/save-partner.js'
export { importCodes } from './store/code-pool.js'
