import type { WalletChange } from './change-news.js'

/** One message: who tells it, and (wallet, version) of each change. Without changes it only says
 * that its sender is there. */
export function writeNews(sender: string, changes: readonly WalletChange[]): string {
  return JSON.stringify([sender, ...changes.flatMap(({ wallet, version }) => [wallet, version])])
}
