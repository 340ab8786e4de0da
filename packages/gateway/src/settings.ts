// What a command line needs before any gateway is opened, without what a gateway loads.
export { signToken, type TokenTerms } from './auth/sign-token.js'
export { assertRedisUrl, RedisUrlInvalid } from './news/assert-redis-url.js'
