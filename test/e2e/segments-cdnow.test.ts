import { isRefusal } from '@pointwell/ledger'
import { expect, it } from 'vitest'
import { fileName, oracle } from '../oracle/cdnow.mjs'
import { rfmOracle, type Scores } from '../oracle/rfm.mjs'
import { findSharedData } from '../support/shared-data.js'
import { openTestProgram } from '../support/test-program.js'

const file = findSharedData(fileName)
const AT_ONCE = 1_000

/** By the default segments, worked out anew. */
function segmentOf(scores: Scores | undefined): string {
  if (!scores || scores.recency === 1) return 'lost'
  if (scores.recency === 2) return 'sleeping'
  return scores.recency >= 4 && scores.frequency >= 4 ? 'loyal' : 'ordinary'
}

it.runIf(file)('M6: scores every customer of CDNOW as the oracle does', async () => {
  const { orderList } = oracle(file!)
  const expected = rfmOracle(orderList, { first: '19970701', last: '19980630' })
  const customers = [...new Set(orderList.map(({ customer }) => customer))]
  const test = await openTestProgram('memory', {
    time: { now: Date.parse('1998-06-30T23:00:00+08:00') },
    firstPolicy: { events: { maxAgeDays: 3_650 } },
  })
  const { program, time } = test
  for (let from = 0; from < customers.length; from += AT_ONCE) {
    const some = customers.slice(from, from + AT_ONCE)
    await program.members.registerMany(some.map((id) => ({ id })))
  }
  for (let from = 0; from < orderList.length; from += AT_ONCE) {
    const earned = await program.earnMany(
      orderList.slice(from, from + AT_ONCE).map(({ id: orderId, customer, date, cents }) => {
        const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
        const lines = [{ id: '1', quantity: 1, priceMinor: cents }]
        const at = Date.parse(`${day}T12:00:00+08:00`)
        return { source: 'purchase', memberId: customer, event: { orderId, at, lines } }
      }),
    )
    expect(earned.filter(isRefusal)).toEqual([])
  }

  const context = { now: time.now, signal: new AbortController().signal, report() {} }
  expect(await program.reviews.run(context)).toBe(`${customers.length} members`)

  const sizes: Record<string, number> = {}
  for (let from = 0; from < customers.length; from += AT_ONCE) {
    const found = await program.members.findMany(customers.slice(from, from + AT_ONCE))
    for (const { id, rfm, segments } of found.values()) {
      expect([id, rfm]).toEqual([id, expected.get(id) ?? null])
      const segment = segmentOf(expected.get(id))
      expect([id, ...segments]).toEqual([id, segment])
      sizes[segment] = (sizes[segment] ?? 0) + 1
    }
  }
  expect((await program.reviews.last())?.sizes).toEqual(sizes)
  expect(Object.keys(sizes).sort()).toEqual(['lost', 'loyal', 'ordinary', 'sleeping'])
})
