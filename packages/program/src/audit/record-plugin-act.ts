import type { SqlConnection } from '@pointwell/ledger'
import type { RecordedAct } from '@pointwell/plugin'
import { selectMembers } from '../member/member-rows.js'
import type { NewAuditEntry } from './audit-entry.js'
import type { Audit } from './open-audit.js'

/**
 * An operator's act on a plugin's own tables, in the transaction of it. What is a member's is forgotten with
 * it; of one that is about to be no more the words are not even written, for its erasure (M8) may have gone
 * past here already. A plugin that changes what is the member's before it comes here is changed by the
 * erasure after it, so that one of the two sees the other.
 */
export async function recordPluginAct(
  connection: SqlConnection,
  {
    done,
    entry: { member: id = null, ...entry },
    audit,
  }: {
    readonly done: Omit<NewAuditEntry, 'target' | 'member' | 'before' | 'after' | 'key'>
    readonly entry: RecordedAct
    readonly audit: Pick<Audit, 'record'>
  },
): Promise<void> {
  const wallet = id === null ? null : (await selectMembers(connection, [id])).get(id)?.wallet
  const reason = wallet === undefined ? null : done.reason
  await audit.record(connection, [{ ...done, ...entry, reason, member: wallet ?? null }])
}
