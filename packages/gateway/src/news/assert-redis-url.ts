const SHAPE =
  'Expected redis://USER:PASSWORD@HOST:PORT, or rediss:// where the connection is encrypted.'

/** An address of Redis that nobody can use; never with the password in it. */
export class RedisUrlInvalid extends Error {
  override readonly name = 'RedisUrlInvalid'
}

/** Throws `RedisUrlInvalid` when Redis cannot be at such an address. */
export function assertRedisUrl(url: string): void {
  let parts: URL
  try {
    parts = new URL(url)
    for (const part of [parts.username, parts.password]) decodeURIComponent(part)
  } catch {
    // The message of the fault itself would repeat the address with its password.
    throw new RedisUrlInvalid(SHAPE)
  }
  const isRedis = parts.protocol === 'redis:' || parts.protocol === 'rediss:'
  // Its number of a database is taken, though news is not kept apart by it.
  if (!isRedis || parts.hostname === '' || !/^(\/\d{0,5})?$/.test(parts.pathname)) {
    throw new RedisUrlInvalid(SHAPE)
  }
  if (parts.search !== '' || parts.hash !== '') throw new RedisUrlInvalid(SHAPE)
}
