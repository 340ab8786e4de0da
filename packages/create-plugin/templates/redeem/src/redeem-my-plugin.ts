import { defineRedemptionChannel } from '@pointwell/plugin'
import { z } from 'zod'
import { cancelMyPlugin, fulfilMyPlugin } from './fulfil-my-plugin.js'
import { MyPluginResolver } from './graphql/my-plugin.resolver.js'
import { myPluginMembers } from './my-plugin-members.js'
import { myPluginOffer } from './my-plugin-offer.js'
import { myPluginSettings } from './my-plugin-settings.js'
import { MY_PLUGIN_REFUSALS, MY_PLUGIN_TITLE } from './my-plugin-words.js'
import { CreateMyPluginVoucher1700000000000 } from './store/create-my-plugin-voucher.migration.js'
import { MyPluginVoucherEntity } from './store/my-plugin-voucher.entity.js'

/** Points for “My plugin”: a redemption gives one voucher, whose code can be used once. */
export const redeemMyPlugin = defineRedemptionChannel({
  id: 'my-plugin',
  version: '0.1.0',
  contract: '^1.0.0',
  title: MY_PLUGIN_TITLE,
  loop: 'closed',
  settings: myPluginSettings,
  offer: myPluginOffer,
  /** Nothing is asked of the member but the points. */
  order: z.strictObject({}).default({}),
  fulfil: fulfilMyPlugin,
  cancel: cancelMyPlugin,
  members: myPluginMembers,
  entities: [MyPluginVoucherEntity],
  migrations: [CreateMyPluginVoucher1700000000000],
  resolvers: [MyPluginResolver],
  refusals: MY_PLUGIN_REFUSALS,
  words: { 'my-plugin': MY_PLUGIN_TITLE },
})
