import {
  type Database,
  isClosed,
  type Lot,
  lockOf,
  readOpenWallets,
  type SqlConnection,
  type Wallet,
} from '@pointwell/ledger'
import { tierAt } from '../member/member-facts.js'
import {
  type Identity,
  type Member,
  selectIdentities,
  selectMemberPage,
} from '../member/member-rows.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { fieldsOf, isoOrNull, profileOf, withoutEmpty } from './member-memo.js'

/** A member and its wallet as lines of a file, from which `Openings` makes the same again. */
export interface Holding {
  readonly member: Readonly<Record<string, unknown>> & { readonly id: string }
  /** Null: there are no points and no debt. */
  readonly balance: HoldingBalance | null
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
  readonly renewed?: number
}

/**
 * Everything that members hold, as of one moment, however long it takes and whatever is posted meanwhile:
 * `work` is handed the pages one after the other, in the order in which members came, and the moment, epoch
 * milliseconds: nothing posted later is in them. What is due but not
 * yet done is told as it stands. Where the connection is lost, all begins anew, with another call of
 * `work`. Only pages are ever in memory.
 */
export async function readHoldings<T>(
  {
    database,
    policies,
    clock,
    pageSize = 500,
  }: {
    database: Pick<Database, 'snapshot' | 'connection'>
    policies: PolicyReads
    clock: () => number
    pageSize?: number
  },
  work: (pages: AsyncIterable<readonly Holding[]>, now: number) => Promise<T>,
): Promise<T> {
  return database.snapshot((manager) => {
    const now = clock()
    return work(pagesOf(database.connection(manager), { policies, now, pageSize }), now)
  })
}

async function* pagesOf(
  connection: SqlConnection,
  { policies, now, pageSize }: { policies: PolicyReads; now: number; pageSize: number },
): AsyncGenerator<readonly Holding[]> {
  const policy = policies.at(now)
  for (let after = 0; ; ) {
    const members = await selectMemberPage(connection, { after, limit: pageSize })
    const last = members.at(-1)
    if (!last) return
    const ids = members.map(({ wallet }) => wallet)
    const identities = await selectIdentities(connection, ids)
    const wallets = await readOpenWallets(connection, ids)
    yield members.map((member) => {
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
    after = last.wallet
  }
}

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
  const freezes = lock.freezes.map(({ until, graceTo, taken }) => ({
    until: isoOrNull(until),
    graceTo: isoOrNull(graceTo),
    lots: taken.map(([seq, points]) => [places.get(seq)!, points] as const),
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
    ...(renewed > 0 && lot.expiresAt !== null && { renewed }),
  }
}
