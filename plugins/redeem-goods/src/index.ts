export { redeemGoods } from './channel/redeem-goods.js'
