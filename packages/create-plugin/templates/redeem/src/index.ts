export { type MyPluginOffer, myPluginOffer } from './my-plugin-offer.js'
export { type MyPluginSettings, myPluginSettings } from './my-plugin-settings.js'
export { redeemMyPlugin } from './redeem-my-plugin.js'
