import type { PluginStore } from '../../contract/plugin.js'
import type { Check, Found } from '../run/finding.js'
import type { AnyContext, ChannelSession, Effect } from './channel-case.js'
import type { InjectedFault } from './channel-options.js'
import { findDifference } from './once-checks.js'
import { isCancelled, isGiven, overRedemptions, type Redemption } from './over-redemptions.js'

/** What holds when nobody can say whether something was done. */
export const unknownChecks: readonly Check<ChannelSession>[] = [
  {
    name: 'unknown-is-not-failure',
    means: {
      en: 'where an answer is lost, fulfil and cancel do not say no; asked again they end it, once',
      zh: '答复丢失时兑付与撤销不得视为失败；再次询问时完成且只完成一次',
    },
    async find(session) {
      const faults = [
        ...storeFaults(),
        ...Object.entries(session.options.faults ?? {}).map(([name, it]) => injected(name, it)),
      ]
      for (const fault of faults) {
        const found = await findFailure(session, fault)
        if (found) return found
      }
      return undefined
    },
  },
]

/** Something that goes wrong while one call runs. */
interface Trouble {
  readonly name: string
  during(
    redemption: Redemption,
    call: (changed: Partial<AnyContext>) => Promise<Effect>,
  ): Promise<Effect>
}

function findFailure(session: ChannelSession, trouble: Trouble): Promise<Found> {
  return overRedemptions(session, async (it) => {
    // What is refused anyway says nothing.
    if (!isGiven(await it.another().fulfil())) return undefined
    const lost = await trouble.during(it, (changed) => it.fulfil(changed))
    const answer = findOtherThan('fulfilled', lost)
    if (answer) return `fulfil answers ${answer} where ${trouble.name}`
    const known = await it.fulfil()
    if (!isGiven(known)) return `after ${trouble.name}, fulfil gives nothing`
    const fault = findDifference(known, await it.fulfil())
    if (fault) return `after ${trouble.name}: ${fault}`
    const given = await it.given()
    if (given !== undefined && given !== 1) return `after ${trouble.name}, it has given ${given}`
    if (!it.canCancel(known)) return undefined
    if (!isCancelled(await cancelAnother(it))) return undefined
    const back = await trouble.during(it, (changed) => it.cancel(changed))
    const refusal = findOtherThan('cancelled', back)
    if (refusal) return `cancel answers ${refusal} where ${trouble.name}`
    return isCancelled(await it.cancel())
      ? undefined
      : `after ${trouble.name}, cancel takes nothing back`
  })
}

async function cancelAnother(redemption: Redemption): Promise<Effect> {
  const other = redemption.another()
  await other.fulfil()
  return other.cancel()
}

/** What a call answers that is neither done nor unknown: a no, or nothing that means anything. */
function findOtherThan(done: 'fulfilled' | 'cancelled', effect: Effect): string | undefined {
  if (effect.outcome !== 'answered') return undefined
  const outcome = String(effect.answer?.outcome)
  return outcome === done || outcome === 'unknown' ? undefined : outcome
}

class LostConnection extends Error {
  override readonly name = 'LostConnection'
}

/** What can befall a database: before it did anything, and after. */
function storeFaults(): Trouble[] {
  const lost = () => {
    throw new LostConnection('the connection is gone')
  }
  const over = (name: string, change: (store: PluginStore) => Partial<PluginStore>): Trouble => ({
    name,
    during: ({ store }, call) => call({ store: { ...store, ...change(store) } }),
  })
  return [
    over('a transaction is written and its answer lost', ({ write }) => ({
      write: async (work) => {
        await write(work)
        return lost()
      },
    })),
    over('nothing can be written', () => ({ write: async () => lost() })),
    over('nothing can be read', () => ({ read: async () => lost() })),
  ]
}

function injected(name: string, { inject, mend }: InjectedFault): Trouble {
  return {
    name,
    async during(_, call) {
      await inject()
      try {
        return await call({})
      } finally {
        await mend()
      }
    },
  }
}
