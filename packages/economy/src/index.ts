export { ceilQuotient, exact, floorQuotient } from './exact/exact.js'
export type { PriceStep } from './price/explain-price.js'
export type { PriceFigures } from './price/price-figures.js'
export { type Price, priceOffer } from './price/price-offer.js'
export {
  PRICE_REFUSALS,
  type PriceRefusal,
  type PriceRefusalCode,
} from './price/price-refusal.js'
