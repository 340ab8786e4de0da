/** Names the channel in the policy, in offers and in front of its tables. */
export const GAME_PLUGIN_ID = 'game'
