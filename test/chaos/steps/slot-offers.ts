import type { ChaosOffer } from '../stage/programme.js'

/** So many sagas stand at a step at the same time; each has one offer of every kind. */
export const SLOTS = 8

const slotPartner = (slot: number) => `partner-${slot}`

const both = (text: string) => ({ en: text, zh: text })

/** A draw that always wins, so that there is an award. */
export const ALWAYS_WON = {
  type: 'draw',
  chance: '1',
  prizes: [{ id: 'small', title: both('small'), points: 3, weight: 1 }],
  budget: { points: 1_000 },
}

export function slotPartners(): string[] {
  return Array.from({ length: SLOTS }, (_, slot) => slotPartner(slot))
}

export function slotOffers(): ChaosOffer[] {
  return Array.from({ length: SLOTS }, (_, slot) => offersOf(slot)).flat()
}

function offersOf(slot: number): ChaosOffer[] {
  const game = (details: object) => ({ channel: 'game', points: 2, details })
  const goods = (details: object) => ({ channel: 'goods', points: 4, details })
  const partner = (gives: object) => ({
    channel: 'partner',
    points: 4,
    details: { partner: slotPartner(slot), costMinor: 250, gives },
  })
  const code = { type: 'virtual', gives: { kind: 'code' } }
  const kinds: Record<string, Omit<ChaosOffer, 'id'>> = {
    coupon: { channel: 'coupon', points: 4, details: { type: 'direct-deduction', offMinor: 100 } },
    mug: goods({ type: 'physical', returnable: true }),
    'part-cash': {
      ...goods({ type: 'physical', returnable: true }),
      points: 10,
      cashValue: '10.00 CNY',
      withCash: true,
    },
    code: goods(code),
    'no-code': { ...goods(code), pool: 0 },
    seat: partner({ source: 'api', product: 'seat' }),
    popcorn: partner({ source: 'pool', returnable: true }),
    leaf: game(ALWAYS_WON),
    which: game({
      type: 'guess',
      options: ['red', 'blue'].map((id) => ({ id, title: both(id) })),
      points: 5,
      budget: 1_000,
    }),
    life: game({ type: 'revive' }),
    bet: game({ type: 'stake', rake: '0.1' }),
  }
  return Object.entries(kinds).map(([kind, offer]) => ({ ...offer, id: `${kind}-${slot}` }))
}
