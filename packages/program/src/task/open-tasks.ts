import { groupReads, type Ledger } from '@pointwell/ledger'
import type { EarnSource, ReportFault } from '@pointwell/plugin'
import type { MemberProfile } from '../member/member-facts.js'
import { type ProgrammeMemo, readMemo } from '../memo/programme-memo.js'
import type { Pauses } from '../pause/open-pauses.js'
import { openReadings } from '../plugin-list/open-readings.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type MemberTask, readTasks } from './read-tasks.js'

/** What a member can earn by (E14), of sources that are not paused; null: there is no such member. Two
 * statements, shared by whoever asks side by side. */
export type ReadMemberTasks = (memberId: string) => Promise<readonly MemberTask[] | null>

export function openTasks(parts: {
  readonly ledger: Pick<Ledger, 'store' | 'clock'>
  readonly policies: PolicyReads
  readonly sources: readonly EarnSource[]
  readonly pauses: Pick<Pauses, 'isPaused'>
  readonly findProfile: (id: string) => Promise<MemberProfile | undefined>
  readonly report?: ReportFault | undefined
}): ReadMemberTasks {
  const { ledger, policies, pauses, report } = parts
  const readings = openReadings()
  const findMemo = groupReads(async (wallets: readonly number[]) => {
    const found = await ledger.store.findWallets(wallets)
    const byId = new Map(found.map(({ id, memo }) => [id, readMemo(memo)]))
    return (id): ProgrammeMemo => byId.get(id) ?? readMemo({})
  })
  return async (memberId) => {
    const member = await parts.findProfile(memberId)
    if (!member) return null
    const memo = await findMemo(member.wallet)
    const now = ledger.clock()
    const sources = parts.sources.filter(({ id }) => pauses.isPaused(id, member.pauses) === null)
    return readTasks({ sources, member, memo, policy: policies.at(now), now, readings, report })
  }
}
