import Sqlite from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import { type AftermathBooks, readAftermath, readPlaybooks } from './read-aftermath.js'
import {
  type GameBooks,
  type GoodsBooks,
  type PartnerBooks,
  type PaymentRow,
  readGames,
  readGoods,
  readPartners,
  readPayments,
} from './read-channels.js'
import { jsonOf, type Row, type Select } from './rows.js'

/** What the database says, as plain rows. The auditor reads it by SQL of its own and shares no code
 * with what wrote it: where both are wrong, they are not wrong in the same way. */
export interface Books {
  /** Wallet numbers by the shop's own ids of the members. */
  readonly members: ReadonlyMap<string, number>
  readonly wallets: readonly WalletRow[]
  readonly transactions: readonly TransactionRow[]
  readonly entries: readonly EntryRow[]
  readonly lots: readonly LotRow[]
  readonly redemptions: readonly RedemptionRow[]
  readonly counters: ReadonlyMap<string, number>
  readonly offers: readonly OfferRow[]
  readonly coupons: readonly CouponRow[]
  readonly goods: GoodsBooks
  readonly partners: PartnerBooks
  readonly games: GameBooks
  readonly payments: readonly PaymentRow[]
  readonly aftermath: AftermathBooks
}

export const STATES = ['available', 'pending', 'claimable', 'held', 'frozen'] as const
export type State = (typeof STATES)[number]
type Figures = Readonly<Record<State, number>>

export interface WalletRow extends Figures {
  readonly id: number
  readonly version: number
  readonly debt: number
  readonly head: string
}

export interface TransactionRow {
  /** `wallet-version`, as clients are told. */
  readonly id: string
  readonly wallet: number
  readonly version: number
  readonly key: string
  readonly type: string
  readonly recordedAt: number
  readonly previousHash: string
  readonly hash: string
  readonly content: Readonly<Record<string, unknown>>
  readonly result: Readonly<Record<string, unknown>> | null
  /** Right after it: available, pending, claimable, held, frozen, debt. */
  readonly balance: readonly number[]
}

export interface EntryRow {
  readonly wallet: number
  readonly version: number
  readonly account: string
  readonly lot: number | null
  readonly amount: number
}

export interface LotRow extends Figures {
  readonly wallet: number
  readonly seq: number
}

export interface RedemptionRow {
  readonly id: string
  readonly wallet: number
  readonly status: string
  readonly channel: string
  readonly offer: string
  readonly points: number
  /** What is paid in money besides; null: nothing. */
  readonly cash: CashRow | null
  /** Points that were won with it. */
  readonly award: number
  readonly receipt: Readonly<Record<string, unknown>> | null
  /** Stock counters that it took one of. */
  readonly stock: readonly string[]
  readonly code: string | null
}

export interface CashRow {
  readonly amountMinor: number
  readonly paid: { readonly reference: string } | null
  readonly refunded: { readonly reference: string } | null
}

export interface OfferRow {
  readonly id: string
  readonly details: Readonly<Record<string, unknown>>
  readonly total: number | null
  readonly perDay: number | null
  readonly limit: number | null
}

export interface CouponRow {
  readonly code: string
  readonly redemption: string
  readonly status: string
  readonly usedBy: string | null
}

/** Reads all of it in one go; nothing may be writing. */
export async function readBooks(url: string): Promise<Books> {
  const { select, close } = await openDatabase(url)
  try {
    return await readAll(select)
  } finally {
    await close()
  }
}

/** Redemptions and playbooks that have not come to an end, and the version of each wallet: asked again and again
 * while the servers run. */
export async function readProgress(url: string) {
  const { select, close } = await openDatabase(url)
  try {
    const members = await readMembers(select)
    const names = new Map([...members].map(([member, wallet]) => [wallet, member]))
    const payments = (await readPayments(select)).filter(({ status }) => status === 'held')
    const open = [
      ...(await readRedemptions(select)).filter(({ status }) => !isSettled(status)),
      ...payments.map((it) => ({ ...it, id: it.order, offer: 'checkout' })),
    ].map(({ id, wallet, status, offer }) => ({
      id,
      wallet,
      status,
      offer,
      member: names.get(wallet)!,
    }))
    const playbooks = (await readPlaybooks(select)).filter(({ nextTryAt }) => nextTryAt !== null)
    const versions = new Map<string, number>()
    const wallets = new Map<number, number>()
    for (const row of await select('SELECT id, version FROM ledger_wallet')) {
      wallets.set(Number(row.id), Number(row.version))
    }
    for (const [member, wallet] of members) versions.set(member, wallets.get(wallet) ?? 0)
    return { open, playbooks, versions }
  } finally {
    await close()
  }
}

/** Wallet numbers by the shop's own ids of the members. */
export async function readWallets(url: string): Promise<ReadonlyMap<string, number>> {
  const { select, close } = await openDatabase(url)
  try {
    return await readMembers(select)
  } finally {
    await close()
  }
}

export function isSettled(status: string): boolean {
  return ['fulfilled', 'released', 'cancelled'].includes(status)
}

async function readAll(select: Select): Promise<Books> {
  return {
    members: await readMembers(select),
    wallets: (await select('SELECT * FROM ledger_wallet ORDER BY id')).map((row) => ({
      ...figuresOf(row),
      id: Number(row.id),
      version: Number(row.version),
      debt: Number(row.debt),
      head: String(row.head),
    })),
    transactions: (
      await select('SELECT * FROM ledger_transaction ORDER BY wallet_id, version')
    ).map(readTransaction),
    entries: (await select('SELECT * FROM ledger_entry')).map((row) => ({
      wallet: Number(row.wallet_id),
      version: Number(row.version),
      account: String(row.account),
      lot: row.lot === null ? null : Number(row.lot),
      amount: Number(row.amount),
    })),
    lots: (await select('SELECT * FROM ledger_lot')).map((row) => ({
      ...figuresOf(row),
      wallet: Number(row.wallet_id),
      seq: Number(row.seq),
    })),
    redemptions: await readRedemptions(select),
    counters: new Map(
      (await select('SELECT id, value FROM ledger_counter')).map((row) => [
        String(row.id),
        Number(row.value),
      ]),
    ),
    offers: (await select('SELECT id, terms FROM offer')).map(readOffer),
    coupons: (await select('SELECT * FROM coupon_code')).map((row) => ({
      code: String(row.code),
      redemption: String(row.redemption_id),
      status: String(row.status),
      usedBy: row.used_order_id === null ? null : String(row.used_order_id),
    })),
    goods: await readGoods(select),
    partners: await readPartners(select),
    games: await readGames(select),
    payments: await readPayments(select),
    aftermath: await readAftermath(select),
  }
}

async function readMembers(select: Select): Promise<Map<string, number>> {
  const rows = await select('SELECT id, external_id FROM member')
  return new Map(rows.map((row) => [String(row.external_id), Number(row.id)]))
}

async function readRedemptions(select: Select): Promise<RedemptionRow[]> {
  const rows = await select(
    "SELECT ref, wallet_id, body FROM ledger_record WHERE kind = 'redemption' ORDER BY ref",
  )
  return rows.map((row) => {
    const body = jsonOf(row.body)
    const receipt = (body.receipt ?? null) as Row | null
    const code = receipt?.code ?? undefined
    return {
      id: String(row.ref),
      wallet: Number(row.wallet_id),
      status: String(body.status),
      offer: String((body.offer as Row).id),
      points: Number(body.points),
      channel: String(body.channel),
      cash: (body.cash ?? null) as CashRow | null,
      award: Number((body.award as Row | undefined)?.points ?? 0),
      receipt,
      stock: body.stock as string[],
      code: code === undefined ? null : String(code),
    }
  })
}

function readTransaction(row: Row): TransactionRow {
  const body = jsonOf(row.body)
  const told = body.told as Row
  return {
    id: `${row.wallet_id}-${row.version}`,
    wallet: Number(row.wallet_id),
    version: Number(row.version),
    key: String(row.idem_key),
    type: String(row.type),
    recordedAt: Number(row.recorded_at),
    previousHash: String(row.previous_hash),
    hash: String(row.hash),
    content: (told.content ?? {}) as Row,
    result: (told.result ?? null) as Row | null,
    balance: body.balance as number[],
  }
}

function readOffer(row: Row): OfferRow {
  const { stock, limitPerMember, details } = jsonOf(row.terms) as {
    details?: Row
    stock?: { total?: number | null; perDay?: number | null }
    limitPerMember?: { count: number } | null
  }
  return {
    id: String(row.id),
    details: details ?? {},
    total: stock?.total ?? null,
    perDay: stock?.perDay ?? null,
    limit: limitPerMember?.count ?? null,
  }
}

function figuresOf(row: Row): Figures {
  return Object.fromEntries(STATES.map((state) => [state, Number(row[state])])) as Record<
    State,
    number
  >
}

async function openDatabase(url: string): Promise<{ select: Select; close(): Promise<void> }> {
  if (url.startsWith('sqlite://')) {
    const database = new Sqlite(url.slice('sqlite://'.length), { readonly: true })
    return {
      select: async (sql) => database.prepare(sql).all() as Row[],
      async close() {
        database.close()
      },
    }
  }
  const connection = await createConnection({ uri: url })
  return {
    select: async (sql) => (await connection.query(sql))[0] as Row[],
    close: () => connection.end(),
  }
}
