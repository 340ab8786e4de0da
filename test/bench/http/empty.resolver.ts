import { purchase } from '@pointwell/earn-purchase'
import type { LedgerTransaction } from '@pointwell/ledger'
import { transactionType } from '@pointwell/plugin/graphql'
import { Arg, Extensions, Float, getMetadataStorage, Mutation, Query, Resolver } from 'type-graphql'

/*
 * Mutations that do nothing, on the very server that is measured: what is left of a request when the
 * work is taken out of it.
 */

const metadata = getMetadataStorage()
const input = getOne(metadata.inputTypes, ({ name }) => name === 'RecordPurchaseInput').target
const recorded = getOne(metadata.objectTypes, ({ name }) => name === 'PurchaseRecorded').target
const result = getOne(metadata.unions, ({ name }) => name === 'RecordPurchaseResult').symbol

const balance = { available: 588, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }
const transaction = {
  id: '1-2',
  wallet: 1,
  version: 2,
  type: 'grant',
  reason: 'purchase',
  before: balance,
  balance,
  explanation: [],
  recordedAt: 0,
  effectiveAt: 0,
} as unknown as LedgerTransaction

/** What `recordPurchase` would answer, made once. */
const constant = Object.assign(Object.create(recorded.prototype), {
  transaction: transactionType(transaction),
  points: 294,
  replayed: false,
})

@Resolver()
export class EmptyResolver {
  /** The same order in, the same answer out. */
  @Mutation(() => result)
  @Extensions({ access: ['storefront'] })
  benchSame(@Arg('input', () => input) _input: object): object {
    return constant
  }

  @Mutation(() => Boolean)
  @Extensions({ access: ['storefront'] })
  benchBare(): boolean {
    return true
  }

  /** Bytes of the heap that are in use once what is not has been thrown away. Wants `--expose-gc`. */
  @Query(() => Float)
  @Extensions({ access: ['storefront'] })
  benchHeap(): number {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed
  }
}

function getOne<T>(from: readonly T[], fits: (one: T) => boolean): T {
  const found = from.find(fits)
  if (!found) throw new Error(`The plugin ${purchase.id} has changed its types.`)
  return found
}
