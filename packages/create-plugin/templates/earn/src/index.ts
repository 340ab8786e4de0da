export { earnMyPlugin } from './earn-my-plugin.js'
export { type MyPluginEvent, myPluginEvent } from './my-plugin-event.js'
export { type MyPluginSettings, myPluginSettings } from './my-plugin-settings.js'
