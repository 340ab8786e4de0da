import type { EntityManager } from 'typeorm'
import type { PluginStore } from '../contract/plugin.js'

/** As many rounds as imports of the same rows could meet; each begins again where it lost. */
const MOST_ROUNDS = 10

/** Writes rows that somebody else may be writing at this moment: where one is there by now the work begins
 * again, and finds it. */
export async function writeOnce<T>(
  store: PluginStore,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await store.write(work)
    } catch (error) {
      if (!store.isDuplicateKey(error) || round === MOST_ROUNDS) throw error
    }
  }
}
