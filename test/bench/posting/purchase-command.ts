import {
  type Command,
  closeDraft,
  grantPoints,
  isRefusal,
  type JsonObject,
  openDraft,
  putRecord,
  setMemo,
} from '@pointwell/ledger'

/** A shop's order, as `recordPurchase` hands it on. */
export interface Order {
  readonly orderId: string
  readonly wallet: number
  readonly at: number
  readonly lines: readonly {
    readonly id: string
    readonly article: string
    readonly quantity: number
    readonly unitPrice: string
    readonly category: string
  }[]
}

const YEAR_MS = 366 * 86_400_000

/**
 * What the programme makes of an order: the same lot, explanation, record and memo, as long as those
 * in a real ledger, without the programme's own work before the ledger is asked.
 */
export function purchaseCommand(order: Order): Command {
  const { wallet, orderId, at, lines } = order
  const memberId = `m-${wallet}`
  const record = { kind: 'earn:purchase', ref: orderId }
  const content = { memberId, at, orderId, currency: 'CNY', lines, confirmed: true }
  const points = lines.reduce((sum, line) => sum + line.quantity * Number(line.unitPrice), 0)
  return {
    wallet,
    key: `earn:purchase:${orderId}`,
    content: content as unknown as JsonObject,
    needs: { records: [record] },
    decide(view) {
      const draft = openDraft(view)
      const lot = grantPoints(draft, {
        kind: 'purchase',
        source: 'purchase',
        ref: orderId,
        points,
        earnedAt: at,
        claimMs: null,
        expiresAt: at + YEAR_MS,
      })
      if (isRefusal(lot)) return lot
      const before =
        (view.wallet.memo.spend as Record<string, number> | undefined)?.['2026-01'] ?? 0
      setMemo(draft, { lastActiveAt: at, spend: { '2026-01': before + points * 100 } })
      const version = view.wallet.version + 1
      putRecord(draft, {
        ...record,
        dueAt: null,
        body: recordBody({ memberId, order, points, version, lot: lot?.seq, now: view.now }),
      })
      const figures = { goods: String(points), spendPerPoint: '1' }
      return closeDraft(draft, {
        type: 'grant',
        reason: 'purchase',
        explanation: [{ step: 'base', points: String(points), figures }],
        policyVersion: 1,
        effectiveAt: at,
        labels: { source: 'purchase', tier: 'regular' },
        result: { once: orderId, points, details: null },
      })
    },
  }
}

/** As the programme keeps it, to decide again when something comes back. */
function recordBody({
  memberId,
  order: { orderId, at, lines },
  points,
  version,
  lot,
  now,
}: {
  memberId: string
  order: Order
  points: number
  version: number
  lot: number | undefined
  now: number
}): JsonObject {
  const tier = { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' }
  return {
    memberId,
    once: orderId,
    event: { orderId, at, currency: 'CNY', lines, confirmed: true },
    at,
    decidedAt: now,
    policyVersion: 1,
    facts: {
      id: memberId,
      joinedAt: at,
      region: null,
      staff: false,
      birthday: null,
      tier,
      segments: [],
      campaigns: [],
    },
    memory: {},
    lots: lot === undefined ? [] : [lot],
    version,
    granted: points,
    standing: points,
    qualifyingMinor: points * 100,
    month: '2026-01',
    counted: [],
    pending: null,
    confirmedAt: null,
    cancelledAt: null,
    returns: [],
    forgiven: 0,
  } as unknown as JsonObject
}
