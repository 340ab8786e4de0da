import 'reflect-metadata'
import fc from 'fast-check'
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TimePlace } from './page-by-time.js'
import { rowsAfter } from './rows-after.js'

@Entity('tin')
class TinEntity {
  @PrimaryColumn({ type: 'varchar' })
  id!: string

  @Column({ type: 'bigint' })
  at!: number

  @Column({ type: 'boolean' })
  full!: boolean
}

describe('A1: the rows of a list that goes by time', () => {
  const database = new DataSource({
    type: 'better-sqlite3',
    database: ':memory:',
    entities: [TinEntity],
    synchronize: true,
  })
  beforeAll(() => database.initialize())
  afterAll(() => database.destroy())

  const tins = fc.uniqueArray(
    fc.record({
      // Few instants, so that many are at once.
      at: fc.integer({ min: 1, max: 4 }),
      id: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }),
      full: fc.boolean(),
    }),
    { selector: ({ id }) => id, maxLength: 20 },
  )

  it.each(['ASC', 'DESC'] as const)('come once each, a page at a time, %s', async (order) => {
    await fc.assert(
      fc.asyncProperty(tins, fc.integer({ min: 1, max: 5 }), async (all, limit) => {
        await database.getRepository(TinEntity).clear()
        await database.getRepository(TinEntity).insert(all)
        const found: string[] = []
        for (let after: TimePlace | null = null; ; ) {
          // With `at` as a name of the caller's own.
          const query = database
            .createQueryBuilder(TinEntity, 'tin')
            .where('tin.full = :full AND tin.at < :at', { full: true, at: 4 })
          const page: TinEntity[] = await rowsAfter(query, {
            by: ['tin.at', 'tin.id'],
            order,
            after,
            limit,
          })
          expect(page.length).toBeLessThanOrEqual(limit)
          if (page.length === 0) break
          found.push(...page.map(({ id }) => id))
          after = { at: Number(page.at(-1)!.at), id: page.at(-1)!.id }
        }
        const wanted = all
          .filter(({ at, full }) => full && at < 4)
          .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
          .map(({ id }) => id)
        expect(found).toEqual(order === 'ASC' ? wanted : wanted.reverse())
      }),
    )
  })
})
