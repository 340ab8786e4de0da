import type { NoticesOf } from '@pointwell/ledger'

export const RENEWAL_TOPIC = 'renewal'

/** An order that confirms by itself is an act like one that somebody confirms, and no command is there
 * to see it. */
export const renewalNotices: NoticesOf = ({ type, reason }) =>
  type === 'confirm' && reason === 'due' ? [{ topic: RENEWAL_TOPIC, body: {} }] : []
