import type { WalletChange } from './change-news.js'

export interface News {
  readonly sender: string
  readonly changes: readonly WalletChange[]
}

/** Far above what a server of ours puts in one message. */
const MAX_CHARACTERS = 200_000

/** What another server told, or undefined when this is no message of one. Never throws. */
export function readNews(text: string): News | undefined {
  if (text.length > MAX_CHARACTERS) return undefined
  const [sender, ...numbers] = listIn(text)
  if (typeof sender !== 'string' || numbers.length % 2 !== 0) return undefined
  const changes: WalletChange[] = []
  for (let i = 0; i < numbers.length; i += 2) {
    const [wallet, version] = [numbers[i], numbers[i + 1]]
    if (!isWhole(wallet) || !isWhole(version)) return undefined
    changes.push({ wallet, version })
  }
  return { sender, changes }
}

function listIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
