import {
  type EntityManager,
  type FindOptionsOrder,
  type FindOptionsSelect,
  type FindOptionsWhere,
  In,
  type ObjectLiteral,
  type QueryDeepPartialEntity,
} from 'typeorm'
import type { PluginStore } from '../contract/plugin.js'
import { writeOnce } from './write-once.js'

/** `void`: taken out of the pool before anybody got it, or given back. */
export type CodeStatus = 'free' | 'given' | 'void'

/** A code of an offer's pool, as a plugin keeps it: offer and code are its key, its redemption is unique. */
export interface PooledCode {
  offerId: string
  code: string
  status: CodeStatus
  /** Who got it: one code a redemption, whatever happens. */
  redemptionId: string | null
  /** Epoch milliseconds. */
  importedAt: number
}

/** How many codes of an offer are still to be given, were given, and were taken out before. */
export interface PoolCounts {
  readonly free: number
  readonly given: number
  readonly void: number
}

/** What happened in the transaction that changed a pool. */
export type PoolChanged = (
  manager: EntityManager,
  change: { readonly before: PoolCounts; readonly after: PoolCounts },
) => Promise<void>

/** Pools of codes in a table of a plugin's own (R9–R11). */
export interface CodePool<C extends PooledCode & ObjectLiteral> {
  count(store: PluginStore, offerId: string): Promise<PoolCounts>
  /**
   * Puts codes into the pool of an offer, all in one transaction; answers with those that are new. What the
   * pool has already, free, given or void, stays as it is: the same import again changes nothing. `codes`: each
   * once. `more`: what else stands in each row.
   */
  import(
    store: PluginStore,
    request: {
      readonly offerId: string
      readonly codes: readonly string[]
      readonly now: number
      readonly more?: Partial<Omit<C, keyof PooledCode>>
      readonly written: PoolChanged
    },
  ): Promise<ReadonlySet<string>>
  /** Takes codes out that nobody got; answers with what became of each that the pool has: `given` stays with
   * whom it was given to. */
  void(
    store: PluginStore,
    request: {
      readonly offerId: string
      readonly codes: readonly string[]
      readonly written: PoolChanged
    },
  ): Promise<ReadonlyMap<string, CodeStatus>>
  /** Some codes that may be given; of several calls at once each takes one of its own. `more`: only those whose
   * rows have this, too. */
  findFree(
    store: PluginStore,
    request: {
      readonly offerId: string
      readonly more?: Partial<Omit<C, keyof PooledCode>>
      readonly limit: number
    },
  ): Promise<string[]>
  /** Gives a code to a redemption; false where somebody else has it. */
  take(
    manager: EntityManager,
    request: { readonly offerId: string; readonly code: string; readonly redemptionId: string },
  ): Promise<boolean>
}

/** Over the entity of the plugin's own table. */
export function codePoolOf<C extends PooledCode & ObjectLiteral>(entity: new () => C): CodePool<C> {
  const where = (it: Partial<Record<keyof PooledCode, unknown>>) => it as FindOptionsWhere<C>
  const change = (it: Partial<PooledCode>) => it as QueryDeepPartialEntity<C>

  const countIn = async (manager: EntityManager, offerId: string): Promise<PoolCounts> => {
    const rows: StatusCount[] = await manager
      .createQueryBuilder(entity, 'it')
      .select('it.status', 'status')
      .addSelect('COUNT(*)', 'codes')
      .where('it.offerId = :offerId', { offerId })
      .groupBy('it.status')
      .getRawMany()
    return poolCounts(rows)
  }
  const statusesOf = async (
    manager: EntityManager,
    { offerId, codes }: { readonly offerId: string; readonly codes: readonly string[] },
  ): Promise<Map<string, CodeStatus>> => {
    const rows = await manager.findBy(entity, where({ offerId, code: In([...codes]) }))
    return new Map(rows.map(({ code, status }) => [code, status]))
  }

  return {
    count: (store, offerId) => store.read((manager) => countIn(manager, offerId)),

    import: (store, { offerId, codes, now, more, written }) =>
      writeOnce(store, async (manager) => {
        const known = await statusesOf(manager, { offerId, codes })
        const fresh = codes.filter((code) => !known.has(code))
        if (fresh.length === 0) return new Set<string>()
        const before = await countIn(manager, offerId)
        const row = { ...more, offerId, status: 'free' as const, redemptionId: null }
        const rows = fresh.map((code) => change({ ...row, code, importedAt: now }))
        await manager.insert(entity, rows)
        await written(manager, { before, after: await countIn(manager, offerId) })
        return new Set(fresh)
      }),

    void: (store, { offerId, codes, written }) =>
      store.write(async (manager) => {
        const before = await countIn(manager, offerId)
        const free = where({ offerId, code: In([...codes]), status: 'free' })
        const { affected } = await manager.update(entity, free, change({ status: 'void' }))
        if (affected) await written(manager, { before, after: await countIn(manager, offerId) })
        return statusesOf(manager, { offerId, codes })
      }),

    async findFree(store, { offerId, more, limit }) {
      const rows = await store.read((manager) =>
        manager.find(entity, {
          select: { code: true } as FindOptionsSelect<C>,
          where: where({ ...more, offerId, status: 'free' }),
          order: { code: 'ASC' } as FindOptionsOrder<C>,
          take: limit,
        }),
      )
      return rows.map(({ code }) => code)
    },

    async take(manager, { offerId, code, redemptionId }) {
      const free = where({ offerId, code, status: 'free' })
      const given = change({ status: 'given', redemptionId })
      const { affected } = await manager.update(entity, free, given)
      return affected === 1
    },
  }
}

/** How many rows of a pool have a status, as the database says it. */
export interface StatusCount {
  readonly status: CodeStatus
  readonly codes: string | number
}

export function poolCounts(rows: readonly StatusCount[]): PoolCounts {
  const of = (status: CodeStatus) => Number(rows.find((row) => row.status === status)?.codes ?? 0)
  return { free: of('free'), given: of('given'), void: of('void') }
}
