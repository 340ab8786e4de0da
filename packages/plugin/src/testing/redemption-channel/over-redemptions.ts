import type { Fulfilment, PluginStore } from '../../contract/plugin.js'
import { findCaseOf } from '../run/find-case.js'
import type { Found } from '../run/finding.js'
import {
  type AnyContext,
  type ChannelCase,
  type ChannelSession,
  cancel,
  channelCases,
  channelContext,
  type Effect,
  fulfil,
  openStoreFor,
} from './channel-case.js'
import { countRowsOf, rowsOf } from './rows-of.js'

/** One redemption, that nobody had before, in the hands of a check. */
export interface Redemption {
  readonly id: string
  readonly store: PluginStore
  readonly context: AnyContext
  fulfil(changed?: Partial<AnyContext>): Promise<Effect>
  /** With the receipt of what was given last; null where nothing was. */
  cancel(changed?: Partial<AnyContext>): Promise<Effect>
  /** Whether the server would have it taken back: points that were won with it are spent by then. */
  canCancel(given: Effect): boolean
  /** All rows of the plugin's tables. */
  rows(): Promise<readonly unknown[]>
  /** What the author counts. */
  given(): Promise<number | undefined>
  /** All that there is to count. */
  traces(): Promise<{ readonly rows: number; readonly given: number | undefined }>
  /** Another one of the same offer and order. */
  another(): Redemption
}

/** Looks for a redemption that a judge finds fault with, all of them against one store. */
export async function overRedemptions(
  session: ChannelSession,
  judge: (redemption: Redemption, value: ChannelCase) => Promise<string | undefined>,
): Promise<Found> {
  const opened = await openStoreFor(session)
  try {
    // Each is a handful of transactions: fewer of them than of decisions.
    const fewer = { ...session, runs: Math.max(5, Math.ceil(session.runs / 5)) }
    return await findCaseOf(fewer, channelCases(session), (value) =>
      judge(redemptionOf(session, value, opened.store), value),
    )
  } finally {
    await opened.close()
  }
}

/** What came of a call that gave something. */
export interface Given {
  readonly outcome: 'answered'
  readonly answer: Extract<Fulfilment, { outcome: 'fulfilled' }>
}

export function isGiven(effect: Effect): effect is Given {
  return effect.outcome === 'answered' && effect.answer?.outcome === 'fulfilled'
}

export function isCancelled(effect: Effect): boolean {
  return effect.outcome === 'answered' && effect.answer?.outcome === 'cancelled'
}

function redemptionOf(session: ChannelSession, value: ChannelCase, store: PluginStore): Redemption {
  const { plugin, options } = session
  const context = channelContext(value, store)
  const { id } = context.redemption
  const given = async () => options.givenFor?.(id)
  let receipt: unknown = null
  return {
    id,
    store,
    context,
    async fulfil(changed = {}) {
      const effect = await fulfil(session, { ...context, ...changed })
      if (isGiven(effect)) receipt = effect.answer.receipt
      return effect
    },
    cancel: (changed = {}) => cancel(session, { ...context, ...changed }, receipt),
    canCancel: (given) =>
      plugin.cancel !== undefined && isGiven(given) && given.answer.award === undefined,
    rows: () => rowsOf(plugin, store),
    given,
    traces: async () => ({ rows: await countRowsOf(plugin, store), given: await given() }),
    another: () => redemptionOf(session, value, store),
  }
}
