import type { Balance, Lot } from './wallet.js'

/**
 * A lot and a balance as lists of values in a fixed order: what history is hashed over and how it
 * lies in a database, so neither depends on the order in which somebody wrote the fields down. A new
 * field comes at the end.
 */

const LOT_FIELDS = [
  'seq',
  'kind',
  'source',
  'ref',
  'granted',
  'available',
  'pending',
  'claimable',
  'held',
  'frozen',
  'earnedAt',
  'confirmAt',
  'claimMs',
  'claimBy',
  'expiresAt',
  'lapsed',
  'voided',
] as const satisfies readonly (keyof Lot)[]

const BALANCE_FIELDS = [
  'available',
  'pending',
  'claimable',
  'held',
  'frozen',
  'debt',
] as const satisfies readonly (keyof Balance)[]

/** Does not compile while a field is missing in its list. */
type Complete<All, Listed extends All> = [Exclude<All, Listed>] extends [never] ? Listed : never
type LotValue = Lot[Complete<keyof Lot, (typeof LOT_FIELDS)[number]>]
type BalanceValue = Balance[Complete<keyof Balance, (typeof BALANCE_FIELDS)[number]>]

export type PackedLot = readonly LotValue[]
export type PackedBalance = readonly BalanceValue[]

export function packLot(lot: Lot): PackedLot {
  return LOT_FIELDS.map((field) => lot[field])
}

export function unpackLot(values: PackedLot): Lot {
  return unpack(LOT_FIELDS, values) as unknown as Lot
}

export function packBalance(balance: Balance): PackedBalance {
  return BALANCE_FIELDS.map((field) => balance[field])
}

export function unpackBalance(values: PackedBalance): Balance {
  return unpack(BALANCE_FIELDS, values) as unknown as Balance
}

function unpack(fields: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  if (values.length !== fields.length) {
    throw new Error(`${values.length} values where ${fields.length} belong`)
  }
  const object: Record<string, unknown> = {}
  fields.forEach((field, place) => {
    object[field] = values[place]
  })
  return object
}
