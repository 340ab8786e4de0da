import { defineEarnSource } from '@pointwell/plugin'
import { decidePurchase } from './decision/decide-purchase.js'
import { purchaseItems } from './decision/purchase-items.js'
import { purchaseEvent, purchaseReturn } from './event/purchase-event.js'
import { PurchaseResolver } from './graphql/purchase.resolver.js'
import { purchaseRefusals, purchaseTitle, purchaseWords } from './purchase-words.js'
import { withoutReturned } from './returns/without-returned.js'
import { purchaseSettings } from './settings/purchase-settings.js'
import { purchaseTasks } from './tasks/purchase-tasks.js'

/** Points for purchases (E2). An order's id is the order, whoever sends it. */
export const purchase = defineEarnSource({
  id: 'purchase',
  version: '0.1.0',
  contract: '^1.0.0',
  title: purchaseTitle,
  core: true,
  settings: purchaseSettings,
  event: purchaseEvent,
  scope: 'programme',
  once: ({ event }) => event.orderId,
  decide: decidePurchase,
  items: purchaseItems,
  returns: {
    schema: purchaseReturn,
    key: ({ returnId }) => returnId,
    without: withoutReturned,
  },
  tasks: purchaseTasks,
  resolvers: [PurchaseResolver],
  refusals: purchaseRefusals,
  words: purchaseWords,
})
