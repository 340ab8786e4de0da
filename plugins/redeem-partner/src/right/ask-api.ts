import type { PluginStore } from '@pointwell/plugin'
import type { PartnerApi } from '../api/open-partner-api.js'
import type { PartnerAnswer } from '../api/partner-answer.js'
import { changeRight } from '../store/change-right.js'
import { changed, type Right, unchanged } from './right.js'
import { settleGiven, settleRefused, settleVoid } from './settle-right.js'

interface Asking {
  readonly api: PartnerApi
  readonly now: number
  /** For so long nobody else asks: longer than two requests may take, and the answer to be written. */
  readonly leaseMs: number
}

/** What came of asking: the right as it is by then, and why it is not known, where it is not. */
export interface Asked {
  readonly right: Right
  readonly detail?: string
}

/**
 * Asks a partner's API to give what is set aside for. Who asked before, and never heard, asks first
 * what became of it; only an order that the partner does not know of is sent again, with the same key
 * (R6). One asks at a time.
 */
export async function askForRight(
  store: PluginStore,
  asked: Right,
  { api, now, leaseMs }: Asking,
): Promise<Asked> {
  const { redemptionId, offerId, product } = asked
  const claim = await changeRight(store, {
    redemptionId,
    decide: (right) =>
      right.status === 'asking' && right.askedUntil <= now
        ? changed(right, { attempts: right.attempts + 1, askedUntil: now + leaseMs })
        : unchanged(right),
  })
  if (!claim.isNew) return { right: claim.right, detail: 'somebody else is asking' }
  const order = () => api.order({ product: product ?? '', offerId })
  // The attempt is written before the request goes out: a first one met nobody before it.
  const looked = claim.right.attempts > 1 ? await api.look() : { is: 'none' as const }
  const answer: PartnerAnswer = looked.is === 'none' ? await order() : looked
  switch (answer.is) {
    case 'done':
      return {
        right: await settleGiven(store, redemptionId, {
          code: answer.code,
          endsAt: answer.expiresAt,
          now,
        }),
      }
    case 'refused':
    case 'cancelled':
      return { right: await settleRefused(store, redemptionId) }
    default:
      return { right: await letGo(store, redemptionId), detail: detailOf(answer) }
  }
}

/**
 * Asks a partner's API to take back what it gave, in the same way: who asked before, and never heard,
 * asks first what became of it. Where the partner says no, it stays given.
 */
export async function askToCancel(
  store: PluginStore,
  asked: Right,
  { api, now, leaseMs }: Asking,
): Promise<Asked & { readonly isRefused?: boolean }> {
  const { redemptionId } = asked
  let wasAsked = false
  const claim = await changeRight(store, {
    redemptionId,
    decide: (right) => {
      wasAsked = right.status === 'cancelling'
      const isFree = right.status === 'given' || (wasAsked && right.askedUntil <= now)
      if (!isFree) return unchanged(right)
      return changed(right, { status: 'cancelling', askedUntil: now + leaseMs })
    },
  })
  if (!claim.isNew) return { right: claim.right, detail: 'somebody else is asking' }
  const looked = wasAsked ? await api.look() : { is: 'done' as const }
  const answer: PartnerAnswer = looked.is === 'done' ? await api.cancel() : looked
  switch (answer.is) {
    case 'done':
    case 'cancelled':
      return { right: await settleVoid(store, redemptionId, now) }
    case 'refused': {
      const { right } = await changeRight(store, {
        redemptionId,
        decide: (right) =>
          right.status === 'cancelling'
            ? changed(right, { status: 'given', askedUntil: 0 })
            : unchanged(right),
      })
      return { right, isRefused: true }
    }
    default:
      return { right: await letGo(store, redemptionId), detail: detailOf(answer) }
  }
}

/** Nothing is known yet: the next round may ask at once. */
async function letGo(store: PluginStore, redemptionId: string): Promise<Right> {
  const { right } = await changeRight(store, {
    redemptionId,
    decide: (right) =>
      right.askedUntil === 0 ? unchanged(right) : changed(right, { askedUntil: 0 }),
  })
  return right
}

function detailOf(answer: PartnerAnswer): string {
  return answer.is === 'unknown' ? answer.detail : `the partner says ${answer.is}`
}
