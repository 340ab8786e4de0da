import type { PluginStore } from '@pointwell/plugin'
import { rowsAfter, type TimePlace } from '@pointwell/plugin/graphql'
import type { EntityManager } from 'typeorm'
import { type EntryKind, PartnerEntryEntity } from '../store/partner-entry.entity.js'
import { PartnerRightEntity } from '../store/partner-right.entity.js'

/** A time of a partner's, epoch milliseconds. */
export interface Period {
  readonly partnerId: string
  readonly from: number
  /** The first instant after it. */
  readonly to: number
}

/** What a period came to, in minor units of the partner's currency. */
export interface StatementTotals {
  /** What the partner held at its beginning; negative: was owed. */
  readonly openingMinor: number
  /** Charged for redemptions: 0 or less. */
  readonly chargesMinor: number
  /** Given back of that. */
  readonly reversalsMinor: number
  /** Paid to the partner. */
  readonly paymentsMinor: number
  readonly closingMinor: number
}

export async function readTotals(
  store: PluginStore,
  { partnerId, from, to }: Period,
): Promise<StatementTotals> {
  return store.read(async (manager) => {
    const before = await sumsByKind(manager, partnerId, 'it.at < :from', { from })
    const within = await sumsByKind(manager, partnerId, 'it.at >= :from AND it.at < :to', {
      from,
      to,
    })
    const openingMinor = [...before.values()].reduce((sum, minor) => sum + minor, 0)
    const of = (kind: EntryKind) => within.get(kind) ?? 0
    const [chargesMinor, reversalsMinor, paymentsMinor] = [
      of('charge'),
      of('reversal'),
      of('payment'),
    ]
    const closingMinor = openingMinor + chargesMinor + reversalsMinor + paymentsMinor
    return { openingMinor, chargesMinor, reversalsMinor, paymentsMinor, closingMinor }
  })
}

async function sumsByKind(
  manager: EntityManager,
  partnerId: string,
  when: string,
  times: object,
): Promise<ReadonlyMap<EntryKind, number>> {
  const rows: { kind: EntryKind; minor: string | number }[] = await manager
    .createQueryBuilder(PartnerEntryEntity, 'it')
    .select('it.kind', 'kind')
    .addSelect('SUM(it.amountMinor)', 'minor')
    .where('it.partnerId = :partnerId AND it.account = :account', { partnerId, account: 'partner' })
    .andWhere(when, times)
    .groupBy('it.kind')
    .getRawMany()
  return new Map(rows.map(({ kind, minor }) => [kind, Number(minor)]))
}

/** One line of a statement. */
export type StatementLine = Pick<
  PartnerEntryEntity,
  'posting' | 'kind' | 'amountMinor' | 'redemptionId' | 'offerId' | 'at'
>

/** The lines of a period, oldest first, after a place in that order; of two at once by their postings. */
export async function readLines(
  store: PluginStore,
  { partnerId, from, to }: Period,
  { after, limit }: { readonly after: TimePlace | null; readonly limit: number },
): Promise<StatementLine[]> {
  return store.read((manager) => {
    const query = manager
      .createQueryBuilder(PartnerEntryEntity, 'it')
      .where('it.partnerId = :partnerId AND it.account = :account', {
        partnerId,
        account: 'partner',
      })
      .andWhere('it.at >= :from AND it.at < :to', { from, to })
    return rowsAfter(query, { by: ['it.at', 'it.posting'], order: 'ASC', after, limit })
  })
}

/** How lines and redemptions of a period compare, line by line. */
export interface Matches {
  /** Charges and reversals. */
  readonly lines: number
  /** Redemptions that were given, and that were given back. */
  readonly redemptions: number
  /** Lines without their redemption and redemptions without their line, or of another amount or time;
   * 0: they are the same. */
  readonly differing: number
}

export async function readMatches(store: PluginStore, period: Period): Promise<Matches> {
  return store.read(async (manager) => {
    const [charges, reversals] = [
      await matchesOf(manager, period, 'charge'),
      await matchesOf(manager, period, 'reversal'),
    ]
    return {
      lines: charges.lines + reversals.lines,
      redemptions: charges.redemptions + reversals.redemptions,
      differing: charges.differing + reversals.differing,
    }
  })
}

/** A charge is dated when it was given, a reversal when it was given back. */
const SIDES = {
  charge: { at: 'givenAt', sign: -1 },
  reversal: { at: 'voidedAt', sign: 1 },
} as const

async function matchesOf(
  manager: EntityManager,
  { partnerId, from, to }: Period,
  kind: keyof typeof SIDES,
): Promise<Matches> {
  const { at, sign } = SIDES[kind]
  const within = { partnerId, from, to, kind, account: 'partner' }
  const isSame = `line.redemptionId = it.redemptionId AND line.partnerId = it.partnerId AND line.at = it.${at} AND line.amountMinor = ${sign} * it.costMinor`
  const isLine = 'line.account = :account AND line.kind = :kind'
  const lines = manager
    .createQueryBuilder(PartnerEntryEntity, 'line')
    .where(`${isLine} AND line.partnerId = :partnerId AND line.at >= :from AND line.at < :to`)
    .setParameters(within)
  const redemptions = manager
    .createQueryBuilder(PartnerRightEntity, 'it')
    .where(`it.partnerId = :partnerId AND it.${at} >= :from AND it.${at} < :to`)
    .setParameters(within)
  const missing = (one: string, entity: typeof PartnerEntryEntity | typeof PartnerRightEntity) =>
    manager.createQueryBuilder(entity, one).select('1')
  return {
    lines: await lines.clone().getCount(),
    redemptions: await redemptions.clone().getCount(),
    differing:
      (await lines
        .andWhere(`NOT EXISTS (${missing('it', PartnerRightEntity).where(isSame).getQuery()})`)
        .getCount()) +
      (await redemptions
        .andWhere(
          `NOT EXISTS (${missing('line', PartnerEntryEntity).where(`${isSame} AND ${isLine}`).getQuery()})`,
        )
        .getCount()),
  }
}
