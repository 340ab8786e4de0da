export { type MyPluginSettings, myPluginSettings } from './my-plugin-settings.js'
export { notifyMyPlugin } from './notify-my-plugin.js'
