import type { NewNotice, NoticesOf } from '@pointwell/ledger'
import type { Plugin } from '@pointwell/plugin'
import { auditNotices } from '../audit/audit-notices.js'
import { reactionNotices } from '../reaction/reaction-notices.js'
import { renewalNotices } from '../renewal/renewal-notices.js'

/** What follows from transactions, a function for each part of the programme that follows them. */
type Part = (plugins: readonly Plugin[]) => NoticesOf

const PARTS: readonly Part[] = [auditNotices, reactionNotices, () => renewalNotices]

/** For `openLedger`: what a programme with these plugins wants to be told of what is posted. */
export function programNotices(plugins: readonly Plugin[]): NoticesOf {
  const parts = PARTS.map((part) => part(plugins))
  return (transaction) => parts.flatMap((part): readonly NewNotice[] => part(transaction))
}
