import { addToCounter, type Draft, getCounter, needCounters } from '@pointwell/ledger'
import type { BudgetInForce } from './budget-in-force.js'

/*
 * A budget is one number that every server takes from. In one row, each would wait for all others'
 * commits; so it lies in shards, and each shard has some of what is left. A grant takes from the
 * shard that its lane of its server uses, and waits for nobody. Where that is not enough, it locks
 * all shards (in the order of their names, like everybody) and shares out anew what is left of the
 * whole: so nothing is granted beyond it, and nothing is withheld while there is any.
 *
 * A shard's counters: `room`, what it may give; `limit`, the budget that all rooms and all that was
 * granted add up to, plus one (0: never opened), below zero where nothing is left anywhere; `since`,
 * the version of the policy that said so. Used is the limit less the sum of the rooms. Where a
 * limit was lowered below what is used, the first shard's room is what is missing, below zero.
 *
 * A change of the policy is seen by whoever grants next, in any shard: its limit is another than the
 * shard's, and it shares out anew. A server that has not heard of it yet finds a newer version in its
 * shard, and keeps to that one's limit.
 */

/** Servers that take from shards of their own, and lanes of each. */
export const SLOTS = 4
const LANES = 4
const SHARDS = SLOTS * LANES
const FIELDS = ['limit', 'room', 'since'] as const

interface Shard {
  /** Null: never opened. */
  readonly limit: number | null
  readonly room: number
  readonly since: number
  /** Nothing is left anywhere. */
  readonly isDry: boolean
}

/** The shard for a wallet's grants on a server that has this slot. Wallets of one lane share it. */
export function shardOf(wallet: number, slot: number): number {
  return (slot % SLOTS) * LANES + (Math.abs(wallet) % LANES)
}

/** The counters that a grant looks at first. */
export function countersOf(name: string, shard: number): string[] {
  return FIELDS.map((field) => counterId(name, shard, field))
}

/** All counters of a budget. */
export function allCountersOf(name: string): string[] {
  return Array.from({ length: SHARDS }, (_, shard) => countersOf(name, shard)).flat()
}

/** How many of `wanted` points a budget has; in the draft, the shard can give those then. Throws
 * `CountersNotLoaded` where it has to look at more shards than are locked. */
export function roomFor(
  draft: Draft,
  { name, limit, version }: Pick<BudgetInForce, 'name' | 'limit' | 'version'>,
  { shard, wanted }: { shard: number; wanted: number },
): number {
  needCounters(draft, countersOf(name, shard))
  const own = readShard(draft, name, shard)
  const isOld = own.limit === null || (own.limit !== limit && own.since <= version)
  if (!isOld && own.isDry) return 0
  if (!isOld && own.room >= wanted) return wanted
  needCounters(draft, allCountersOf(name))
  const whole = isOld ? { limit, since: version } : { limit: own.limit!, since: own.since }
  const used = own.limit === null ? 0 : own.limit - roomOfAll(draft, name)
  const left = whole.limit - used
  shareOut(draft, name, { ...whole, left, shard, wanted })
  return Math.max(0, Math.min(wanted, left))
}

/** Takes what `roomFor` found. */
export function takeFrom(
  draft: Draft,
  name: string,
  { shard, points }: { shard: number; points: number },
): void {
  addToCounter(draft, counterId(name, shard, 'room'), -points)
}

/** Puts back what was taken. Where everybody was told that nothing is left, everybody has to hear of
 * it. */
export function giveBack(
  draft: Draft,
  name: string,
  { shard, points }: { shard: number; points: number },
): void {
  needCounters(draft, countersOf(name, shard))
  const { limit, since, isDry } = readShard(draft, name, shard)
  if (limit === null) throw new Error(`The budget ${name} was never opened, and gets points back.`)
  if (!isDry) {
    addToCounter(draft, counterId(name, shard, 'room'), points)
    return
  }
  needCounters(draft, allCountersOf(name))
  const left = roomOfAll(draft, name) + points
  shareOut(draft, name, { limit, since, left, shard, wanted: 0 })
}

/** What a budget's counters say: what it was at the last grant, and what is used of it. */
export function usedOf(
  counters: ReadonlyMap<string, number>,
  name: string,
): { readonly limit: number | null; readonly used: number } {
  const value = (shard: number, field: (typeof FIELDS)[number]) =>
    counters.get(counterId(name, shard, field)) ?? 0
  const stored = value(0, 'limit')
  if (stored === 0) return { limit: null, used: 0 }
  const limit = Math.abs(stored) - 1
  const rooms = Array.from({ length: SHARDS }, (_, shard) => value(shard, 'room'))
  return { limit, used: limit - rooms.reduce((sum, room) => sum + room, 0) }
}

function shareOut(
  draft: Draft,
  name: string,
  {
    limit,
    since,
    left,
    shard: own,
    wanted,
  }: { limit: number; since: number; left: number; shard: number; wanted: number },
): void {
  const isDry = left <= 0
  const first = isDry ? 0 : Math.min(wanted, left)
  const share = isDry ? 0 : Math.floor((left - first) / SHARDS)
  const rest = left - first - share * SHARDS
  for (let shard = 0; shard < SHARDS; shard++) {
    // What cannot be shared goes to who asks; what is missing lies with the first.
    const odd = isDry ? (shard === 0 ? left : 0) : shard === own ? first + rest : 0
    setTo(draft, counterId(name, shard, 'room'), share + odd)
    setTo(draft, counterId(name, shard, 'limit'), isDry ? -(limit + 1) : limit + 1)
    setTo(draft, counterId(name, shard, 'since'), since)
  }
}

function readShard(draft: Draft, name: string, shard: number): Shard {
  const stored = getCounter(draft, counterId(name, shard, 'limit'))
  return {
    limit: stored === 0 ? null : Math.abs(stored) - 1,
    room: getCounter(draft, counterId(name, shard, 'room')),
    since: getCounter(draft, counterId(name, shard, 'since')),
    isDry: stored < 0,
  }
}

function roomOfAll(draft: Draft, name: string): number {
  let sum = 0
  for (let shard = 0; shard < SHARDS; shard++) {
    sum += getCounter(draft, counterId(name, shard, 'room'))
  }
  return sum
}

function setTo(draft: Draft, id: string, value: number): void {
  const delta = value - getCounter(draft, id)
  if (delta !== 0) addToCounter(draft, id, delta)
}

function counterId(name: string, shard: number, field: (typeof FIELDS)[number]): string {
  return `budget:${name}:${String(shard).padStart(2, '0')}:${field}`
}
