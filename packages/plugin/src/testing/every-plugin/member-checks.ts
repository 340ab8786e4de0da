import { PluginFault } from '../../isolation/plugin-fault.js'
import { runMemberChange, runNamedBy } from '../../isolation/run-member-change.js'
import type { Check, Found } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { openMemoryStore } from '../store/open-memory-store.js'

/** What holds for what a plugin does about members who are erased or merged (M8). */
export const memberChecks: readonly Check<Session>[] = [
  {
    name: 'member-changes-can-be-repeated',
    means: {
      en: 'what it does about an erased or merged member can be done again, and when there is nothing to do',
      zh: '会员注销或合并的处理可重复执行，无事可做时亦可执行',
    },
    async find({ plugin, effectDeadlineMs }): Promise<Found> {
      // Stryker disable next-line ConditionalExpression: saves a database; nothing is asked of what is not there
      if (!plugin.members) return undefined
      const { store, close } = await openMemoryStore(plugin)
      const options = { store, timeoutMs: effectDeadlineMs }
      const erased = { memberId: 'm-1', pseudonym: 'erased-1' }
      const merged = { from: 'm-2', into: 'm-3' }
      try {
        // Stryker disable next-line EqualityOperator: a third time tells no more than a second
        for (let round = 0; round < 2; round += 1) {
          await runNamedBy(plugin, 'm-1', options)
          await runMemberChange(plugin, 'erased', erased, options)
          await runMemberChange(plugin, 'merged', merged, options)
        }
        return undefined
      } catch (error) {
        // Stryker disable next-line ConditionalExpression: only a fault of the kit itself is anything else
        if (error instanceof PluginFault) return { fault: error.message.replace(/\.$/, '') }
        throw error
      } finally {
        await close()
      }
    },
  },
]
