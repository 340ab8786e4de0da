import { jsonOf, type Row, type Select } from './rows.js'

export interface GoodsBooks {
  readonly shipments: readonly ShipmentRow[]
  readonly codes: readonly PoolCodeRow[]
}

export interface ShipmentRow {
  readonly redemption: string
  readonly kind: string
  readonly status: string
  readonly code: string | null
  /** Which of its steps have a time. */
  readonly done: Readonly<Record<'picked' | 'sent' | 'received' | 'asked' | 'accepted', boolean>>
}

export interface PoolCodeRow {
  readonly offer: string
  readonly code: string
  readonly status: string
  readonly redemption: string | null
}

export interface PartnerBooks {
  readonly rights: readonly RightRow[]
  readonly entries: readonly PartnerEntryRow[]
  readonly balances: readonly {
    readonly partner: string
    readonly balanceMinor: number
    readonly reservedMinor: number
  }[]
  readonly codes: readonly PoolCodeRow[]
}

export interface RightRow {
  readonly redemption: string
  readonly partner: string
  readonly source: string
  readonly status: string
  readonly code: string | null
  readonly costMinor: number
}

export interface PartnerEntryRow {
  readonly posting: string
  readonly account: string
  readonly partner: string
  readonly kind: string
  readonly amountMinor: number
  readonly redemption: string | null
}

export interface GameBooks {
  readonly games: readonly {
    readonly offer: string
    readonly pointsGiven: number
    readonly costGiven: number
  }[]
  readonly prizes: readonly {
    readonly offer: string
    readonly prize: string
    readonly given: number
  }[]
  readonly rounds: readonly SeedRow[]
  readonly stakes: readonly StakeRow[]
  readonly plays: readonly PlayRow[]
}

export interface SeedRow {
  readonly offer: string
  readonly round: number
  readonly commitment: string
  readonly seed: string
  readonly plays: number
}

export interface StakeRow {
  readonly id: string
  readonly rake: string
  readonly nobodyWon: string
  readonly status: string
  readonly outcome: string | null
  readonly pool: number
  readonly stakes: number
}

export interface PlayRow {
  /** That of its redemption. */
  readonly id: string
  readonly offer: string
  readonly type: string
  readonly refusedWith: string | null
  readonly spent: number
  readonly pick: string | null
  readonly round: number | null
  readonly nonce: number | null
  readonly commitment: string | null
  readonly clientSeed: string | null
  readonly table: string | null
  readonly digest: string | null
  readonly ticket: number | null
  readonly result: string | null
  readonly prize: string | null
  readonly wonPoints: number
  readonly wonCost: number
  readonly usedBy: string | null
  readonly stakeRound: string | null
  readonly outcome: string | null
  readonly payout: number | null
  readonly isPaid: boolean
}

export interface PaymentRow {
  readonly order: string
  readonly wallet: number
  readonly status: string
  readonly points: number
  readonly paysMinor: number
  readonly returnedMinor: number
  readonly returnedPoints: number
  /** What it holds its points by, in the journal's keys. */
  readonly ref: string
}

export async function readGoods(select: Select): Promise<GoodsBooks> {
  const shipments = await select('SELECT * FROM goods_shipment')
  return {
    shipments: shipments.map((row) => ({
      redemption: String(row.redemption_id),
      kind: String(row.kind),
      status: String(row.status),
      code: textOf(row.code),
      done: {
        picked: row.picked_at !== null,
        sent: row.sent_at !== null,
        received: row.received_at !== null,
        asked: row.return_requested_at !== null,
        accepted: row.return_accepted_at !== null,
      },
    })),
    codes: (await select('SELECT * FROM goods_code')).map(readPoolCode),
  }
}

export async function readPartners(select: Select): Promise<PartnerBooks> {
  return {
    rights: (await select('SELECT * FROM partner_right')).map((row) => ({
      redemption: String(row.redemption_id),
      partner: String(row.partner_id),
      source: String(row.source),
      status: String(row.status),
      code: textOf(row.code),
      costMinor: Number(row.cost_minor),
    })),
    entries: (await select('SELECT * FROM partner_entry')).map((row) => ({
      posting: String(row.posting),
      account: String(row.account),
      partner: String(row.partner_id),
      kind: String(row.kind),
      amountMinor: Number(row.amount_minor),
      redemption: textOf(row.redemption_id),
    })),
    balances: (await select('SELECT * FROM partner_balance')).map((row) => ({
      partner: String(row.partner_id),
      balanceMinor: Number(row.balance_minor),
      reservedMinor: Number(row.reserved_minor),
    })),
    codes: (await select('SELECT * FROM partner_code')).map(readPoolCode),
  }
}

export async function readGames(select: Select): Promise<GameBooks> {
  return {
    games: (await select('SELECT * FROM game_offer')).map((row) => ({
      offer: String(row.offer_id),
      pointsGiven: Number(row.points_given),
      costGiven: Number(row.cost_given),
    })),
    prizes: (await select('SELECT * FROM game_prize')).map((row) => ({
      offer: String(row.offer_id),
      prize: String(row.prize_id),
      given: Number(row.given),
    })),
    rounds: (await select('SELECT * FROM game_round')).map((row) => ({
      offer: String(row.offer_id),
      round: Number(row.number),
      commitment: String(row.commitment),
      seed: String(row.server_seed),
      plays: Number(row.plays),
    })),
    stakes: (await select('SELECT * FROM game_stake')).map((row) => ({
      id: String(row.id),
      rake: String(row.rake),
      nobodyWon: String(row.nobody_won),
      status: String(row.status),
      outcome: textOf(row.outcome),
      pool: Number(row.pool),
      stakes: Number(row.stakes),
    })),
    plays: (await select('SELECT * FROM game_play ORDER BY id')).map(readPlay),
  }
}

function readPlay(row: Row): PlayRow {
  return {
    id: String(row.id),
    offer: String(row.offer_id),
    type: String(row.type),
    refusedWith: textOf(row.refused_with),
    spent: Number(row.spent),
    pick: textOf(row.pick),
    round: numberOf(row.round),
    nonce: numberOf(row.nonce),
    commitment: textOf(row.commitment),
    clientSeed: textOf(row.client_seed),
    table: textOf(row.prize_table),
    digest: textOf(row.digest),
    ticket: numberOf(row.ticket),
    result: textOf(row.result),
    prize: textOf(row.prize_id),
    wonPoints: Number(row.won_points),
    wonCost: Number(row.won_cost),
    usedBy: textOf(row.used_by),
    stakeRound: textOf(row.stake_round),
    outcome: textOf(row.outcome),
    payout: numberOf(row.payout),
    isPaid: row.paid_at !== null,
  }
}

export async function readPayments(select: Select): Promise<PaymentRow[]> {
  const rows = await select(
    "SELECT ref, wallet_id, body FROM ledger_record WHERE kind = 'payment' ORDER BY ref",
  )
  return rows.map((row) => {
    const body = jsonOf(row.body)
    return {
      order: String(body.orderId),
      wallet: Number(row.wallet_id),
      status: String(body.status),
      points: Number(body.points),
      paysMinor: Number((body.pays as Row).amountMinor),
      returnedMinor: Number(body.returnedMinor),
      returnedPoints: Number(body.returnedPoints),
      ref: `payment:${row.ref}:${body.attempt}`,
    }
  })
}

function readPoolCode(row: Row): PoolCodeRow {
  return {
    offer: String(row.offer_id),
    code: String(row.code),
    status: String(row.status),
    redemption: textOf(row.redemption_id),
  }
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}
