/** Most characters of an idempotency key: what a unique index holds on every supported database. */
export const MAX_KEY_LENGTH = 200

/** What the ledger does by itself has keys of its own making, which nobody else may use up. */
export const DUE = 'due/'

/** The key of what is due in a wallet, as the transaction of that version. */
export function dueKey(wallet: number, version: number): string {
  return `${DUE}${wallet}/${version}`
}

/** Whether the ledger made it for what was due by itself. */
export function isDueKey(key: string): boolean {
  return key.startsWith(DUE)
}

/** A key is the programme's own making, so a bad one is a fault, not a refusal. */
export function assertKey(key: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new RangeError(
      `an idempotency key has 1 to ${MAX_KEY_LENGTH} characters, not ${key.length}`,
    )
  }
  if (/\p{Cs}/u.test(key)) throw new RangeError('an idempotency key is whole text')
  if (key.startsWith(DUE)) throw new RangeError(`keys that start with ${DUE} are the ledger's own`)
}
