export { ceilQuotient, exact, floorQuotient } from './exact/exact.js'
export {
  type ChangedPrice,
  type ChangeStep,
  type ChangingFigures,
  changePrice,
  PRICE_CHANGES,
  type PriceChange,
  type PriceChangeName,
} from './price/change-price.js'
export type { PriceStep } from './price/explain-price.js'
export {
  type CheckoutTerms,
  moneyForPoints,
  mostAtCheckout,
  type PointsRate,
  pointsForMoney,
  shareOf,
} from './price/points-as-money.js'
export type { PriceFigures } from './price/price-figures.js'
export { type Price, priceOffer } from './price/price-offer.js'
export {
  PRICE_REFUSALS,
  type PriceRefusal,
  type PriceRefusalCode,
} from './price/price-refusal.js'
export { cashPart, type SplitTerms, splitRange } from './price/split-price.js'
