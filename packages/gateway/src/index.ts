// Decorators write their metadata when these classes are made, so this comes first.
import 'reflect-metadata'

export {
  InvalidToken,
  KeysUnavailable,
  openTokenVerifier,
  type TokenSettings,
  type TokenVerifier,
} from './auth/open-token-verifier.js'
export { signToken, type TokenTerms } from './auth/sign-token.js'
export { systemTimers, type Timers } from './clock/timers.js'
export { ERROR_CODES } from './faults/show-fault.js'
export { printSubgraph } from './federation/print-subgraph.js'
export { SubgraphResolver } from './federation/subgraph.resolver.js'
export { BalanceChangedResolver } from './feed/balance-changed.resolver.js'
export { openWalletFeed, type WalletFeed, type WalletFeedOptions } from './feed/wallet-feed.js'
export type { GatewayContext, OpenContext, RequestFacts } from './gateway-context.js'
export type { ReadinessChecks } from './health/readiness.js'
export { DEFAULT_LIMITS, type Limits } from './limits/limits.js'
export { type Metrics, meterLedger, openMetrics } from './metrics/open-metrics.js'
export { assertRedisUrl, RedisUrlInvalid } from './news/assert-redis-url.js'
export type { ChangeNews, NewsCounts, NewsListener, WalletChange } from './news/change-news.js'
export { openRedisNews, type RedisNewsOptions } from './news/open-redis-news.js'
export { type Gateway, type GatewayOptions, openGateway } from './open-gateway.js'
export { type KnownOperation, KnownOperationFault } from './persisted/known-operations.js'
export { DEFAULT_RATES, type Rates } from './rate/rates.js'
export { buildPointwellSchema, SchemaFault } from './schema/build-pointwell-schema.js'
export { printPointwellSchema } from './schema/print-pointwell-schema.js'
