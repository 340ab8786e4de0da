import type { NoticesOf } from '@pointwell/ledger'
import type { EarnResult } from '../earning/earn-record.js'

export const RENEWAL_TOPIC = 'renewal'

/** An order of no points that will confirm by itself. */
export interface PointlessOrder {
  readonly source: string
  readonly once: string
}

/**
 * An order that confirms by itself is an act like one that somebody confirms, and no command is there
 * to see it. What has no points (caps cut it to nothing) has no lot that confirms either: its grant says
 * when that will be.
 */
export const renewalNotices: NoticesOf = ({ type, reason, labels, result, recordedAt }) => {
  if (type === 'confirm' && reason === 'due') return [{ topic: RENEWAL_TOPIC, body: {} }]
  if (type !== 'note' || labels.source !== reason) return []
  const { once, confirmAt } = result as unknown as EarnResult
  if (typeof confirmAt !== 'number') return []
  const body = { source: reason, once }
  return [{ topic: RENEWAL_TOPIC, body, dueAt: Math.max(confirmAt, recordedAt) }]
}
