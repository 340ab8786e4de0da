import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes as 64 hex digits. */
export function makeServerSeed(): string {
  return randomBytes(32).toString('hex')
}

/** What is published before the seed is: SHA-256 of its 32 bytes, as hex. */
export function commitmentOf(serverSeed: string): string {
  return createHash('sha256').update(Buffer.from(serverSeed, 'hex')).digest('hex')
}
