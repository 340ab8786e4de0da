import { seededRandom } from './seeded-random.js'

const DAY_MS = 86_400_000
const DAYS = 180
const MEMBERS = 40
/** Members whom the demo's own member brought. */
const FRIENDS = 3

/** Something a made-up member does. Instants are epoch milliseconds. */
export type DemoAct =
  | { readonly at: number; readonly act: 'check-in'; readonly memberId: string }
  | {
      readonly at: number
      readonly act: 'behaviour'
      readonly memberId: string
      readonly behaviour: string
      readonly ref: string
    }
  | {
      readonly at: number
      readonly act: 'review'
      readonly memberId: string
      readonly review: {
        readonly orderId: string
        readonly lineId: string
        readonly reviewId: string
        readonly characters: number
        readonly photos: number
      }
    }
  | {
      readonly at: number
      readonly act: 'refer'
      readonly memberId: string
      readonly friendId: string
    }
  | {
      readonly at: number
      readonly act: 'order'
      readonly memberId: string
      readonly event: object
    }
  | {
      readonly at: number
      readonly act: 'return'
      readonly orderId: string
      readonly taken: object
    }
  | {
      readonly at: number
      readonly act: 'redeem'
      readonly memberId: string
      readonly offerId: string
    }

export interface DemoMember {
  readonly id: string
  readonly joinedAt: string
  readonly region: string
  readonly birthday: { readonly month: number; readonly day: number }
  readonly staff: boolean
}

/** The member whose token `npm start` prints. */
export const DEMO_MEMBER = 'm-1001'

const ARTICLES = [
  { article: 'tea-oolong', category: 'tea', price: 68 },
  { article: 'tea-pu-erh', category: 'tea', price: 158 },
  { article: 'cup-celadon', category: 'tableware', price: 89.5 },
  { article: 'pot-yixing', category: 'tableware', price: 420 },
  { article: 'snack-osmanthus', category: 'food', price: 25.8 },
  { article: 'gift-box', category: 'gifts', price: 299 },
] as const

const REGIONS = ['shanghai', 'hangzhou', 'chengdu', 'class-3']

export function demoMembers(now: number): DemoMember[] {
  const random = seededRandom(7)
  return Array.from({ length: MEMBERS }, (_, n) => ({
    id: `m-${1001 + n}`,
    joinedAt: new Date(now - Math.floor((DAYS + 30 * random()) * DAY_MS)).toISOString(),
    region: REGIONS[Math.floor(random() * REGIONS.length)]!,
    birthday: { month: 1 + Math.floor(random() * 12), day: 1 + Math.floor(random() * 28) },
    staff: n === MEMBERS - 1,
  }))
}

/** Half a year of made-up members' lives, in the order in which it happened. The demo's own member
 * is a keen one; whoever comes later in the list does less. */
export function demoActs(now: number): DemoAct[] {
  const random = seededRandom(11)
  const acts: DemoAct[] = []
  const members = demoMembers(now)
  members.forEach(({ id }, place) => {
    const keenness = 1 - place / MEMBERS
    const orders = 2 + Math.floor(keenness * 14 * (0.6 + random()))
    const bought = Array.from({ length: orders }, (_, n) =>
      orderOf(id, n, { now, random, keenness, isFresh: n === 0 && place % 5 < 3 }),
    ).flat()
    const first = Math.min(...bought.map(({ at }) => at))
    acts.push(...bought, {
      at: first + 60_000,
      act: 'behaviour',
      memberId: id,
      behaviour: 'first-order',
      ref: id,
    })
    for (let day = 12; day >= 0; day--) {
      const at = now - day * DAY_MS - Math.floor(random() * 6 * 3_600_000) - 60_000
      if (random() < keenness) acts.push({ at, act: 'check-in', memberId: id })
    }
    acts.push(...behavioursOf(id, place, now))
    if (place > 0 && place <= FRIENDS) {
      const at = now - DAYS * DAY_MS + place
      acts.push({ at, act: 'refer', memberId: DEMO_MEMBER, friendId: id })
    }
    acts.push(...reviewsOf(id, place, { orders, now }))
    if (place % 6 === 0) {
      acts.push({ at: now - 3 * 3_600_000, act: 'redeem', memberId: id, offerId: 'coupon-10' })
    }
  })
  return acts.sort((a, b) => a.at - b.at)
}

/** All sign up when the programme opens; keen ones complete their profiles and share things. */
function behavioursOf(memberId: string, place: number, now: number): DemoAct[] {
  const random = seededRandom(1_000 + place)
  const act = (behaviour: string, ref: string, daysAgo: number): DemoAct => ({
    at: now - Math.floor(daysAgo * DAY_MS),
    act: 'behaviour',
    memberId,
    behaviour,
    ref,
  })
  const acts = [act('sign-up', memberId, DAYS)]
  if (place % 3 !== 2) acts.push(act('complete-profile', memberId, DAYS - 1 - 20 * random()))
  for (const { article } of place % 4 === 0 ? ARTICLES : []) {
    const daysAgo = 1 + 30 * random()
    acts.push(act('favourite', article, daysAgo))
    if (random() < 0.5) acts.push(act('share', article, daysAgo - 0.01))
  }
  return acts
}

/** Every third member writes of some orders, once they have confirmed by themselves. */
function reviewsOf(
  memberId: string,
  place: number,
  { orders, now }: { orders: number; now: number },
): DemoAct[] {
  if (place % 3 !== 0) return []
  const random = seededRandom(2_000 + place)
  const acts: DemoAct[] = []
  for (let n = 1; n < orders; n++) {
    const [daysAgo, characters, photos] = [random(), random(), random()]
    const orderId = `${memberId}-${n + 1}`
    acts.push({
      at: Math.floor(now - daysAgo * DAY_MS),
      act: 'review',
      memberId,
      review: {
        orderId,
        lineId: '1',
        reviewId: `review-${orderId}`,
        characters: 10 + Math.floor(characters * 80),
        photos: Math.floor(photos * 6),
      },
    })
  }
  return acts
}

function orderOf(
  memberId: string,
  n: number,
  {
    now,
    random,
    keenness,
    isFresh,
  }: { now: number; random: () => number; keenness: number; isFresh: boolean },
): DemoAct[] {
  // A fresh one: its points still wait for the confirmation.
  const daysAgo = isFresh ? 1 + random() * 2 : 8 + random() * (DAYS - 8)
  const at = Math.floor(now - daysAgo * DAY_MS)
  const orderId = `${memberId}-${n + 1}`
  const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, line) => {
    const { article, category, price } = ARTICLES[Math.floor(random() * ARTICLES.length)]!
    const quantity = 1 + Math.floor(random() * (keenness > 0.8 ? 5 : 2))
    return { id: String(line + 1), article, category, quantity, unitPrice: price.toFixed(2) }
  })
  const event = {
    orderId,
    at: new Date(at).toISOString(),
    currency: 'CNY',
    lines,
    confirmed: false,
  }
  const acts: DemoAct[] = [{ at, act: 'order', memberId, event }]
  if (random() < 0.08 && daysAgo > 5) {
    const taken = { returnId: 'r1', lines: [{ line: '1', quantity: 1 }] }
    acts.push({ at: at + 3 * DAY_MS, act: 'return', orderId, taken })
  }
  return acts
}
