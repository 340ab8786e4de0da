import { type Command, closeDraft, openDraft, setMemo } from '@pointwell/ledger'
import { memberRequest } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { takeStock } from '../standing/take-stock.js'
import { boostName } from './earning-boost.js'

/** What somebody asks for, checked. */
export interface BoostRequest {
  readonly factor: string
  readonly days: number
  /** Null: all in that time. */
  readonly orders: number | null
  /** Null: orders. */
  readonly sources: readonly string[] | null
  /** Who gives it, and the key among its own. */
  readonly source: string
  readonly key: string
}

/**
 * What the member does from now through so many days earns by a factor (R9). Refuses
 * IDEMPOTENCY_MISMATCH.
 */
export function boostCommand(
  member: MemberProfile,
  { source, key, ...asked }: BoostRequest,
  policies: PolicyReads,
): Command {
  const { factor, days, orders, sources } = asked
  return {
    ...memberRequest('boost', member, JSON.stringify([source, key]), {
      factor,
      days,
      orders,
      sources: sources && [...sources],
    }),
    decide(view) {
      const { now } = view
      const policy = policies.at(now)
      const { calendar, document, version } = policy
      const memo = readMemo(view.wallet.memo)
      // As terms of points go: one day lasts through the day after.
      const until = calendar.endOf(calendar.addDays(calendar.dateOf(now), days))
      const boost = {
        name: boostName(view.wallet.id, { source, key }),
        factor,
        from: now,
        until,
        sources,
        left: orders,
      }
      const stock = takeStock({ ...memo, boosts: [...memo.boosts, boost] }, { policy, now })
      const draft = openDraft(view)
      const { maxAgeDays } = document.events
      setMemo(draft, writeMemo(stock.memo, { now, calendar, maxAgeDays }))
      return closeDraft(draft, {
        type: 'note',
        reason: 'boost',
        explanation: stock.steps,
        policyVersion: version,
        result: { until },
      })
    },
  }
}
