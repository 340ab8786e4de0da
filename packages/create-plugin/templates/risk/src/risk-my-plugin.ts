import { defineRiskRule } from '@pointwell/plugin'
import { assessMyPlugin } from './assess-my-plugin.js'
import { myPluginSettings } from './my-plugin-settings.js'
import { MY_PLUGIN_TITLE, MY_PLUGIN_WORDS } from './my-plugin-words.js'

/** The risk rule “My plugin”: holds points of who earns too often, refuses who redeems too often. */
export const riskMyPlugin = defineRiskRule({
  id: 'my-plugin',
  version: '0.1.0',
  contract: '^1.0.0',
  title: MY_PLUGIN_TITLE,
  settings: myPluginSettings,
  words: MY_PLUGIN_WORDS,
  assess: assessMyPlugin,
})
