import type { LedgerTransaction, NewNotice, NoticesOf } from '@pointwell/ledger'
import type { Plugin } from '@pointwell/plugin'
import type { EarnResult } from '../earning/earn-record.js'

/** What a notice about a followed event says: which event, of the wallet that the notice is about, and
 * what happened to it. */
export interface FollowedNotice {
  readonly source: string
  readonly once: string
  readonly happened: 'confirmed' | 'returned' | 'cancelled'
}

/** The topic of one source's reactions: a source that fails holds up no other. */
export function reactionTopic(source: string): string {
  return `react:${source}`
}

/**
 * A notice for each source that follows what a transaction is about. An event that confirms by itself is
 * told of when that is due, which the grant knows: a due move names lots, and an event whose points were
 * cut to nothing has none.
 */
export function reactionNotices(plugins: readonly Plugin[]): NoticesOf {
  const followers = new Map<string, string[]>()
  for (const plugin of plugins) {
    if (plugin.kind !== 'earn-source') continue
    for (const source of new Set(plugin.reacts?.to)) {
      followers.set(source, [...(followers.get(source) ?? []), reactionTopic(plugin.id)])
    }
  }
  return (transaction) => {
    const [source = '', word] = transaction.reason.split(':')
    const topics = transaction.labels.source === source ? followers.get(source) : undefined
    const happening = topics && happeningOf(transaction, word)
    if (!topics || !happening) return []
    const { happened, dueAt } = happening
    const { once } = transaction.result as unknown as EarnResult
    const body = { source, once, happened }
    return topics.map((topic): NewNotice => ({ topic, body, ...(dueAt && { dueAt }) }))
  }
}

type Happening = Pick<FollowedNotice, 'happened'> & { readonly dueAt?: number }

/** `word`: what a transaction about an event says behind its source's id, nothing for its grant. */
function happeningOf(
  { result, recordedAt }: LedgerTransaction,
  word: string | undefined,
): Happening | undefined {
  switch (word) {
    case undefined: {
      const { confirmAt } = result as unknown as EarnResult
      if (confirmAt === undefined) return { happened: 'confirmed' }
      if (confirmAt === null) return undefined
      return { happened: 'confirmed', dueAt: Math.max(confirmAt, recordedAt) }
    }
    case 'confirm': {
      // One that a risk rule holds may be confirmed later than it was said to be.
      const { confirmAt } = result as unknown as EarnResult
      return confirmAt == null
        ? { happened: 'confirmed' }
        : { happened: 'confirmed', dueAt: Math.max(confirmAt, recordedAt) }
    }
    case 'return':
      return { happened: 'returned' }
    case 'cancel':
      return { happened: 'cancelled' }
    default:
      return undefined
  }
}
