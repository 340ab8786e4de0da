export { type MyPluginSettings, myPluginSettings } from './my-plugin-settings.js'
export { riskMyPlugin } from './risk-my-plugin.js'
