import {
  type Command,
  isRefusal,
  type Ledger,
  type Refusal,
  refuse,
  SetAside,
} from '@pointwell/ledger'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { ReportFailure } from '../jobs/job.js'
import type { MemberProfile } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { newId } from '../redemption/new-id.js'
import { declines, giveCommand, receiveCommand, settleCommand } from './transfer-commands.js'
import {
  type Declined,
  readTransfer,
  TRANSFER,
  type Transfer,
  transferRecordId,
} from './transfer-record.js'

export interface TransferRequest {
  /** The shop's own ids of who gives and who receives. */
  readonly memberId: string
  readonly to: string
  readonly points: number
  /** The same key again is the same transfer. 1 to 100 characters. */
  readonly idempotencyKey: string
  /** Whether who asks may be told who is a member: a storefront may, a member may not. */
  readonly mayKnow: boolean
}

/** A member gives points to another (L10). */
export interface Transfers {
  /**
   * Takes the points, hands them over, and answers with the transfer as it is by then: `received`,
   * `returned` where the receiver could not take them after all, `sent` where that is not known yet.
   * Refuses INVALID_INPUT, MEMBER_NOT_FOUND, TRANSFER_TO_SELF, and what `giveCommand` does.
   */
  give(request: TransferRequest): Promise<Transfer | Refusal>
  find(id: string): Promise<Transfer | undefined>
  /** Given and received, newest first, before the `ref` of a record. */
  findOfWallet(
    wallet: number,
    page: { before: string | null; limit: number },
  ): Promise<readonly ListedTransfer[]>
  /** The newest `limit` of each wallet, newest first, in one statement (A4). */
  findNewest(wallets: readonly number[], limit: number): Promise<readonly ListedTransfer[]>
  /** Completes what a dead server left, the longest waiting first; answers with how many were looked
   * at. One that fails is told of, and passed over for a while. */
  takeUpDue(limit: number, report?: ReportFailure): Promise<number>
}

/** A transfer in the list of one of its wallets. */
export interface ListedTransfer {
  readonly wallet: number
  readonly ref: string
  readonly transfer: Transfer
}

export function openTransfers({
  ledger,
  policies,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): Transfers {
  const failing = new SetAside<string>()

  const find = async (id: string): Promise<Transfer | undefined> => {
    const record = await ledger.store.findRecord(transferRecordId(id, 'out'))
    return record && readTransfer(record)
  }

  /** The two steps that follow the first. Whoever does them does the same, however often. */
  const complete = async (transfer: Transfer): Promise<Transfer> => {
    const received = await postOrOpen(ledger, receiveCommand(transfer, policies))
    if (isRefusal(received)) throw new Error(`a transfer was not received: ${received.code}`)
    const { declined } = received.transaction.result as { declined: Declined | null }
    const settled = await ledger.post(settleCommand(transfer, { declined, policies }))
    if (isRefusal(settled)) throw new Error(`a transfer was not settled: ${settled.code}`)
    return (await find(transfer.id)) ?? transfer
  }

  /** The wallet that could take so many points, as far as it is known before. */
  const findReceiver = async (
    { points }: TransferRequest,
    receiver: MemberProfile | undefined,
  ): Promise<number | null> => {
    if (!receiver) return null
    const [wallet] = await ledger.store.findWallets([receiver.wallet])
    const now = ledger.clock()
    const memo = readMemo(wallet?.memo ?? {})
    return declines(memo, { points, policy: policies.at(now), now }) ? null : receiver.wallet
  }

  return {
    async give(request) {
      const wrong = checkIdempotencyKey(request.idempotencyKey)
      if (wrong) return wrong
      const [giver, receiver] = await Promise.all([
        findProfile(request.memberId),
        findProfile(request.to),
      ])
      if (!giver) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
      if (receiver?.wallet === giver.wallet) return refuse('TRANSFER_TO_SELF', { field: 'to' })
      if (!receiver && request.mayKnow) return refuse('MEMBER_NOT_FOUND', { field: 'to' })
      const { points, idempotencyKey } = request
      const id = newId(ledger.clock())
      const toFormerly = (receiver?.formerly ?? []).map((former) => former.wallet)
      const named = { id, giver, points, idempotencyKey, toFormerly }
      const to = receiver?.wallet ?? null
      const known = await findByKey(ledger, giveCommand({ ...named, to }, policies))
      const able = known ? to : await findReceiver(request, receiver)
      const posted = await postOrOpen(ledger, giveCommand({ ...named, to: able }, policies))
      if (isRefusal(posted)) return posted
      const { transfer } = posted.transaction.result as { transfer: string }
      const sent = await find(transfer)
      if (!sent) throw new Error(`the transfer ${transfer} was sent and is not there`)
      return sent.status === 'sent' ? complete(sent) : sent
    },
    find,
    async findOfWallet(wallet, { before, limit }) {
      const records = await ledger.store.findRecordsOf(wallet, TRANSFER, {
        beforeRef: before,
        limit,
      })
      return records.map(listed)
    },
    async findNewest(wallets, limit) {
      return (await ledger.store.findNewestRecords(wallets, TRANSFER, limit)).map(listed)
    },
    async takeUpDue(limit, report) {
      const now = ledger.clock()
      const most = limit + failing.count(now)
      const records = await ledger.store.findDueRecords(TRANSFER, now, most)
      const byRef = new Map(records.map((record) => [record.ref, record]))
      const due = failing.rest([...byRef.keys()], now).slice(0, limit)
      const takeUp = async (ref: string): Promise<void> => {
        const transfer = readTransfer(byRef.get(ref)!)
        try {
          await complete(transfer)
        } catch (fault) {
          failing.add(ref, ledger.clock())
          report?.(`transfer ${transfer.id}`, fault)
        }
      }
      await Promise.all(due.map(takeUp))
      return due.length
    },
  }
}

/** Whether it was asked for before: then what became of the receiver since does not matter. */
async function findByKey({ store }: Ledger, { key, formerly = [] }: Command): Promise<boolean> {
  const keys = new Set([key, ...formerly.flatMap(({ as }) => as?.key ?? [])])
  const found = await Promise.all([...keys].map((it) => store.findTransactionByKey(it)))
  return found.some((transaction) => transaction !== undefined)
}

function listed(record: Parameters<typeof readTransfer>[0] & { wallet: number }): ListedTransfer {
  return { wallet: record.wallet, ref: record.ref, transfer: readTransfer(record) }
}
