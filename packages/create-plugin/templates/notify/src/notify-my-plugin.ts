import { defineNotifier } from '@pointwell/plugin'
import { deliverMyPlugin } from './deliver-my-plugin.js'
import { myPluginSettings } from './my-plugin-settings.js'
import { MY_PLUGIN_TITLE } from './my-plugin-words.js'

/** “My plugin” tells members what the programme writes to them. */
export const notifyMyPlugin = defineNotifier({
  id: 'my-plugin',
  version: '0.1.0',
  contract: '^1.0.0',
  title: MY_PLUGIN_TITLE,
  settings: myPluginSettings,
  deliver: deliverMyPlugin,
})
