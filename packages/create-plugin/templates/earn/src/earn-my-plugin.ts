import { defineEarnSource } from '@pointwell/plugin'
import { decideMyPlugin } from './decide-my-plugin.js'
import { MyPluginResolver } from './graphql/my-plugin.resolver.js'
import { myPluginEvent } from './my-plugin-event.js'
import { myPluginSettings } from './my-plugin-settings.js'
import { MY_PLUGIN_REFUSALS, MY_PLUGIN_TITLE, MY_PLUGIN_WORDS } from './my-plugin-words.js'

/** Points for “My plugin”: once an act of a member, however often it is reported. */
export const earnMyPlugin = defineEarnSource({
  id: 'my-plugin',
  version: '0.1.0',
  contract: '^1.0.0',
  title: MY_PLUGIN_TITLE,
  core: false,
  settings: myPluginSettings,
  event: myPluginEvent,
  once: ({ event }) => event.ref,
  decide: decideMyPlugin,
  resolvers: [MyPluginResolver],
  refusals: MY_PLUGIN_REFUSALS,
  words: MY_PLUGIN_WORDS,
})
