// An independent oracle for RFM scores over the CDNOW orders. Shares no code with the product, on
// purpose (see online-retail.mjs). The rules it follows are numbered in README.md.

/**
 * @param {{ customer: string, date: string, cents: number }[]} orders dates are `YYYYMMDD`
 * @param {{ first: string, last: string }} window both days are in it
 * @returns {Map<string, { recency: number, frequency: number, monetary: number }>} of those who ordered in it
 */
export function rfmOracle(orders, { first, last }) {
  const figures = new Map()
  for (const { customer, date, cents } of orders) {
    if (date < first || date > last) continue
    const known = figures.get(customer) ?? { recency: 0, frequency: 0, monetary: 0 }
    figures.set(customer, {
      recency: Math.max(known.recency, Number(date)),
      frequency: known.frequency + 1,
      monetary: known.monetary + cents,
    })
  }
  const scores = new Map([...figures.keys()].map((customer) => [customer, {}]))
  for (const figure of ['recency', 'frequency', 'monetary']) {
    const row = [...figures].sort(([, one], [, other]) => one[figure] - other[figure])
    const places = new Map() // by value: the sum of its places, and how many have it
    for (const [place, [, it]] of row.entries()) {
      const [sum, count] = places.get(it[figure]) ?? [0, 0]
      places.set(it[figure], [sum + place, count + 1])
    }
    for (const [customer, it] of figures) {
      const [sum, count] = places.get(it[figure])
      scores.get(customer)[figure] =
        figures.size < 5 ? 3 : 1 + Math.floor((5 * (sum / count)) / figures.size)
    }
  }
  return scores
}
