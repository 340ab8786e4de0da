import type { PluginJobContext } from '@pointwell/plugin'
import { findDueRounds } from '../store/game-stake-table.js'
import { payRound } from './pay-round.js'

/** Rounds of one look. */
const AT_ONCE = 20

/**
 * Pays on where the payments of a round broke off, or were refused; answers with how many rounds were looked at.
 * One that fails is told of and stays due, and holds up no other.
 */
export async function payDueRounds({
  program,
  store,
  now,
  signal,
  report,
}: PluginJobContext): Promise<number> {
  const failed = new Set<string>()
  let looked = 0
  while (!signal.aborted) {
    const rounds = await findDueRounds(store, { now, limit: AT_ONCE + failed.size })
    const left = rounds.filter(({ id }) => !failed.has(id))
    if (left.length === 0) break
    for (const round of left) {
      if (signal.aborted) break
      looked += 1
      try {
        await payRound(program, { round, now })
      } catch (fault) {
        failed.add(round.id)
        report(`round ${round.id}`, fault)
      }
    }
  }
  return looked
}
