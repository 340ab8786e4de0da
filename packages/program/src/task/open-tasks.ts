import { groupReads, type Ledger } from '@pointwell/ledger'
import type { EarnSource, PluginWatch } from '@pointwell/plugin'
import { type BudgetState, readBudgets } from '../budget/budget-state.js'
import type { MemberProfile } from '../member/member-facts.js'
import { type ProgrammeMemo, readMemo } from '../memo/programme-memo.js'
import type { Pauses } from '../pause/open-pauses.js'
import { openReadings } from '../plugin-list/open-readings.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type MemberTask, readTasks } from './read-tasks.js'

/** What a member can earn by (E14), of sources that are not paused; null: there is no such member. Two
 * statements, and one where the policy has budgets, shared by whoever asks side by side. */
export type ReadMemberTasks = (memberId: string) => Promise<readonly MemberTask[] | null>

export function openTasks(parts: {
  readonly ledger: Pick<Ledger, 'store' | 'clock'>
  readonly policies: PolicyReads
  readonly sources: readonly EarnSource[]
  readonly pauses: Pick<Pauses, 'isPaused'>
  readonly findProfile: (id: string) => Promise<MemberProfile | undefined>
  readonly watch?: PluginWatch | undefined
}): ReadMemberTasks {
  const { ledger, policies, pauses, watch } = parts
  const readings = openReadings()
  const findMemo = groupReads(async (wallets: readonly number[]) => {
    const found = await ledger.store.findWallets(wallets)
    const byId = new Map(found.map(({ id, memo }) => [id, readMemo(memo)]))
    return (id): ProgrammeMemo => byId.get(id) ?? readMemo({})
  })
  // The same for all members: whoever asks side by side shares one look at them.
  const findBudgets = groupReads(async (versions: readonly number[]) => {
    const at = ledger.clock()
    const found = new Map<number, readonly BudgetState[]>()
    for (const version of new Set(versions)) {
      const policy = policies.get(version)
      found.set(version, await readBudgets((ids) => ledger.store.findCounters(ids), { policy, at }))
    }
    return (version) => found.get(version) ?? []
  })
  return async (memberId) => {
    const member = await parts.findProfile(memberId)
    if (!member) return null
    const memo = await findMemo(member.wallet)
    const now = ledger.clock()
    const policy = policies.at(now)
    const budgets = await findBudgets(policy.version)
    const sources = parts.sources.filter(({ id }) => pauses.isPaused(id, member.pauses) === null)
    return readTasks({ sources, member, memo, policy, budgets, now, readings, watch })
  }
}
