export {
  type PurchaseEvent,
  type PurchaseLine,
  type PurchaseReturn,
  purchaseEvent,
  purchaseReturn,
} from './event/purchase-event.js'
export { purchase } from './purchase.js'
export { type PurchaseSettings, purchaseSettings } from './settings/purchase-settings.js'
