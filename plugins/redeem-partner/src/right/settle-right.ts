import type { PluginStore } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { changeBalance } from '../store/balance.js'
import { changeRight } from '../store/change-right.js'
import { voidGivenCode } from '../store/code-pool.js'
import { postEntry } from '../store/post-entry.js'
import { changed, type Right, unchanged } from './right.js'

/** Who settles what became of an order: the API's answer, or an operator. */
export interface Settling {
  /** Only then; absent: always. */
  readonly when?: (right: Right) => boolean
  /** Run in the transaction of it. */
  readonly record?: RightRecord
}
export type RightRecord = (manager: EntityManager, after: Right, before: Right) => Promise<void>

/**
 * The partner's API gave it: what was set aside is charged, in the transaction of the giving. Answers
 * with the right as it is by then.
 */
export async function settleGiven(
  store: PluginStore,
  redemptionId: string,
  {
    code,
    endsAt,
    now,
  }: { readonly code: string | null; readonly endsAt: number | null; readonly now: number },
  { when = always, record }: Settling = {},
): Promise<Right> {
  const { right } = await changeRight(store, {
    redemptionId,
    decide: (right) =>
      right.status === 'asking' && when(right)
        ? changed(right, { status: 'given', code, endsAt, givenAt: now, askedUntil: 0 })
        : unchanged(right),
    async written(manager, right, before) {
      const { partnerId, costMinor } = right
      const charged = { balanceMinor: -costMinor, reservedMinor: -costMinor }
      await changeBalance(manager, { partnerId, ...charged })
      await postCharge(manager, right)
      await record?.(manager, right, before)
    },
  })
  return right
}

/** The partner's API said no: what was set aside is free again. */
export async function settleRefused(
  store: PluginStore,
  redemptionId: string,
  { when = always, record }: Settling = {},
): Promise<Right> {
  const { right } = await changeRight(store, {
    redemptionId,
    decide: (right) =>
      right.status === 'asking' && when(right)
        ? changed(right, { status: 'refused', refusal: 'PARTNER_REFUSED', askedUntil: 0 })
        : unchanged(right),
    async written(manager, right, before) {
      const { partnerId, costMinor } = right
      await changeBalance(manager, { partnerId, reservedMinor: -costMinor })
      await record?.(manager, right, before)
    },
  })
  return right
}

/** It was taken back: the charge is reversed in the transaction of that. */
export async function settleVoid(
  store: PluginStore,
  redemptionId: string,
  now: number,
  { when = always, record }: Settling = {},
): Promise<Right> {
  const { right } = await changeRight(store, {
    redemptionId,
    decide: (right) =>
      (right.status === 'given' || right.status === 'cancelling') && when(right)
        ? changed(right, { status: 'void', voidedAt: now, askedUntil: 0 })
        : unchanged(right),
    async written(manager, right, before) {
      const { partnerId, costMinor, offerId, source } = right
      await changeBalance(manager, { partnerId, balanceMinor: costMinor })
      if (source === 'pool') await voidGivenCode(manager, redemptionId)
      const amountMinor = costMinor
      const of = { name: redemptionId, redemptionId, offerId, partnerId }
      await postEntry(manager, { ...of, kind: 'reversal', amountMinor, at: now })
      await record?.(manager, right, before)
    },
  })
  return right
}

/** The one line of a redemption that was given. */
export async function postCharge(manager: EntityManager, right: Right): Promise<void> {
  const { redemptionId, offerId, partnerId, costMinor, givenAt } = right
  if (givenAt === null) throw new Error('Only what was given is charged.')
  await postEntry(manager, {
    name: redemptionId,
    kind: 'charge',
    partnerId,
    amountMinor: 0 - costMinor,
    redemptionId,
    offerId,
    at: givenAt,
  })
}

function always(): boolean {
  return true
}
