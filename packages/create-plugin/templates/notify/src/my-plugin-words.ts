import type { Words } from '@pointwell/plugin'

export const MY_PLUGIN_TITLE: Words = { en: 'My plugin', zh: '我的插件' }
