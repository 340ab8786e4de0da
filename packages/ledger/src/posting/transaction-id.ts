/** How a transaction is named outside the ledger: its wallet's number and its version there. */
export function transactionId({
  wallet,
  version,
}: {
  readonly wallet: number
  readonly version: number
}): string {
  return `${wallet}-${version}`
}
