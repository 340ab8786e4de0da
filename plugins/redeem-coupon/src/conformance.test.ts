import { testRedemptionChannel } from '@pointwell/plugin/testing'
import { redeemCoupon } from './channel/redeem-coupon.js'

testRedemptionChannel(redeemCoupon, {
  names: ['activateCard', 'ActivateCardInput', 'ActivateCardResult', 'CardActivated'],
})
