/** Names the channel in the policy, in offers and in front of its tables. */
export const GOODS_PLUGIN_ID = 'goods'
