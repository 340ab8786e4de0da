import type { LedgerBooks } from '@pointwell/ledger'
import { REFUND, readRedemption } from '../redemption/redemption-record.js'
import { readTransfer, TRANSFER } from '../transfer/transfer-record.js'

const PAGE = 200
/** As many as a reader can do something about. */
const MOST_NAMED = 5

/** What of a wallet is still under way with others: redemptions whose channel has not answered or whose money
 * is to be given back, transfers that have not arrived. Each a sentence for whoever asked. */
export async function findOpenBusiness(store: LedgerBooks, wallet: number): Promise<string[]> {
  const open = [
    ...(await openRefs(store, wallet, 'redemption')).map((record) => {
      const { id, status } = readRedemption(record)
      return `The redemption ${id} is ${status}.`
    }),
    ...(await openRefs(store, wallet, REFUND)).map(
      ({ ref }) => `The money of the redemption ${ref} is not given back.`,
    ),
    ...(await openRefs(store, wallet, TRANSFER)).map(
      (record) => `The transfer ${readTransfer(record).id} has not arrived.`,
    ),
  ]
  return open.length > MOST_NAMED
    ? [...open.slice(0, MOST_NAMED), `And ${open.length - MOST_NAMED} more.`]
    : open
}

async function openRefs(store: LedgerBooks, wallet: number, kind: string) {
  const open = []
  for (let beforeRef: string | null = null; ; ) {
    const page: Awaited<ReturnType<LedgerBooks['findRecordsOf']>> = await store.findRecordsOf(
      wallet,
      kind,
      { beforeRef, limit: PAGE },
    )
    open.push(...page.filter(({ dueAt }) => dueAt !== null))
    if (page.length < PAGE) return open
    beforeRef = page.at(-1)!.ref
  }
}
