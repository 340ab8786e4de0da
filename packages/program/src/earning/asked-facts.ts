import { type LedgerRecord, type RecordId, recordKey } from '@pointwell/ledger'
import type { EarnedRecord, EarnSource, OtherMember } from '@pointwell/plugin'
import { type EarnBody, earnedRecord, readEarnBody } from './earn-record.js'

/** What a source's decision has to see besides its own member, ready to be read under the lock. */
export interface AskedFacts {
  readonly acts: readonly (AskedRecord | null)[]
  readonly others: readonly (OtherMember | null)[]
}

/** Where an act is kept, and whose it has to be. */
export interface AskedRecord {
  /** More than one where the member went by other ids before. */
  readonly ids: readonly RecordId[]
  readonly memberId: string
}

export const NOTHING_ASKED: AskedFacts = { acts: [], others: [] }

export function askedRecords({ acts }: AskedFacts): RecordId[] {
  return acts.flatMap((act) => act?.ids ?? [])
}

/** What is kept of the acts as a view has them. */
export function actsSeen(
  { acts }: AskedFacts,
  { records, now }: { records: ReadonlyMap<string, LedgerRecord>; now: number },
): (EarnedRecord | null)[] {
  return acts.map((act) => {
    for (const id of act?.ids ?? []) {
      const record = records.get(recordKey(id))
      const body = record && readEarnBody(record)
      if (body && body.memberId === act?.memberId) return earnedRecord(body, now)
    }
    return null
  })
}

/** What goes into the event's own record: only where a return may ask for it again. */
export function seenToKeep(
  source: EarnSource,
  seen: { acts: readonly (EarnedRecord | null)[]; others: readonly (OtherMember | null)[] },
): Pick<EarnBody, 'seen'> {
  return source.asks && source.returns ? { seen } : {}
}
