import { type Command, isRefusal, type Ledger } from '@pointwell/ledger'
import {
  type ChannelContext,
  type PluginStore,
  type PluginWatch,
  type RedemptionChannel,
  runEffect,
} from '@pointwell/plugin'
import type { PolicyReads } from '../policy/policy-in-force.js'
import {
  captureCommand,
  keepCommand,
  MOVED_ON,
  refundCommand,
  releaseCommand,
  reviewedCommand,
  takeUpCommand,
  unknownCommand,
  unpaidCommand,
} from './redemption-commands.js'
import {
  type Redemption,
  readRedemption,
  redemptionFacts,
  redemptionId,
} from './redemption-record.js'

export interface DriveParts {
  readonly ledger: Ledger
  readonly policies: PolicyReads
  readonly channels: ReadonlyMap<string, RedemptionChannel>
  readonly storeOf: (pluginId: string) => PluginStore
  readonly watch?: PluginWatch
  /** Ends calls of channels when the server shuts down. */
  readonly signal?: AbortSignal
}

/**
 * Asks the channel to give what was redeemed, and writes down what it said. Only who holds the lease
 * calls this: the request that made the hold, or who took the redemption up. Whatever step the
 * server dies at, the record stays due and is taken up again; `fulfil` is keyed by the redemption.
 */
export async function fulfilRedemption(
  redemption: Redemption,
  parts: DriveParts,
): Promise<Redemption> {
  const channel = parts.channels.get(redemption.channel)
  if (!channel) return redemption
  const answer = await runEffect(channel, 'fulfil', contextOf(redemption, parts), options(parts))
  switch (answer.outcome) {
    case 'fulfilled':
      return write(
        redemption,
        captureCommand(redemption, { ...answer, at: parts.ledger.clock() }, parts),
        parts,
      )
    case 'refused':
      return write(redemption, releaseCommand(redemption, answer.code, parts), parts)
    case 'unknown':
      if (redemption.status !== 'held') return redemption
      return write(redemption, unknownCommand(redemption, parts), parts)
  }
}

/** Asks the channel to take it back, and writes down what it said. */
export async function cancelFulfilled(
  redemption: Redemption,
  parts: DriveParts,
): Promise<Redemption> {
  const channel = parts.channels.get(redemption.channel)
  if (!channel?.cancel) return redemption
  const context = { ...contextOf(redemption, parts), receipt: redemption.receipt }
  const answer = await runEffect(channel, 'cancel', context, options(parts))
  switch (answer.outcome) {
    case 'cancelled':
      return write(redemption, refundCommand(redemption, parts), parts)
    case 'refused':
      return write(redemption, keepCommand(redemption, answer.code, parts), parts)
    case 'unknown':
      return redemption
  }
}

/** Takes up a redemption that is due (`isEarly`: or is not yet) and drives it on; undefined when somebody else
 * has it. */
export async function takeUpRedemption(
  redemption: Redemption,
  parts: DriveParts,
  { isEarly = false }: { readonly isEarly?: boolean } = {},
): Promise<Redemption | undefined> {
  if (redemption.status === 'awaiting-payment') {
    return write(redemption, unpaidCommand(redemption, { ...parts, isDue: true }), parts)
  }
  const command =
    redemption.status === 'under-review'
      ? reviewedCommand(redemption, parts)
      : takeUpCommand(redemption, { ...parts, isEarly })
  const taken = await parts.ledger.post(command)
  if (isRefusal(taken) && taken.code !== MOVED_ON) {
    throw new Error(`The ledger refused to take up redemption ${redemption.id}: ${taken.code}.`)
  }
  if (isRefusal(taken) || taken.replayed) return undefined
  const current = await loadRedemption(redemption.id, parts.ledger)
  if (!current) return undefined
  return current.status === 'cancelling'
    ? cancelFulfilled(current, parts)
    : fulfilRedemption(current, parts)
}

export async function loadRedemption(id: string, ledger: Ledger): Promise<Redemption | undefined> {
  const record = await ledger.store.findRecord(redemptionId(id))
  return record && readRedemption(record)
}

async function write(
  redemption: Redemption,
  command: Command,
  { ledger }: DriveParts,
): Promise<Redemption> {
  const posted = await ledger.post(command)
  if (isRefusal(posted) && posted.code !== MOVED_ON) {
    throw new Error(`The ledger refused ${command.key}: ${posted.code}.`)
  }
  return (await loadRedemption(redemption.id, ledger)) ?? redemption
}

function contextOf(
  redemption: Redemption,
  { ledger, policies, storeOf }: DriveParts,
): Omit<ChannelContext<unknown, unknown, unknown>, 'signal'> {
  const now = ledger.clock()
  const { document, calendar } = policies.at(now)
  return {
    settings: document.channels[redemption.channel]?.settings,
    offer: redemption.offer,
    redemption: redemptionFacts(redemption),
    calendar,
    now,
    store: storeOf(redemption.channel),
  }
}

function options({ ledger, policies, watch, signal }: DriveParts) {
  const { timeoutSeconds } = policies.at(ledger.clock()).document.redemption
  return {
    timeoutMs: timeoutSeconds * 1_000,
    ...(watch && { watch }),
    ...(signal && { signal }),
  }
}
