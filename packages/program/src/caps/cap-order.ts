import type { Step } from '@pointwell/ledger'
import type { ItemPoints } from '@pointwell/plugin'
import createBig, { type Big } from 'big.js'
import type { Cap, PolicyDocument } from '../policy/policy-document.js'
import { limitFor } from './limit-for.js'

/** Of our own: a plugin may set the shared one to anything. */
const Exact = createBig()
const ROUNDINGS = {
  floor: createBig.roundDown,
  'half-up': createBig.roundHalfUp,
  ceil: createBig.roundUp,
} as const

/**
 * Cuts what an event earns to the caps on points an item and on points an order (E8). They look at
 * nothing but the event, so a recount after a return applies them again (L5); an article's points
 * go down with its goods, and so does what these leave.
 */
export function capOrder(
  { caps }: Pick<PolicyDocument, 'caps'>,
  event: {
    readonly points: number
    /** Whether caps on orders are meant for it. */
    readonly isOrder: boolean
    readonly tier: string
    /** Only asked where there is a cap on items; undefined: the event has none. */
    readonly items: () => ItemPoints | undefined
  },
): { readonly points: number; readonly steps: readonly Step[] } {
  const steps: Step[] = []
  let { points } = event
  const cutTo = (most: number, cap: string, limit: number) => {
    if (most >= points) return
    steps.push({ step: 'cap', points: most - points, figures: { cap, limit } })
    points = most
  }
  const anItem = limitOf(caps.pointsPerItem, event.tier)
  const told = anItem === null || points === 0 ? undefined : event.items()
  if (told) cutTo(pointsOf(told, anItem!), 'item', anItem!)
  const anOrder = event.isOrder ? limitOf(caps.pointsPerOrder, event.tier) : null
  if (anOrder !== null) cutTo(anOrder, 'order', anOrder)
  return { points, steps }
}

/** What items earn when none has more than `most`. Each item by itself, then the sum made whole, as
 * the source does it: whole numbers item by item would come to more after some returns than before. */
function pointsOf({ items, besides, rounding }: ItemPoints, most: number): number {
  const byItem = new Map<string, Big>()
  for (const { id, points } of items) {
    byItem.set(id, (byItem.get(id) ?? new Exact(0)).plus(points))
  }
  let sum = new Exact(0)
  let isCut = false
  for (const points of byItem.values()) {
    const over = points.gt(most)
    isCut ||= over
    sum = sum.plus(over ? most : points)
  }
  return isCut ? sum.round(0, ROUNDINGS[rounding]).plus(besides).toNumber() : Infinity
}

function limitOf(cap: Cap | null, tier: string): number | null {
  return cap && limitFor(cap, tier)
}
