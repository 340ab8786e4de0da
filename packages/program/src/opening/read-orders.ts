import {
  holdId,
  type JsonObject,
  type KeptReads,
  type LedgerRecord,
  type LedgerTransaction,
  recordKey,
  transactionId,
} from '@pointwell/ledger'
import { holdRef, PAYMENT, type Payment, readPayment } from '../checkout/payment-record.js'
import { type EarnBody, earnKey, nameWithin, readEarnBody } from '../earning/earn-record.js'
import type { Member } from '../member/member-rows.js'
import type { PolicyBook } from '../policy/open-policy-book.js'
import { sorted } from './fingerprints.js'

/** A line of a file of orders: `openingPolicySchema` and those beside it say what is in it. */
export type OrderLine = Readonly<Record<string, unknown>>

/** So many are in memory. */
const PAGE = 500

/**
 * What is kept of orders and other events of these members, and of points that paid orders, as lines of a
 * file; and before the first that was decided by a policy, that policy. `told`: those that are in the file
 * already; what is added is written there.
 */
export async function* readOrders(
  kept: KeptReads,
  {
    members,
    policies,
    told,
  }: {
    readonly members: readonly Member[]
    readonly policies: Pick<PolicyBook, 'told'>
    readonly told: Set<string>
  },
): AsyncGenerator<readonly OrderLine[]> {
  const byWallet = new Map(members.map((member) => [member.wallet, member]))
  for await (const records of pagesUnder(kept, 'earn:', [...byWallet.keys()])) {
    const answers = await earnedAnswers(kept, records)
    yield records.flatMap((record) => {
      const { id, document } = policies.told(readEarnBody(record).policyVersion)
      const isNew = !told.has(id)
      told.add(id)
      const member = byWallet.get(record.wallet)!
      const line = earnedLine(record, { member, policy: id, answers })
      return isNew ? [{ policy: id, document }, line] : [line]
    })
  }
  for await (const records of pagesUnder(kept, PAYMENT, [...byWallet.keys()])) {
    const payments = records.map(readPayment)
    const holds = new Map(
      (await kept.records(payments.map((it) => holdId(holdRef(it))))).map((it) => [
        recordKey(it),
        it.body,
      ]),
    )
    const answers = await paymentAnswers(kept, payments)
    yield payments.map((it) => {
      const hold = holds.get(recordKey(holdId(holdRef(it))))
      return paymentLine(it, { member: byWallet.get(it.wallet)!, hold, answers })
    })
  }
}

async function* pagesUnder(
  kept: KeptReads,
  under: string,
  wallets: readonly number[],
): AsyncGenerator<readonly LedgerRecord[]> {
  for (let after: LedgerRecord | null = null; ; ) {
    const page: readonly LedgerRecord[] = await kept.recordsOf({
      wallets,
      under,
      after,
      limit: PAGE,
    })
    if (page.length > 0) yield page
    if (page.length < PAGE) return
    after = page.at(-1)!
  }
}

const sourceOf = ({ kind }: Pick<LedgerRecord, 'kind'>) => ({ id: kind.slice('earn:'.length) })

/** How calls about an event are known again, in the order in which they are told. */
function earnedCalls(record: LedgerRecord) {
  const { ref } = record
  const source = sourceOf(record)
  const { returns } = readEarnBody(record)
  return [
    { act: 'earn', key: earnKey('earn', source, ref) },
    ...returns.map(({ key }) => ({
      act: 'return',
      of: key,
      key: earnKey('return', source, nameWithin(ref, key)),
    })),
    { act: 'confirm', key: earnKey('confirm', source, ref) },
    { act: 'cancel', key: earnKey('cancel', source, ref) },
  ] as const
}

type ByKey = ReadonlyMap<string, LedgerTransaction>

async function earnedAnswers(kept: KeptReads, records: readonly LedgerRecord[]): Promise<ByKey> {
  const keys = records.flatMap((record) => earnedCalls(record).map(({ key }) => key))
  return new Map((await kept.byKey(keys)).map((tx) => [tx.key, tx]))
}

function earnedLine(
  record: LedgerRecord,
  { member, policy, answers }: { member: Member; policy: string; answers: ByKey },
): OrderLine {
  const body = readEarnBody(record)
  const { memberId: _, lots, policyVersion: __, version: ___, origin: ____, ...earned } = body
  return {
    member: member.id,
    source: sourceOf(record).id,
    ref: record.ref,
    policy,
    lots,
    earned: sorted({ ...earned, ...(body.parts && { parts: withoutBudgets(body.parts) }) }),
    answers: earnedCalls(record).flatMap((call) => {
      const tx = answers.get(call.key)
      if (!tx) return []
      const { points, details } = tx.result as { points: number; details?: unknown }
      const by = tx.content.memberId
      return [
        {
          act: call.act,
          ...(call.act === 'earn' && typeof by === 'string' && by !== member.id && { by }),
          ...('of' in call && { key: call.of }),
          points,
          ...(details !== undefined && details !== null && { details: sorted(details) }),
        },
      ]
    }),
  }
}

/** Budgets begin anew in another system: what was never taken from them there does not go back to them. */
function withoutBudgets(parts: NonNullable<EarnBody['parts']>) {
  return parts.map(({ budgets: _, ...part }) => part)
}

interface PaymentCalls {
  /** The transaction that held the points, by its id. */
  readonly held: ReadonlyMap<string, LedgerTransaction>
  /** Those that followed, by what their keys begin with. */
  readonly later: ReadonlyMap<string, readonly LedgerTransaction[]>
}

async function paymentAnswers(
  kept: KeptReads,
  payments: readonly Payment[],
): Promise<PaymentCalls> {
  const held = await kept.at(payments.map(holdPlace))
  const starts = payments.map((it) => `${holdRef(it)}:`)
  const later = new Map<string, LedgerTransaction[]>(starts.map((start) => [start, []]))
  for (const tx of await kept.underKeys(starts)) {
    later.get(`${tx.key.split(':', 3).join(':')}:`)?.push(tx)
  }
  return { held: new Map(held.map((tx) => [tx.id, tx])), later }
}

function holdPlace({ origin, wallet, version }: Payment) {
  return { wallet: origin ?? wallet, version }
}

function paymentLine(
  payment: Payment,
  {
    member,
    hold,
    answers,
  }: { member: Member; hold: JsonObject | undefined; answers: PaymentCalls },
): OrderLine {
  const { wallet: _, dueAt: __, memberId: ___, version: ____, origin: _____, ...told } = payment
  const { taken = [], back = 0 } = (hold ?? {}) as { taken?: unknown; back?: number }
  const held = answers.held.get(transactionId(holdPlace(payment)))
  const [, payer, hash] = held?.key.split(':') ?? []
  const formerly = member.formerly?.find((it) => String(it.wallet) === payer)
  const start = `${holdRef(payment)}:`
  return {
    member: member.id,
    payment: sorted(told),
    hold: { taken, back },
    answers: [
      ...(held
        ? [
            {
              act: `pay:${hash}`,
              ...(formerly && { by: formerly.id }),
              content: sorted(held.content),
            },
          ]
        : []),
      ...(answers.later.get(start) ?? []).map(({ key, content }) => ({
        act: key.slice(start.length),
        content: sorted(content),
      })),
    ],
  }
}
