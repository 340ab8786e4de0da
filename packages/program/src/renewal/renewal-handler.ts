import {
  type Command,
  closeDraft,
  isRefusal,
  type Ledger,
  type LedgerTransaction,
  type Lot,
  openDraft,
  refuse,
  setMemo,
  type WalletView,
} from '@pointwell/ledger'
import type { EarnSource } from '@pointwell/plugin'
import { type EarnBody, earnRecordId, earnRef, readEarnBody } from '../earning/earn-record.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { NoticeHandler } from '../notices/open-notices.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type RenewalAct, renewLots } from './renew-lots.js'
import type { PointlessOrder } from './renewal-notices.js'

/**
 * Renews by orders that have confirmed by themselves (X5). Posts only where a lot lasts longer by it,
 * once for each such transaction.
 */
export function renewalHandler({
  ledger,
  policies,
  sources,
  findOwners,
}: {
  ledger: Ledger
  policies: PolicyReads
  sources: readonly EarnSource[]
  findOwners: (wallets: readonly number[]) => Promise<ReadonlyMap<number, { readonly id: string }>>
}): NoticeHandler {
  /** What an order of no points spent, as far as it stands and nobody confirmed it by a call. */
  const actOf = async (wallet: number, { source: id, once }: PointlessOrder) => {
    const source = sources.find((it) => it.id === id)
    const memberId = (await findOwners([wallet])).get(wallet)?.id
    if (!source || memberId === undefined) return []
    const ref = earnRef({ source, memberId, once })
    const record = await ledger.store.findRecord(earnRecordId(source, ref))
    if (record?.wallet !== wallet) return []
    const body = readEarnBody(record)
    const at = body.pending?.confirmAt ?? null
    const isOver = body.cancelledAt !== null || body.confirmedAt !== null
    return at === null || isOver ? [] : [{ at, source: id, spentMinor: spentOf(body) }]
  }

  const confirmedBy = async (wallet: number, version: number, lots: ReadonlyMap<number, Lot>) => {
    const [transaction] = await ledger.store.findTransactionsAt([{ wallet, version }])
    if (!transaction) throw new Error(`there is no transaction ${wallet}-${version}`)
    const confirmed = confirmedLots(transaction, lots)
    const acts = await actsOf(confirmed, { ledger, at: transaction.effectiveAt })
    return { acts, except: confirmed.map(({ seq }) => seq) }
  }

  return async ({ wallet: id, version, body }) => {
    const [wallet] = await ledger.store.findWallets([id])
    const now = Math.max(ledger.clock(), wallet?.updatedAt ?? 0)
    if (!wallet || !mayOrdersRenew(policies, now)) return
    const all = await ledger.store.findLots([id], { open: false })
    const lots = new Map(all.map(({ lot }) => [lot.seq, lot]))
    const { acts, except } = isPointless(body)
      ? { acts: await actOf(id, body), except: [] }
      : await confirmedBy(id, version, lots)
    const command = renewCommand({ wallet: id, version, acts, except }, policies)
    const records = new Map()
    const view = { wallet, lots, lotsLoaded: true, records, counters: new Map(), now }
    if (isRefusal(command.decide(view))) return
    await ledger.post(command)
  }
}

function renewCommand(
  {
    wallet,
    version,
    acts,
    except,
  }: {
    wallet: number
    version: number
    acts: readonly RenewalAct[]
    except: readonly number[]
  },
  policies: PolicyReads,
): Command {
  return {
    wallet,
    key: `renew:${wallet}-${version}`,
    content: {},
    needs: { lots: true },
    decide(view: WalletView) {
      const policy = policies.at(view.now)
      const memo = readMemo(view.wallet.memo)
      const draft = openDraft(view)
      const { renewed, steps } = renewLots(draft, { acts, known: memo, policy, except })
      if (steps.length === 0) return refuse('NOTHING_TO_EXTEND')
      const { calendar, document } = policy
      const terms = { now: view.now, calendar, maxAgeDays: document.events.maxAgeDays }
      setMemo(draft, writeMemo({ ...memo, renewed }, terms))
      return closeDraft(draft, {
        type: 'extend',
        reason: 'renewal',
        explanation: steps,
        policyVersion: policy.version,
      })
    },
  }
}

function mayOrdersRenew(policies: PolicyReads, now: number): boolean {
  const { tasks } = policies.at(now).document.renewal
  return tasks.some(({ when }) => when.type !== 'streak' && when.type !== 'behaviour')
}

function confirmedLots({ entries }: LedgerTransaction, lots: ReadonlyMap<number, Lot>): Lot[] {
  return entries.flatMap(({ account, lot, amount }) => {
    const known = lot === null ? undefined : lots.get(lot)
    return account === 'pending' && amount < 0 && known ? [known] : []
  })
}

/** What each order spent, as far as it stands now. */
async function actsOf(
  lots: readonly Lot[],
  { ledger, at }: { ledger: Ledger; at: number },
): Promise<RenewalAct[]> {
  const ids = lots.flatMap(({ source, ref }) =>
    ref === null ? [] : [{ source, id: earnRecordId({ id: source }, ref) }],
  )
  const records = await ledger.store.findRecords(ids.map(({ id }) => id))
  return records.map((record) => {
    const source = record.kind.slice('earn:'.length)
    return { at, source, spentMinor: spentOf(readEarnBody(record)) }
  })
}

/** What an accelerator makes of it counts for the tier alone. */
function spentOf({ deed, qualifyingMinor }: EarnBody): number {
  return deed?.minor ?? qualifyingMinor
}

function isPointless(body: object): body is PointlessOrder {
  return 'once' in body
}
