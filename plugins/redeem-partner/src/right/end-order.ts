import { type PluginStore, type Refusal, refuse } from '@pointwell/plugin'
import { changeRight } from '../store/change-right.js'
import { findRight } from '../store/right-table.js'
import { changed, type Right, type RightStatus, unchanged } from './right.js'
import { type Settling, settleGiven, settleRefused, settleVoid } from './settle-right.js'

/** Whether the member has it, by whoever asked the partner otherwise than by its API. */
export type OrderEnd = 'given' | 'not-given'

/** What an order that has ended so, or ended so by itself before, is. */
const ENDS: Readonly<Record<OrderEnd, readonly RightStatus[]>> = {
  given: ['given'],
  'not-given': ['refused', 'void', 'never'],
}

/**
 * Ends an order of a partner's API that the API will not say more about: one that it goes on not to know (R6), or
 * that it forgot while it was to be taken back. Of one that was being asked for: it is charged, or what was set
 * aside is free again. Of one that was to be taken back: it stays, for good, or its charge is reversed. Twice is
 * once. Refuses PARTNER_ORDER_NOT_FOUND, PARTNER_PENDING (`when`: the API is being asked until then), and
 * PARTNER_ORDER_SETTLED where it is known already, and otherwise.
 */
export async function endOrder(
  store: PluginStore,
  {
    redemptionId,
    end,
    code,
    now,
    record,
  }: {
    readonly redemptionId: string
    readonly end: OrderEnd
    /** What the partner gave, where it gave one. */
    readonly code: string | null
    readonly now: number
    readonly record: NonNullable<Settling['record']>
  },
): Promise<Right | Refusal> {
  const right = await findRight(store, redemptionId)
  if (right?.source !== 'api') {
    return refuse('PARTNER_ORDER_NOT_FOUND', { field: 'redemptionId' })
  }
  // While somebody asks, the answer may be on its way.
  const settling = { when: ({ askedUntil }: Right) => askedUntil <= now, record }
  const after = await settle(store, right, { end, code, now, settling })
  if (ENDS[end].includes(after.status)) return after
  const isOpen = after.status === 'asking' || after.status === 'cancelling'
  return isOpen
    ? refuse('PARTNER_PENDING', { when: after.askedUntil })
    : refuse('PARTNER_ORDER_SETTLED')
}

async function settle(
  store: PluginStore,
  right: Right,
  {
    end,
    code,
    now,
    settling,
  }: {
    readonly end: OrderEnd
    readonly code: string | null
    readonly now: number
    readonly settling: Required<Settling>
  },
): Promise<Right> {
  const { redemptionId, status } = right
  switch (status) {
    case 'asking':
      return end === 'given'
        ? settleGiven(store, redemptionId, { code, endsAt: null, now }, settling)
        : settleRefused(store, redemptionId, settling)
    case 'cancelling':
      return end === 'given'
        ? settleKept(store, redemptionId, settling)
        : settleVoid(store, redemptionId, now, settling)
    default:
      return right
  }
}

/** It is not taken back, now or later: the partner does not know it any more. */
async function settleKept(
  store: PluginStore,
  redemptionId: string,
  { when, record }: Required<Settling>,
): Promise<Right> {
  const { right } = await changeRight(store, {
    redemptionId,
    decide: (right) =>
      right.status === 'cancelling' && when(right)
        ? changed(right, { status: 'given', returnable: false, askedUntil: 0 })
        : unchanged(right),
    written: record,
  })
  return right
}
