import fc from 'fast-check'
import { z } from 'zod'
import { type EarnSource, type RedemptionChannel, refuse } from '../../index.js'
import type { EarnSourceOptions, RedemptionChannelOptions } from '../index.js'
import { BARE_SOURCE } from './broken-sources.js'
import { fulfilTea, type TeaRedemption, takeTickets, teaHouse, ticketFile } from './tea-channel.js'
import { TeaHouseResolver, TeaPotResolver } from './tea-resolvers.js'
import { channelOver, openTeaShop } from './tea-shop.js'
import {
  bought,
  decideTea,
  type TeaContext,
  type TeaEvent,
  type TeaReturn,
  tea,
  teaEvent,
  teaMemory,
} from './tea-source.js'
import { CreateTeaLogAlone1767225600007, TeaLog } from './tea-tables.js'

const everythingOf = (event: TeaEvent): TeaReturn[] =>
  bought(event) === 0 ? [] : [{ id: 'all', cups: bought(event) }]

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
    channel: {
      ...teaHouse,
      fulfil: async (context) =>
        (context as unknown as TeaRedemption).offer.details.cups > 5
          ? { outcome: 'refused', code: 'TEA_SOLD_OUT' }
          : fulfilTea(context as unknown as TeaRedemption),
    },
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
    how: 'asks a shop',
    channel: channelOver(({ redemption }) => shop.give(redemption.id)),
    options: shop.options,
  },
]
