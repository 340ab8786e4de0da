/** Names the channel in the policy, in offers and in front of its tables. */
export const COUPON_PLUGIN_ID = 'coupon'
