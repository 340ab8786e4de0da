import type { PluginStore } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import type { Decided, Right } from '../right/right.js'
import { findRight, replaceRight } from './right-table.js'

/** Each lost round means that somebody else changed it; it has no life for so many. */
const MOST_ROUNDS = 100

/**
 * Changes what a redemption came to, by a pure decision over what it is now: of several at once
 * exactly one is written, and the others decide again over what that one left. `written` runs in the
 * transaction of the change, before the row itself is written: it locks the partner's counter first.
 * Throws where there is none.
 */
export async function changeRight(
  store: PluginStore,
  {
    redemptionId,
    decide,
    written,
  }: {
    readonly redemptionId: string
    readonly decide: (right: Right) => Decided
    readonly written?: (manager: EntityManager, after: Right, before: Right) => Promise<void>
  },
): Promise<Decided> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = await findRight(store, redemptionId)
    if (!before) throw new Error(`What redemption ${redemptionId} came to is gone.`)
    const decided = decide(before)
    if (!decided.isNew) return decided
    try {
      await store.write(async (manager) => {
        await written?.(manager, decided.right, before)
        if (!(await replaceRight(manager, decided.right))) throw new MovedOn()
      })
      return decided
    } catch (error) {
      // A posting that is there already says the same.
      if (!(error instanceof MovedOn) && !store.isDuplicateKey(error)) throw error
    }
  }
  throw new Error('A right changed all the time, so that this change never came to its turn.')
}

/** Somebody else was first: nothing of the transaction stays. */
class MovedOn extends Error {}
