import type { LedgerBooks } from '@pointwell/ledger'
import { REFUND, type Redemption, readRedemption, redemptionId } from './redemption-record.js'

/** A place in the list of money that is owed: since when, and of two at once their redemptions. */
export interface RefundPlace {
  readonly at: number
  readonly id: string
}

/** Redemptions whose money is to be given back (R4), the longest owed first: as much as is owed, however much
 * was ever redeemed. */
export async function findRefundsDue(
  books: LedgerBooks,
  { after, limit }: { readonly after: RefundPlace | null; readonly limit: number },
): Promise<{ redemption: Redemption; place: RefundPlace }[]> {
  const place = after && { dueAt: after.at, ref: after.id }
  const owed = await books.findDueRecords(REFUND, Number.MAX_SAFE_INTEGER, limit, place)
  const records = await books.findRecords(owed.map(({ ref }) => redemptionId(ref)))
  const redemptions = new Map(records.map((record) => [record.ref, readRedemption(record)]))
  return owed.map(({ ref, dueAt }) => {
    const redemption = redemptions.get(ref)
    if (!redemption) throw new Error(`The record of redemption ${ref} is gone.`)
    return { redemption, place: { at: dueAt!, id: ref } }
  })
}
