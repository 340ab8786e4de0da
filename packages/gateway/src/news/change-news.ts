/** That a wallet has come to a version: all that servers tell one another. */
export interface WalletChange {
  readonly wallet: number
  readonly version: number
}

/** What the news means to whoever listens. */
export interface NewsListener {
  /** Another server says that these wallets changed. It may be wrong, late, twice or forged: a
   * reason to look, and never a thing to believe. */
  onChanges(changes: readonly WalletChange[]): void
  /** The way was interrupted, or is open again: anything may have been missed. */
  onGap(): void
}

/**
 * Servers of one database tell each other which wallets changed, so that nobody need wait for the
 * next look at the versions. What gets lost on the way is found by that look.
 */
export interface ChangeNews {
  /** Tells the other servers. Takes no time and never fails: what cannot be told now is dropped. */
  tell(changes: readonly WalletChange[]): void
  listen(listener: NewsListener): () => void
  /** Whether news travels: what this server told of late has come back to itself. */
  isLive(): boolean
  counts(): NewsCounts
  close(): Promise<void>
}

/** Since the start. */
export interface NewsCounts {
  /** Changes told to the others. */
  readonly told: number
  /** Changes that others told. */
  readonly heard: number
  /** Changes not told, because there was no way, or none fast enough. */
  readonly dropped: number
  /** Messages that nobody of ours can have written. */
  readonly unreadable: number
}
