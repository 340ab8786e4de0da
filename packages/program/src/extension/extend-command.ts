import {
  type Command,
  closeDraft,
  type Extended,
  extendLots,
  findLot,
  isRefusal,
  type JsonObject,
  type Lot,
  openDraft,
  openLots,
  refuse,
} from '@pointwell/ledger'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { type Extension, extendedEnd } from '../expiry/extended-end.js'
import { memberRequest } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { shownExtension } from '../renewal/renew-lots.js'

/** What somebody asks for, checked. */
export interface ExtensionRequest {
  /** The named lots, by `seq`; or all that end through this day of the programme's zone. */
  readonly which: { readonly lots: readonly number[] } | { readonly expiringBy: string }
  readonly by: Extension
  readonly reason: string
  readonly idempotencyKey: string
  /** The login of an operator, or what else gives it: `coupon:…`. */
  readonly givenBy: string
}

/** What was extended, now and at every replay. */
export interface ExtensionResult {
  readonly lots: readonly Extended[]
  readonly points: number
}

/**
 * Points last longer because somebody says so (X5): a voucher, or an operator. It takes nothing from
 * what tasks may renew later. Refuses LOT_NOT_FOUND (`lots.0`), NOTHING_TO_EXTEND (none of the lots
 * has points left and an end that lies ahead), IDEMPOTENCY_MISMATCH.
 */
export function extendCommand(
  member: MemberProfile,
  { idempotencyKey, which, ...asked }: ExtensionRequest,
  { policies, acting = null }: { policies: PolicyReads; acting?: Acting | null },
): Command {
  return {
    ...memberRequest('extend', member, idempotencyKey, {
      ...which,
      ...asked,
    } as unknown as JsonObject),
    needs: { lots: 'lots' in which ? () => which.lots : true },
    decide(view) {
      const policy = policies.at(view.now)
      const draft = openDraft(view)
      const lots: Lot[] = []
      if ('lots' in which) {
        for (const [place, seq] of which.lots.entries()) {
          const lot = findLot(draft, seq)
          if (!lot) return refuse('LOT_NOT_FOUND', { field: `lots.${place}` })
          lots.push({ ...lot })
        }
      } else lots.push(...openLots(draft).filter((lot) => endsBy(lot, which.expiringBy, policy)))
      const ends = lots.flatMap(({ seq, expiresAt }) => {
        if (expiresAt === null) return []
        const end = extendedEnd(expiresAt, { by: asked.by, calendar: policy.calendar })
        return [{ lot: seq, expiresAt: end }]
      })
      const extended = extendLots(draft, { ends })
      if (isRefusal(extended)) return extended
      if (extended.length === 0) return refuse('NOTHING_TO_EXTEND')
      const { calendar, version } = policy
      const shown = extended.map((it) => shownExtension(member.wallet, { ...it, calendar }))
      const result: ExtensionResult = {
        lots: extended,
        points: extended.reduce((sum, { points }) => sum + points, 0),
      }
      return closeDraft(draft, {
        type: 'extend',
        reason: 'extension',
        explanation: [
          { step: 'extension', points: 0, figures: { reason: asked.reason, lots: shown } },
        ],
        policyVersion: version,
        result: {
          ...(result as unknown as JsonObject),
          ...markAct(acting, 'extendPoints', { points: result.points, lots: shown }),
        },
      })
    },
  }
}

function endsBy({ expiresAt }: Lot, day: string, { calendar }: PolicyInForce): boolean {
  return expiresAt !== null && expiresAt <= calendar.endOf(day)
}
