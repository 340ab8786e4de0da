import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import type { TimePlace } from './page-by-time.js'

/**
 * Of the rows that a query is for, those that come after a place in a list that goes by time, in its order and
 * at most `limit`: what `pageByTime` wants found. `by`: the columns of the instant and of the id.
 */
export function rowsAfter<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  {
    by: [at, id],
    order,
    after,
    limit,
  }: {
    readonly by: readonly [at: string, id: string]
    readonly order: 'ASC' | 'DESC'
    readonly after: TimePlace | null
    readonly limit: number
  },
): Promise<Row[]> {
  query.orderBy(at, order).addOrderBy(id, order).limit(limit)
  if (after) {
    const beyond = order === 'ASC' ? '>' : '<'
    query.andWhere(
      `(${at} ${beyond} :afterAt OR (${at} = :afterAt AND ${id} ${beyond} :afterId))`,
      { afterAt: after.at, afterId: after.id },
    )
  }
  return query.getMany()
}
