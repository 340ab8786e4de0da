import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { z } from 'zod'
import {
  type EarnSource,
  type Fulfilment,
  isRefusal,
  type JoinContext,
  type RedemptionChannel,
  refuse,
  step,
  wholeNumber,
} from '../../index.js'
import type { EarnSourceOptions, RedemptionChannelOptions } from '../index.js'
import { BARE_SOURCE } from './broken-sources.js'
import {
  fulfilTea,
  type TeaRedemption,
  type TicketLine,
  takeTickets,
  teaHouse,
  ticketFile,
} from './tea-channel.js'
import { TeaHouseResolver, TeaPotResolver } from './tea-resolvers.js'
import { cancellable, channelOver, openTeaShop } from './tea-shop.js'
import {
  bought,
  decideTea,
  type TeaContext,
  type TeaEvent,
  type TeaReturn,
  tea,
  teaEvent,
  teaMemory,
  teaReturn,
} from './tea-source.js'
import { CreateTeaLogAlone1767225600007, TeaLog } from './tea-tables.js'

const everythingOf = (event: TeaEvent): TeaReturn[] =>
  bought(event) === 0 ? [] : [{ id: 'all', cups: bought(event) }]

const anyPots = z.object({
  cups: wholeNumber({ min: 0, max: 100 }).default(0),
  pots: wholeNumber({ min: 0, max: 100 }).default(0),
})
const pots = anyPots.refine(({ cups, pots }) => pots <= cups)
/** The same, which reads otherwise what it would not have written. */
const mendedPots = anyPots.transform(({ cups, pots }) => ({ cups, pots: Math.min(cups, pots) }))

const withPots = (memory: z.ZodType<{ cups: number; pots: number }>) => ({
  memory,
  decide: (context: TeaContext) => ({ ...decideTea(context), memory: { cups: 1, pots: 1 } }),
  // Never more pots than cups: what is remembered otherwise is read by nobody.
  join: ({ from, into }: JoinContext<{ cups: number; pots: number }>) =>
    from.memory.pots > from.memory.cups ? { cups: -1 } : into.memory,
})

const smallReturn = teaReturn.extend({ cups: wholeNumber({ min: 1, max: 4 }) })

/** What could be taken for a fault, and is none. */
const SOUND_IN_ITS_WAY: readonly (readonly [how: string, changed: object])[] = [
  [
    'follows a line of members',
    {
      asks: () => ({ line: 'friend' }),
      leadsTo: ({ cups }: { cups: number }) => (cups > 3 ? 'another' : null),
    },
  ],
  ['follows no source', { reacts: { to: [], with: (context: unknown) => context } }],
  [
    'earns and cancels by what it follows',
    {
      reacts: {
        to: ['purchase'],
        with: () => [
          { earn: { memberId: 'm-1', event: { order: 'a', cups: 1, at: '2026-01-01T00:00:00Z' } } },
          { cancel: { memberId: 'm-1', once: 'a' } },
        ],
      },
    },
  ],
  [
    'mends broken texts, and takes nulls',
    {
      event: teaEvent.extend({
        note: z
          .string()
          .max(50)
          .transform((it) => it.replace(/\p{Cs}/gu, '?'))
          .optional(),
        hint: z.literal('hot').nullable().optional(),
      }),
    },
  ],
  [
    'remembers what nobody sends',
    {
      memory: teaMemory.extend({ note: z.string().default('') }),
      decide: (context: TeaContext) => ({ ...decideTea(context), memory: { cups: 1, note: '' } }),
      join: undefined,
    },
  ],
  [
    'earns rarely',
    {
      decide: (context: TeaContext) =>
        context.event.cups % 10 === 7 ? decideTea(context) : refuse('TEA_NOT_BOUGHT'),
      items: (context: TeaContext) =>
        context.event.cups % 10 === 7 ? tea.items?.(context as never) : 'none',
    },
  ],
  [
    'remembers nothing at all of some',
    {
      memory: teaMemory.nullable(),
      decide: (context: TeaContext) =>
        decideTea({ ...context, memory: context.memory ?? { cups: 0 } }),
      join: ({ from, into }: JoinContext<unknown>) => from.memory ?? into.memory,
    },
  ],
  ['remembers parts that go together', withPots(pots)],
  ['remembers parts that its schema puts right', withPots(mendedPots)],
  [
    'takes back the rest, after a part or at once',
    {
      returns: {
        ...tea.returns,
        // Few, so that one order is tried as well as another.
        schema: teaReturn.extend({ cups: z.literal([1, 2]).nullable() }),
        without: (event: TeaEvent, taken: readonly { readonly cups: number | null }[]) => {
          let { returned = 0 } = event
          for (const { cups } of taken) {
            const left = event.cups - returned
            if (left === 0 || (cups ?? 0) > left) return refuse('TEA_NOT_BOUGHT')
            returned += cups ?? left
          }
          return { ...event, returned }
        },
      },
    },
  ],
  [
    'opens no pack for a single cup',
    {
      returns: {
        ...tea.returns,
        without: (event: TeaEvent, taken: readonly TeaReturn[]) => {
          const left = tea.returns?.without(event, taken)
          const isOne = left && !isRefusal(left) && bought(left) === 1
          return isOne ? refuse('TEA_NOT_BOUGHT') : left
        },
      },
    },
  ],
  [
    'takes an odd number of cups back only after an even one',
    {
      returns: {
        ...tea.returns,
        schema: smallReturn,
        without: (event: TeaEvent, taken: readonly TeaReturn[]) =>
          (taken[0]?.cups ?? 0) % 2 === 1
            ? refuse('TEA_NOT_BOUGHT')
            : tea.returns?.without(event, taken),
      },
    },
  ],
  [
    // Those before it were taken: else they would not be among them.
    'takes pairs of cups back, and looks at the last return alone',
    {
      returns: {
        ...tea.returns,
        schema: smallReturn,
        without: (event: TeaEvent, taken: readonly TeaReturn[]) =>
          (taken.at(-1)?.cups ?? 0) % 2 === 1
            ? refuse('TEA_NOT_BOUGHT')
            : tea.returns?.without(event, taken),
      },
    },
  ],
  [
    'goes by the last return of each name',
    {
      returns: {
        ...tea.returns,
        schema: teaReturn.extend({ id: z.enum(['a', 'b']) }),
        without: (event: TeaEvent, taken: readonly TeaReturn[]) =>
          tea.returns?.without(event, [...new Map(taken.map((it) => [it.id, it])).values()]),
      },
    },
  ],
  [
    // An event that is not granted never comes back.
    'would give more for a part of what it refuses',
    {
      event: teaEvent.omit({ returned: true }),
      decide: (context: TeaContext) => {
        const { cups, returned } = context.event
        if (cups <= 50) return decideTea(context)
        if (returned === undefined) return refuse('TEA_NOT_BOUGHT')
        const points = returned
        return { ...decideTea(context), points, because: [step('tea', points)] }
      },
      items: ({ event }: TeaContext) => ({
        items: [{ id: 'tea', points: event.cups > 50 ? (event.returned ?? 0) : bought(event) }],
        besides: 0,
        rounding: 'floor',
      }),
    },
  ],
  ['has types of its own and of the contract', { resolvers: [TeaPotResolver] }],
  ['says whose its fields are by both words', { id: 'tea-house', resolvers: [TeaHouseResolver] }],
  [
    'has a migration that is in no transaction',
    {
      entities: [TeaLog],
      migrations: [CreateTeaLogAlone1767225600007],
    },
  ],
]

/** Sources that the kit finds nothing wrong with. */
export const SOUND_SOURCES: readonly {
  readonly how: string
  readonly source: EarnSource
  readonly options?: EarnSourceOptions<TeaEvent, TeaReturn>
}[] = [
  { how: 'keeps to the contract', source: tea as EarnSource, options: { everythingOf } },
  { how: 'has no more than it must', source: BARE_SOURCE },
  ...SOUND_IN_ITS_WAY.map(([how, changed]) => ({
    how,
    source: { ...tea, ...changed } as unknown as EarnSource,
  })),
]

const shop = openTeaShop()
/** Redemptions that are being fulfilled. */
const asked = new Set<string>()
const teaHouseThat = (fulfil: (context: TeaRedemption) => Promise<Fulfilment>) =>
  ({ ...teaHouse, fulfil }) as unknown as RedemptionChannel

/** Channels that the kit finds nothing wrong with. */
export const SOUND_CHANNELS: readonly {
  readonly how: string
  readonly channel: RedemptionChannel
  readonly options?: RedemptionChannelOptions
}[] = [
  { how: 'keeps to the contract', channel: teaHouse },
  { how: 'checks nothing', channel: { ...teaHouse, check: undefined } as never },
  {
    how: 'refuses some',
    channel: teaHouseThat(async (context) =>
      context.offer.details.cups > 5
        ? { outcome: 'refused', code: 'TEA_SOLD_OUT' }
        : fulfilTea(context),
    ),
  },
  { how: 'takes lines of a file', channel: { ...teaHouse, files: [ticketFile] } },
  {
    how: 'takes lines of which some have the same name, of offers that are not there',
    channel: {
      ...teaHouse,
      files: [
        {
          ...ticketFile,
          async take(lines, context) {
            if ((await context.findOffer('tea')) !== null) return []
            return takeTickets(lines as never, context)
          },
        },
      ],
    },
    options: { arbitraries: { 'file.tickets.redemptionId': fc.constantFrom('a', 'b') } },
  },
  {
    how: 'says something else of what it refuses in a dry run',
    channel: {
      ...teaHouse,
      files: [
        {
          ...ticketFile,
          async take(lines, context) {
            const all = lines as readonly TicketLine[]
            const given = all.filter(({ state }) => state === 'given')
            const answers = await takeTickets(given, context)
            const refusal = refuse('TEA_SOLD_OUT', { available: context.dryRun ? 1 : 0 })
            return all.map(({ state }) => (state === 'given' ? answers.shift()! : refusal))
          },
        },
      ],
    },
    // The last is none that a line may have.
    options: { arbitraries: { 'file.tickets.state': fc.constantFrom('given', 'void', 'cold') } },
  },
  {
    how: 'asks a shop',
    channel: channelOver(({ redemption }) => shop.give(redemption.id)),
    options: shop.options,
  },
  {
    how: 'asks a shop that takes back',
    channel: cancellable(
      channelOver(({ redemption }) => shop.give(redemption.id)) as RedemptionChannel,
      (id) => shop.takeBack(id),
    ),
    options: shop.options,
  },
  {
    how: 'says itself that it does not know',
    channel: teaHouseThat((context) => fulfilTea(context).catch(() => ({ outcome: 'unknown' }))),
  },
  {
    how: 'throws at who is out of time',
    channel: teaHouseThat(async (context) => {
      context.signal.throwIfAborted()
      return fulfilTea(context)
    }),
  },
  {
    how: 'does not know yet while it is asked already',
    channel: teaHouseThat(async (context) => {
      const { id } = context.redemption
      if (asked.has(id)) return { outcome: 'unknown' }
      asked.add(id)
      try {
        return await fulfilTea(context)
      } finally {
        asked.delete(id)
      }
    }),
  },
  {
    how: 'takes nothing back',
    channel: {
      ...teaHouse,
      cancel: async () => ({ outcome: 'refused', code: 'TEA_CANCELLED' }),
    } as never,
  },
  {
    how: 'lets win what nobody takes back',
    channel: {
      ...teaHouseThat(async (context) => {
        const answer = await fulfilTea(context)
        const award = { points: 1, because: [step('tea', 1)] }
        return answer.outcome === 'fulfilled' ? { ...answer, award } : answer
      }),
      // Never asked: what was won is spent by then.
      cancel: async ({ store }) => {
        try {
          await store.write((manager) => manager.insert(TeaLog, { id: randomUUID() }))
          return { outcome: 'cancelled' }
        } catch {
          return { outcome: 'refused', code: 'TEA_CANCELLED' }
        }
      },
    },
  },
]
