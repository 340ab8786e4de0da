import { recordKey } from '../posting/posting.js'
import { freezeCopy } from './freeze-copy.js'
import type { MemoryTables } from './memory-tables.js'
import { isSameJson, type Retelling, retold, retoldRecord } from './retelling.js'

/** As `retellWallet` does it in a database. All of it is made before any of it is put in place. */
export function retellInMemory(tables: MemoryTables, wallet: number, retelling: Retelling): number {
  const found = tables.wallets.get(wallet)
  if (!found) return 0
  const memo = freezeCopy(retelling.memo(found.memo))
  const history = (tables.histories.get(wallet) ?? []).flatMap((tx) => {
    const told = retold(tx, retelling)
    return told ? [{ key: tx.key, told: freezeCopy(told) }] : []
  })
  const lots = [...(tables.lots.get(wallet)?.values() ?? [])].flatMap((lot) => {
    const ref = lot.ref === null ? null : retelling.ref(lot.ref)
    return ref === lot.ref ? [] : [freezeCopy({ ...lot, ref })]
  })
  const records = [...tables.records.values()].flatMap((record) => {
    const told = record.wallet === wallet ? retoldRecord(record, retelling) : undefined
    return told ? [{ before: recordKey(record), told: freezeCopy(told) }] : []
  })
  const isOtherMemo = !isSameJson(memo, found.memo)
  if (isOtherMemo) tables.wallets.set(wallet, Object.freeze({ ...found, memo }))
  for (const { key, told } of history) {
    tables.histories.get(wallet)![told.version - 1] = told
    tables.byKey.delete(key)
    tables.byKey.set(told.key, told)
  }
  for (const lot of lots) tables.lots.get(wallet)!.set(lot.seq, lot)
  for (const { before, told } of records) {
    tables.records.delete(before)
    tables.records.set(recordKey(told), told)
  }
  const notices = tables.notices.retell(wallet, (topic, body) => retelling.notice(topic, body))
  return (isOtherMemo ? 1 : 0) + history.length + lots.length + records.length + notices
}
