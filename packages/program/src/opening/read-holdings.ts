import {
  type Database,
  isClosed,
  type Lot,
  lockOf,
  readKept,
  readWallets,
  type SqlConnection,
  type Wallet,
} from '@pointwell/ledger'
import type { EntityManager } from 'typeorm'
import { tierAt } from '../member/member-facts.js'
import {
  type Identity,
  type Member,
  selectIdentities,
  selectMemberPage,
} from '../member/member-rows.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyBook } from '../policy/open-policy-book.js'
import { fieldsOf, isoOrNull, profileOf, withoutEmpty } from './member-memo.js'
import { type OrderLine, readOrders } from './read-orders.js'

/** A member and its wallet as lines of a file, from which `Openings` makes the same again. */
export interface Holding {
  readonly member: Readonly<Record<string, unknown>> & { readonly id: string }
  /** Null: there are no points and no debt. */
  readonly balance: HoldingBalance | null
}

/** Some members. */
export interface HoldingPage {
  readonly holdings: readonly Holding[]
  /** What is kept of their orders, some at a time; to be read before the next page. None unless asked for. */
  readonly orders: AsyncIterable<readonly OrderLine[]>
}

export interface HoldingBalance {
  readonly member: string
  readonly lots?: readonly HoldingLot[]
  readonly debt?: number
  readonly closed?: boolean
  readonly freezes?: readonly {
    readonly until: string | null
    readonly graceTo: string | null
    readonly lots: readonly (readonly [number: number, points: number])[]
    readonly withheld?: true
  }[]
}

/** States without points and terms that do not apply are left out. */
export interface HoldingLot {
  readonly kind: string
  readonly source: string
  readonly ref?: string
  readonly granted: number
  readonly available?: number
  readonly pending?: number
  readonly claimable?: number
  readonly held?: number
  readonly frozen?: number
  readonly earnedAt: string
  readonly confirmAt?: string
  readonly claimMs?: number
  readonly claimBy?: string
  readonly expiresAt: string | null
  readonly lapsed?: number
  readonly voided?: number
  readonly renewed?: number
}

/**
 * Everything that members hold, as of one moment, however long it takes and whatever is posted meanwhile:
 * `work` is handed the pages one after the other, in the order in which members came, the moment, epoch
 * milliseconds, and what reads anything else as of it: nothing posted later is in them. What is due but not
 * yet done is told as it stands. Where the connection is lost, all begins anew, with another call of
 * `work`. Only pages are ever in memory.
 */
export async function readHoldings<T>(
  {
    database,
    policies,
    clock,
    orders,
    pageSize = 500,
  }: {
    database: Pick<Database, 'snapshot' | 'connection'>
    policies: Pick<PolicyBook, 'at' | 'told'>
    clock: () => number
    /** Also what orders go by: what is kept of them, and lots of which nothing is left. */
    orders: boolean
    pageSize?: number
  },
  work: (pages: AsyncIterable<HoldingPage>, now: number, manager: EntityManager) => Promise<T>,
): Promise<T> {
  return database.snapshot((manager) => {
    const now = clock()
    return work(
      pagesOf(database.connection(manager), { policies, now, orders, pageSize }),
      now,
      manager,
    )
  })
}

async function* pagesOf(
  connection: SqlConnection,
  {
    policies,
    now,
    orders,
    pageSize,
  }: {
    policies: Pick<PolicyBook, 'at' | 'told'>
    now: number
    orders: boolean
    pageSize: number
  },
): AsyncGenerator<HoldingPage> {
  const policy = policies.at(now)
  const told = new Set<string>()
  for (let after = 0; ; ) {
    const members = await selectMemberPage(connection, { after, limit: pageSize })
    const last = members.at(-1)
    if (!last) return
    const ids = members.map(({ wallet }) => wallet)
    const identities = await selectIdentities(connection, ids)
    const wallets = await readWallets(connection, ids, { open: !orders })
    const holdings = members.map((member): Holding => {
      const { wallet, lots } = wallets.get(member.wallet) ?? {}
      const tier = tierAt(readMemo(wallet?.memo ?? {}), { policy, at: now }).id
      return {
        member: memberLine(member, {
          identities: identities.get(member.wallet) ?? [],
          tier,
          wallet: wallet ?? { memo: {}, lock: null },
        }),
        balance: wallet && lots ? balanceLine(member.id, { wallet, lots, now }) : null,
      }
    })
    yield {
      holdings,
      orders: orders ? readOrders(readKept(connection), { members, policies, told }) : nothing(),
    }
    after = last.wallet
  }
}

async function* nothing(): AsyncGenerator<never> {}

function memberLine(
  member: Member,
  {
    identities,
    tier,
    wallet,
  }: { identities: readonly Identity[]; tier: string; wallet: Pick<Wallet, 'memo' | 'lock'> },
): Holding['member'] {
  return {
    ...profileOf(member),
    ...withoutEmpty({ identities }),
    tier,
    ...fieldsOf(wallet.memo, wallet),
  }
}

function balanceLine(
  member: string,
  { wallet, lots, now }: { wallet: Wallet; lots: readonly Lot[]; now: number },
): HoldingBalance | null {
  const { debt } = wallet.balance
  if (lots.length === 0 && debt === 0) return null
  const lock = lockOf(wallet)
  const { renewed } = readMemo(wallet.memo)
  const places = new Map(lots.map(({ seq }, place) => [seq, place + 1]))
  const freezes = lock.freezes.map(({ until, graceTo, taken, withheld }) => ({
    until: isoOrNull(until),
    graceTo: isoOrNull(graceTo),
    lots: taken.map(([seq, points]) => [places.get(seq)!, points] as const),
    ...(withheld && { withheld }),
  }))
  return {
    member,
    ...(lots.length > 0 && {
      lots: lots.map((lot) => lotLine(lot, renewed[lot.seq]?.times ?? 0)),
    }),
    ...(debt > 0 && { debt }),
    ...(isClosed(lock, now) && { closed: true }),
    ...(freezes.length > 0 && { freezes }),
  }
}

function lotLine(lot: Lot, renewed: number): HoldingLot {
  const { kind, source, ref, granted, available, pending, claimable, held, frozen } = lot
  const states = Object.entries({ available, pending, claimable, held, frozen })
  return {
    kind,
    source,
    ...(ref !== null && { ref }),
    granted,
    ...Object.fromEntries(states.filter(([, points]) => points > 0)),
    earnedAt: new Date(lot.earnedAt).toISOString(),
    ...(lot.confirmAt !== null && { confirmAt: new Date(lot.confirmAt).toISOString() }),
    ...(lot.claimMs !== null && { claimMs: lot.claimMs }),
    ...(lot.claimBy !== null && { claimBy: new Date(lot.claimBy).toISOString() }),
    expiresAt: isoOrNull(lot.expiresAt),
    ...(lot.lapsed > 0 && { lapsed: lot.lapsed }),
    ...(lot.voided > 0 && { voided: lot.voided }),
    ...(renewed > 0 && lot.expiresAt !== null && { renewed }),
  }
}
