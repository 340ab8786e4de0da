/** Names the channel in the policy, in offers and in front of its tables. */
export const PARTNER_PLUGIN_ID = 'partner'
