import { openCalendar, type Refusal } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goodsOffer } from '../offer/goods-offer.js'
import { goodsSettings } from '../settings/goods-settings.js'
import { decideCancel } from './decide-cancel.js'
import { decidePick } from './decide-pick.js'
import { decideReceive } from './decide-receive.js'
import { decideReturnAccept } from './decide-return-accept.js'
import { decideReturnDecline } from './decide-return-decline.js'
import { decideReturnRequest } from './decide-return-request.js'
import { decideSend } from './decide-send.js'
import { decideTopUp } from './decide-top-up.js'
import { newShipment } from './new-shipment.js'
import { type Decided, findReceivedAt, findStatus, type Shipment } from './shipment.js'

const DAY_MS = 86_400_000
const START = Date.parse('2026-03-01T12:00:00+08:00')
const calendar = openCalendar('Asia/Shanghai')
const ARRIVES_DAYS = 10
const RETURN_DAYS = 7
const CANCEL_UNTIL = ['picked', 'sent'] as const

const ACTS = [
  'pick',
  'send DHL 1',
  'send DHL 2',
  'receive',
  'ask return',
  'accept return',
  'decline return',
  'cancel',
  'top up',
  'fail',
  'wait',
] as const
type Act = (typeof ACTS)[number]

function made(details: unknown): Shipment {
  return newShipment({
    settings: goodsSettings.parse({ returnDays: RETURN_DAYS }),
    offer: {
      id: 'pot',
      title: { en: 'Pot', zh: '壶' },
      details: goodsOffer.parse(details),
      cashValueMinor: 9_900,
      currency: 'CNY',
    },
    redemption: { id: 'r-1', memberId: 'ada', points: 9_900, order: {}, at: START },
    now: START,
  })
}

function decide(
  shipment: Shipment,
  act: Exclude<Act, 'wait'>,
  { now, cancelUntil }: { now: number; cancelUntil: 'picked' | 'sent' },
): Decided | Refusal {
  switch (act) {
    case 'pick':
      return decidePick(shipment, { now })
    case 'send DHL 1':
    case 'send DHL 2':
      return decideSend(shipment, {
        carrier: 'DHL',
        tracking: act.slice(-1),
        arrivesBy: calendar.endOf(calendar.addDays(calendar.dateOf(now), ARRIVES_DAYS)),
        now,
      })
    case 'receive':
      return decideReceive(shipment, { now })
    case 'ask return':
      return decideReturnRequest(shipment, { calendar, now })
    case 'accept return':
      return decideReturnAccept(shipment, { now })
    case 'decline return':
      return decideReturnDecline(shipment, { because: `worn, day ${now}`, now })
    case 'cancel':
      return decideCancel(shipment, { cancelUntil, calendar, now })
    case 'top up':
      return decideTopUp(shipment, { outcome: 'given', note: 'ref', now })
    case 'fail':
      return decideTopUp(shipment, { outcome: 'failed', note: 'no such number', now })
  }
}

/** What each act makes of each status, written down by hand; `=`: it is so already; anything else is
 * refused with what it is. Days: counted by hand, noon to noon. */
function expectedOf(
  world: {
    readonly status: string
    readonly isReturnable: boolean
    readonly isTopUp: boolean
    readonly tracking: string | null
    readonly day: number
    readonly receivedDay: number | null
  },
  act: Exclude<Act, 'wait'>,
  cancelUntil: 'picked' | 'sent',
): string {
  const { status, isReturnable, isTopUp, tracking, day, receivedDay } = world
  const refused = `! GOODS_${status.toUpperCase().replace('-', '_')}`
  const isInTime = receivedDay !== null && day <= receivedDay + RETURN_DAYS
  switch (act) {
    case 'pick':
      return { ordered: 'picking', picking: '=' }[status] ?? refused
    case 'send DHL 1':
    case 'send DHL 2':
      if (status === 'picking') return 'sent'
      return ['sent', 'received'].includes(status) && tracking === act.slice(-1) ? '=' : refused
    case 'receive':
      return { sent: 'received', received: '=' }[status] ?? refused
    case 'ask return':
      if (status === 'return-requested' || status === 'returned') return '='
      if (status !== 'received') return refused
      if (!isReturnable) return '! GOODS_NOT_RETURNABLE'
      return isInTime ? 'return-requested' : '! GOODS_RETURN_TOO_LATE'
    case 'accept return':
      return (
        { 'return-requested': 'returned', 'return-declined': 'returned', returned: '=' }[status] ??
        refused
      )
    case 'decline return':
      return { 'return-requested': 'return-declined', 'return-declined': '=' }[status] ?? refused
    case 'cancel':
      if (status === 'ordered' || status === 'returned') return 'cancelled'
      if (status === 'picking' && cancelUntil === 'sent') return 'cancelled'
      if (status === 'given' && isReturnable && isInTime) return 'cancelled'
      return status === 'cancelled' || status === 'failed' ? '=' : refused
    case 'top up':
      if (!isTopUp) return refused
      return { waiting: 'given', given: '=' }[status] ?? refused
    case 'fail':
      if (!isTopUp) return refused
      return { waiting: 'failed', failed: '=' }[status] ?? refused
  }
}

const OFFERS = {
  'goods that can be sent back': { type: 'physical' },
  'goods that cannot': { type: 'physical', returnable: false },
  'a top-up': { type: 'virtual', gives: { kind: 'top-up' } },
  'a product of one’s own': { type: 'virtual', gives: { kind: 'own', sku: 's' } },
  'one that can be given back': {
    type: 'virtual',
    gives: { kind: 'own', sku: 's', returnable: true },
  },
} as const

describe.each(Object.entries(OFFERS))('R10 R7: the life of %s', (_, details) => {
  test('is what the table says, whatever is asked in whatever order', () => {
    const acts = fc.array(fc.tuple(fc.constantFrom(...ACTS), fc.constantFrom(...CANCEL_UNTIL)), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(acts, (asked) => {
        let shipment = made(details)
        const isTopUp = shipment.kind === 'top-up'
        const isReturnable =
          details === OFFERS['goods that can be sent back'] ||
          details === OFFERS['one that can be given back']
        let day = 0
        let sentDay: number | null = null
        let receivedDay = shipment.status === 'given' ? 0 : null
        let status = findStatus(shipment, START) as string
        for (const [act, cancelUntil] of asked) {
          if (act === 'wait') {
            day += 4
            if (status === 'sent' && day > (sentDay as number) + ARRIVES_DAYS) {
              status = 'received'
              // It counts from the end of the last day, which is the first moment of the next.
              receivedDay = (sentDay as number) + ARRIVES_DAYS + 1
            }
          }
          const now = START + day * DAY_MS
          expect(findStatus(shipment, now)).toBe(status)
          if (act === 'wait') continue
          const world = {
            status,
            isReturnable,
            isTopUp,
            tracking: shipment.tracking,
            day,
            receivedDay,
          }
          const expected = expectedOf(world, act, cancelUntil)
          const answer = decide(shipment, act, { now, cancelUntil })
          if (expected.startsWith('!')) {
            expect(answer).toMatchObject({ refused: true, code: expected.slice(2) })
            continue
          }
          const { shipment: next, isNew } = answer as Decided
          expect([act, isNew]).toEqual([act, expected !== '='])
          expect(next.version).toBe(shipment.version + (isNew ? 1 : 0))
          shipment = next
          if (!isNew) continue
          status = expected
          if (status === 'sent') sentDay = day
          if (status === 'received' || status === 'given') receivedDay = day
        }
        const now = START + day * DAY_MS
        const has = findReceivedAt(shipment, now)
        expect(has === null).toBe(receivedDay === null)
      }),
      { numRuns: 400 },
    )
  })
})

test('R10: who says nothing has it from the end of a day on, and not a moment before', () => {
  const picked = decidePick(made(OFFERS['goods that cannot']), { now: START }) as Decided
  const arrivesBy = Date.parse('2026-03-12T00:00:00+08:00')
  const { shipment } = decideSend(picked.shipment, {
    carrier: 'SF',
    tracking: '1',
    arrivesBy,
    now: START,
  }) as Decided
  expect(findStatus(shipment, arrivesBy - 1)).toBe('sent')
  expect(findReceivedAt(shipment, arrivesBy - 1)).toBeNull()
  expect(findStatus(shipment, arrivesBy)).toBe('received')
  expect(findReceivedAt(shipment, arrivesBy + DAY_MS)).toBe(arrivesBy)
})
