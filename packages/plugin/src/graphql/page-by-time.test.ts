import { describe, expect, it } from 'vitest'
import { pageByTime, type TimePlace } from './page-by-time.js'

const ITEMS: readonly TimePlace[] = [
  { at: 1, id: 'b' },
  { at: 1, id: 'c' },
  { at: 2, id: 'a' },
  { at: 5, id: 'z' },
]

/** A list that goes forwards, and notes what it was asked for. */
function listOf(list = 'things') {
  const asked: { after: TimePlace | null; limit: number }[] = []
  const page = (first: number, after?: string | null) =>
    pageByTime({
      list,
      page: { first, after: after ?? null },
      async find(wanted) {
        asked.push(wanted)
        const { after: place, limit } = wanted
        const isBehind = ({ at, id }: TimePlace) =>
          place === null || at > place.at || (at === place.at && id > place.id)
        return ITEMS.filter(isBehind).slice(0, limit)
      },
      placeOf: (item) => item,
      nodeOf: ({ id }) => id,
    })
  return { asked, page }
}

describe('A1: a page of a list that goes by time', () => {
  it.each([1, 2, 3, 4, 5])('has each item once, %i at a time', async (first) => {
    const { asked, page } = listOf()
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const { nodes, edges, pageInfo } = await page(first, after)
      expect(edges.map(({ node }) => node)).toEqual(nodes)
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      seen.push(...nodes)
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor ?? null
    }
    expect(seen).toEqual(['b', 'c', 'a', 'z'])
    expect(asked.every(({ limit }) => limit === first + 1)).toBe(true)
    expect(asked[0]?.after).toBeNull()
  })

  it('refuses a cursor of another list, and a page of no size', async () => {
    const { page } = listOf()
    const { pageInfo } = await listOf('others').page(1)
    for (const wrong of [pageInfo.endCursor, 'nonsense']) {
      await expect(page(1, wrong)).rejects.toMatchObject({ extensions: { field: 'after' } })
    }
    for (const first of [0, 101]) {
      await expect(page(first)).rejects.toMatchObject({ extensions: { field: 'first' } })
    }
  })
})
