import fc, { type Arbitrary } from 'fast-check'
import type {
  Cancellation,
  ChannelContext,
  Fulfilment,
  OfferFacts,
  PluginStore,
  RedemptionChannel,
} from '../../contract/plugin.js'
import { freezeDeeply } from '../../isolation/freeze-deeply.js'
import { CURRENCY } from '../arbitrary/builder-arbitrary.js'
import { wholeArbitrary } from '../arbitrary/number-arbitraries.js'
import {
  type DecisionCase,
  decisionCases,
  decisionContext,
  makingOptions,
  parsedArbitrary,
} from '../decision/decision-case.js'
import type { Operation } from '../decision/operation.js'
import { madeOnce, type Session } from '../run/session.js'
import { type OpenedStore, openMemoryStore } from '../store/open-memory-store.js'
import { type ObservedEffect, observeEffect } from '../watch/observe-effect.js'
import type { RedemptionChannelOptions } from './channel-options.js'

export type ChannelSession = Session<RedemptionChannel, RedemptionChannelOptions>

/** A redemption, as plain values. */
export interface ChannelCase extends DecisionCase {
  readonly offer: OfferFacts
  readonly order: unknown
  readonly points: number
}

export type AnyContext = ChannelContext<unknown, unknown, unknown>

export type Effect = ObservedEffect<Fulfilment | Cancellation>

export function channelCases(session: ChannelSession): Arbitrary<ChannelCase> {
  const { plugin, options } = session
  const details = madeOnce(session, 'offer', () =>
    parsedArbitrary(plugin.offer, makingOptions(session, 'offer'), options.offers),
  )
  const orders = madeOnce(session, 'order', () =>
    parsedArbitrary(plugin.order, makingOptions(session, 'order'), options.orders),
  )
  return fc
    .record({
      base: decisionCases(session),
      details,
      order: orders,
      cashValueMinor: wholeArbitrary({ min: 0, max: 1_000_000_000 }),
      points: wholeArbitrary({ min: 1, max: 1_000_000_000 }),
    })
    .map(({ base, details: its, order, cashValueMinor, points }) => ({
      ...base,
      order,
      points,
      offer: {
        id: 'offer-1',
        title: { en: 'Offer', zh: '商品' },
        details: its,
        cashValueMinor,
        currency: CURRENCY,
      },
    }))
}

/** `check`, where the channel has one. */
export function channelOperations({ plugin }: ChannelSession): readonly Operation<ChannelCase>[] {
  if (!plugin.check) return []
  return [
    {
      name: 'check',
      given: (value) => [
        {
          ...decisionContext(value),
          ...structuredClone({ offer: value.offer, order: value.order }),
        },
      ],
      call: ([context]) => plugin.check?.(context as never),
    },
  ]
}

export async function openStoreFor({ plugin, options }: ChannelSession): Promise<OpenedStore> {
  return options.store ? options.store(plugin) : openMemoryStore(plugin)
}

let redemptions = 0

/** A redemption that nobody had before, against a store. */
export function channelContext(
  value: ChannelCase,
  store: PluginStore,
  signal: AbortSignal = new AbortController().signal,
): AnyContext {
  const { settings, calendar, now, member } = decisionContext(value)
  const { offer, order, points } = structuredClone({
    offer: value.offer,
    order: value.order,
    points: value.points,
  })
  redemptions += 1
  const id = `redemption-${process.pid}-${redemptions}`
  const redemption = { id, memberId: member.id, points, order, at: now }
  // As the server does it: what is given is shared with others.
  for (const it of [settings, offer, redemption]) freezeDeeply(it)
  return { settings, offer, redemption, calendar, now, store, signal }
}

export function fulfil(session: ChannelSession, context: AnyContext): Promise<Effect> {
  return observeEffect(session, 'fulfil', () => session.plugin.fulfil({ ...context }))
}

/** Takes a redemption back, as the server asks for it: with what was given, or null. */
export function cancel(
  session: ChannelSession,
  context: AnyContext,
  receipt: unknown,
): Promise<Effect> {
  return observeEffect<Cancellation>(session, 'cancel', async () => {
    if (!session.plugin.cancel) throw new Error('it takes nothing back')
    return session.plugin.cancel({ ...context, receipt })
  })
}
