export { redeemCoupon } from './channel/redeem-coupon.js'
