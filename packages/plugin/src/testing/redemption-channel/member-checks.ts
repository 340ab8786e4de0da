import { runMemberChange } from '../../isolation/run-member-change.js'
import type { Check } from '../run/finding.js'
import type { ChannelSession } from './channel-case.js'
import { isGiven, overRedemptions } from './over-redemptions.js'

/** What holds for members in a channel's tables (M8). */
export const memberChecks: readonly Check<ChannelSession>[] = [
  {
    name: 'erased-members-stand-nowhere',
    means: {
      en: 'after a member is erased its id stands in none of the plugin’s tables, and its rows are still there',
      zh: '会员注销后，其 id 不再出现在插件的任何表中，而记录仍在',
    },
    find: (session) =>
      overRedemptions(session, async (it) => {
        const { plugin, effectDeadlineMs } = session
        const { store } = it
        const memberId = `gone-${it.id}`
        const given = await it.fulfil({ redemption: { ...it.context.redemption, memberId } })
        const before = await it.rows()
        if (!isGiven(given) || !names(before, memberId)) return undefined
        if (!plugin.members) return 'it keeps ids of members, and does nothing when one is erased'
        const erased = { memberId, pseudonym: `erased-${it.id}` }
        const options = { store, timeoutMs: effectDeadlineMs }
        // Stryker disable next-line EqualityOperator: a third time tells no more than a second
        for (let round = 0; round < 2; round += 1) {
          await runMemberChange(plugin, 'erased', erased, options)
          if (names(await it.rows(), memberId))
            return 'an erased member’s id still stands in its tables'
        }
        return undefined
      }),
  },
]

function names(rows: readonly unknown[], memberId: string): boolean {
  return JSON.stringify(rows).includes(memberId)
}
