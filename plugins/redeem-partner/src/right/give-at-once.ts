import { randomInt } from 'node:crypto'
import type { Calendar, PluginStore } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { changeBalance } from '../store/balance.js'
import { findFreeCodes, takeCode } from '../store/code-pool.js'
import { findOrInsertRight, findRight, insertRight, lastEndOf } from '../store/right-table.js'
import { neverGiven } from './new-right.js'
import type { Right } from './right.js'
import { postCharge } from './settle-right.js'

/** Each lost round means that somebody else took a code: as many at once are not served. */
const MOST_ROUNDS = 100
/** Of so many free codes one is tried, so that many at once seldom want the same. */
const CHOICE = 64

type Outcome = 'given' | 'no-funds' | 'taken'
type Give = (manager: EntityManager) => Promise<Right | undefined>

/**
 * Gives a code of the pool: the counter, the code's row, the redemption's and the charge are written
 * in one transaction, so that none is without the others. Where the pool is empty, or what was paid is
 * used up, that is written down too, and stays so: the points may be back by the time more comes.
 */
export async function givePoolCode(store: PluginStore, right: Right, now: number): Promise<Right> {
  const { partnerId, offerId, redemptionId } = right
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const known = await findRight(store, redemptionId)
    if (known) return known
    const free = await findFreeCodes(store, { partnerId, offerId, limit: CHOICE })
    if (free.length === 0) return findOrInsertRight(store, neverGiven(right, 'PARTNER_SOLD_OUT'))
    const code = free[randomInt(free.length)] as string
    const outcome = await tryToGive(store, right, async (manager) => {
      const isTaken = await takeCode(manager, { offerId, code, redemptionId })
      return isTaken ? { ...right, status: 'given', code, givenAt: now } : undefined
    })
    if (outcome === 'no-funds') {
      return findOrInsertRight(store, neverGiven(right, 'PARTNER_OUT_OF_FUNDS'))
    }
  }
  throw new Error('Every free code was taken by somebody else.')
}

/** Gives a privilege for its days, from now on or from the end of the one that the member has. */
export async function givePrivilege(
  store: PluginStore,
  right: Right,
  {
    days,
    calendar,
    now,
  }: {
    readonly days: number
    readonly calendar: Calendar
    readonly now: number
  },
): Promise<Right> {
  const outcome = await tryToGive(store, right, async (manager) => {
    const startsAt = Math.max(now, (await lastEndOf(manager, right)) ?? now)
    const endsAt = endOf(startsAt, { days, calendar, isFresh: startsAt === now })
    return { ...right, status: 'given', givenAt: now, startsAt, endsAt }
  })
  if (outcome === 'no-funds') {
    return findOrInsertRight(store, neverGiven(right, 'PARTNER_OUT_OF_FUNDS'))
  }
  const given = await findRight(store, right.redemptionId)
  if (!given) throw new Error('A privilege that was given is gone.')
  return given
}

/** The end of a day: of the last of so many after the day it was given on, or after the one before. */
function endOf(
  startsAt: number,
  {
    days,
    calendar,
    isFresh,
  }: { readonly days: number; readonly calendar: Calendar; readonly isFresh: boolean },
): number {
  const first = calendar.dateOf(startsAt)
  return calendar.endOf(calendar.addDays(first, isFresh ? days : days - 1))
}

/** The counter first, which locks all that is the partner's; then what is given, and its charge. */
async function tryToGive(
  store: PluginStore,
  { partnerId, costMinor }: Right,
  give: Give,
): Promise<Outcome> {
  try {
    return await store.write(async (manager) => {
      const charge = { partnerId, balanceMinor: -costMinor }
      const isPaid = await changeBalance(manager, { ...charge, keepsFloor: true })
      if (!isPaid) return 'no-funds'
      const given = await give(manager)
      if (!given) throw new Taken()
      await insertRight(manager, given)
      await postCharge(manager, given)
      return 'given'
    })
  } catch (error) {
    // The redemption has its row, or its code, from another call, or the code is gone.
    if (error instanceof Taken || store.isDuplicateKey(error)) return 'taken'
    throw error
  }
}

/** Somebody else has the code: nothing of the transaction stays. */
class Taken extends Error {}
