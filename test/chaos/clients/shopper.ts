import { setTimeout as sleep } from 'node:timers/promises'
import type { Draw } from '../draw.js'
import type { Act, Outcome, Write } from '../log/client-log.js'
import { COUPONS } from '../stage/programme.js'
import { type Door, send, sendOrders } from './send.js'
import { openSpending } from './spender.js'

export interface ShopperTerms {
  readonly name: string
  readonly member: string
  readonly draw: Draw
  readonly door: Door
  /** The server it asks first. */
  readonly home: number
  readonly isOver: () => boolean
}

interface Order {
  readonly id: string
  readonly lines: { readonly id: string; left: number }[]
  returns: number
}

interface Coupon {
  readonly code: string
  readonly redemption: string
  orders: number
  usedBy?: string
}

/** Nothing was sent: whoever hears that has no doubt, and comes back. */
const NOT_EVEN_SENT = 'ECONNREFUSED'
/** Servers are up to four hours ahead. */
const OFF_HOURS_MS = 4 * 3_600_000

/**
 * One member and the shop where it buys, until it is over: orders, returns, redeems and uses
 * coupons and all else that is to be had, sends things twice, and tries again when no answer comes; now and then it gives up.
 */
export async function shop(terms: ShopperTerms): Promise<void> {
  const { draw, isOver } = terms
  const acts = openActs(terms)
  // Who has no points is refused everything.
  await acts.order()
  while (!isOver()) {
    const dice = draw.next() * 1.4
    if (dice >= 1) await acts.spend()
    else if (dice < 0.36) await acts.order()
    else if (dice < 0.42) await acts.orders()
    else if (dice < 0.52) await acts.giveBack()
    else if (dice < 0.55) await acts.cancel()
    else if (dice < 0.58) await acts.checkIn()
    else if (dice < 0.74) await acts.redeem()
    else if (dice < 0.78) await acts.redeemInTwoTabs()
    else if (dice < 0.82) await acts.cancelRedemption()
    else if (dice < 0.93) await acts.useCoupon()
    else await acts.releaseCoupon()
    await sleep(draw.between(0, 30))
  }
}

function openActs(terms: ShopperTerms) {
  const { name, member, draw, door, home, isOver } = terms
  const { urls, log } = door
  const orders: Order[] = []
  const coupons: Coupon[] = []
  const checkIns = new Map<string, Write>()
  let count = 0
  const fresh = (kind: string) => `${name}-${kind}${++count}`
  const begin = (act: Act, key: string, asked: Write['asked']) =>
    log.begin({ act, key, client: name, member, asked })

  const someServer = () => (draw.chance(0.8) ? home : draw.between(0, urls.length - 1))

  /** Sends it until there is an answer, at another server each time. Some give up where they are
   * left in doubt: what they asked for may be done or not. */
  const pursue = async (sendTo: (server: number) => Promise<Outcome[]>) => {
    const givesUp = draw.chance(0.4)
    for (let server = someServer(); ; server++) {
      const outcomes = await sendTo(server % urls.length)
      const unheard = outcomes.find((outcome) => 'silence' in outcome)
      if (!unheard || isOver()) return outcomes
      if (givesUp && unheard.silence !== NOT_EVEN_SENT) return outcomes
      await sleep(draw.between(50, 500))
    }
  }

  const want = async (write: Write): Promise<Outcome> => {
    if (draw.chance(0.1)) {
      // Impatient fingers: the very same at once, on both servers where there are two.
      const twins = await Promise.all(
        [home, home + 1].map((server) =>
          send(write, door, { server: server % urls.length, phase: 'run' }),
        ),
      )
      const heard = twins.find((outcome) => 'answer' in outcome)
      if (heard) return heard
    }
    const [outcome] = await pursue(async (server) => [
      await send(write, door, { server, phase: 'run' }),
    ])
    return outcome!
  }

  const newOrder = () => {
    const id = fresh('o')
    const lines = Array.from({ length: draw.between(1, 3) }, (_, place) => ({
      id: String(place + 1),
      article: `article-${draw.between(1, 9)}`,
      quantity: draw.between(1, 3),
      unitPrice: String(draw.between(1, 60)),
    }))
    const input = {
      memberId: member,
      orderId: id,
      at: new Date().toISOString(),
      currency: 'CNY',
      confirmed: draw.chance(0.9),
      lines,
    }
    return begin('order', id, { input })
  }
  const keepOrder = ({ key, asked }: Write, outcome: Outcome) => {
    if (!('answer' in outcome)) return
    const { lines } = asked.input as { lines: { id: string; quantity: number }[] }
    orders.push({
      id: key,
      lines: lines.map(({ id, quantity }) => ({ id, left: quantity })),
      returns: 0,
    })
  }

  const redeem = async (offerId: string) => {
    const key = fresh('r')
    const outcome = await want(begin('redeem', key, { input: { offerId, idempotencyKey: key } }))
    if (!('answer' in outcome)) return
    const { code, redemption } = outcome.answer
    if (code !== undefined) coupons.push({ code, redemption: redemption!, orders: 0 })
  }

  const use = (coupon: Coupon) => {
    const orderId = `${coupon.redemption}-${++coupon.orders}`
    return begin('use-coupon', `${coupon.code}/${orderId}`, {
      input: { code: coupon.code, orderId, orderAmount: '20.00 CNY' },
    })
  }

  const spending = openSpending({ draw, member, fresh, begin, want })

  return {
    spend: spending.step,

    async order() {
      const write = newOrder()
      keepOrder(write, await want(write))
    },

    async orders() {
      const writes = Array.from({ length: draw.between(2, 6) }, newOrder)
      const outcomes = await pursue((server) => sendOrders(writes, door, { server, phase: 'run' }))
      writes.forEach((write, place) => {
        keepOrder(write, outcomes[place]!)
      })
    },

    async giveBack() {
      const open = orders.filter(({ lines }) => lines.some(({ left }) => left > 0))
      if (open.length === 0) return
      const order = draw.oneOf(open)
      const line = draw.oneOf(order.lines.filter(({ left }) => left > 0))
      line.left -= 1
      const returnId = `back-${++order.returns}`
      await want(
        begin('return', `${order.id}/${returnId}`, {
          input: { orderId: order.id, returnId, lines: [{ line: line.id, quantity: 1 }] },
        }),
      )
    },

    async cancel() {
      if (orders.length === 0) return
      const [order] = orders.splice(draw.between(0, orders.length - 1), 1)
      await want(begin('cancel', order!.id, { orderId: order!.id }))
    },

    async checkIn() {
      const today = dayInShanghai(Date.now())
      // A retry of the end phase must not be tomorrow's.
      if (today !== dayInShanghai(Date.now() + OFF_HOURS_MS)) return
      const key = `${member}/${today}`
      const write = checkIns.get(key) ?? begin('check-in', key, { memberId: member })
      checkIns.set(key, write)
      await want(write)
    },

    redeem: () => redeem(draw.oneOf(COUPONS).id),

    async redeemInTwoTabs() {
      await Promise.all([redeem('dear'), redeem('dear')])
    },

    async cancelRedemption() {
      const unused = coupons.filter(({ usedBy }) => usedBy === undefined)
      if (unused.length === 0) return
      const coupon = draw.oneOf(unused)
      coupons.splice(coupons.indexOf(coupon), 1)
      const id = coupon.redemption
      await want(begin('cancel-redemption', id, { id }))
    },

    async useCoupon() {
      const unused = coupons.filter(({ usedBy }) => usedBy === undefined)
      if (unused.length === 0) return
      const coupon = draw.oneOf(unused)
      const rivals = draw.chance(0.3) ? [use(coupon), use(coupon)] : [use(coupon)]
      const outcomes = await Promise.all(rivals.map(want))
      const winner = rivals[outcomes.findIndex((outcome) => 'answer' in outcome)]
      if (winner) coupon.usedBy = (winner.asked.input as { orderId: string }).orderId
      // Nobody knows which order has it: it is left alone.
      else coupons.splice(coupons.indexOf(coupon), 1)
    },

    async releaseCoupon() {
      const used = coupons.filter(({ usedBy }) => usedBy !== undefined)
      if (used.length === 0) return
      const coupon = draw.oneOf(used)
      const { code, usedBy: orderId } = coupon
      const outcome = await want(
        begin('release-coupon', `${code}/${orderId}`, { input: { code, orderId } }),
      )
      if ('answer' in outcome) delete coupon.usedBy
      else coupons.splice(coupons.indexOf(coupon), 1)
    },
  }
}

function dayInShanghai(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
}
