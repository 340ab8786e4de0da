import { retell, type Telling } from '../chain/retell.js'
import type { JsonObject } from '../posting/json.js'
import type { LedgerRecord, LedgerTransaction } from '../posting/posting.js'

/** How everything that lies with a wallet is told from now on (M8). Pure; what it hands back as it was
 * stays as it was. No key, and no ref of a kind of record, may become one that there is already. */
export interface Retelling {
  transaction(tx: LedgerTransaction): Telling
  record(record: LedgerRecord): Pick<LedgerRecord, 'ref' | 'body' | 'dueAt'>
  /** What a lot came from. */
  ref(text: string): string
  memo(memo: JsonObject): JsonObject
  /** Null: there is nothing to do about it any more. */
  notice(topic: string, body: JsonObject): JsonObject | null
}

export function retold(tx: LedgerTransaction, retelling: Retelling): LedgerTransaction | undefined {
  return retell(tx, { tell: retelling.transaction, ref: retelling.ref })
}

/** Undefined: it is as it was. */
export function retoldRecord(record: LedgerRecord, retelling: Retelling): LedgerRecord | undefined {
  const { ref, body, dueAt } = retelling.record(record)
  const isSame = ref === record.ref && dueAt === record.dueAt && isSameJson(body, record.body)
  return isSame ? undefined : { ...record, ref, body, dueAt }
}

export function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
