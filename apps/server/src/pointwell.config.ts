import { behaviour } from '@pointwell/earn-behaviour'
import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { referral } from '@pointwell/earn-referral'
import { review } from '@pointwell/earn-review'
import type { Plugin } from '@pointwell/plugin'
import { redeemCoupon } from '@pointwell/redeem-coupon'
import { redeemGame } from '@pointwell/redeem-game'
import { redeemGoods } from '@pointwell/redeem-goods'
import { redeemPartner } from '@pointwell/redeem-partner'

/**
 * The one place that lists a server's plugins. To run others, point POINTWELL_CONFIG at a module of
 * your own whose default export has a list like this one.
 */
const config: PointwellConfig = {
  plugins: [
    purchase,
    checkIn,
    behaviour,
    referral,
    review,
    redeemCoupon,
    redeemGoods,
    redeemGame,
    redeemPartner,
  ],
}
export default config

export interface PointwellConfig {
  readonly plugins: readonly Plugin[]
}
