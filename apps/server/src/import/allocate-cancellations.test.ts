import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Allocation, allocateCancellations } from './allocate-cancellations.js'
import type { Invoice } from './group-orders.js'

type Line = [article: string, units: number]

describe('L5: a cancellation that names no order', () => {
  it('takes from the latest order first, and from its last line first', () => {
    const { takes } = only([
      sale('1', 10, ['a', 5], ['a', 5]),
      sale('2', 20, ['a', 2], ['b', 9], ['a', 3]),
      cancellation('C3', 30, ['a', 8]),
    ])
    expect(show(takes)).toEqual(['2.2:3', '2.0:2', '1.1:3'])
  })

  it('takes from the earliest order and line first, where the mapping says so', () => {
    const invoices = [
      sale('1', 10, ['a', 5], ['a', 5]),
      sale('2', 20, ['a', 2]),
      cancellation('C3', 30, ['a', 11]),
    ]
    const { takes } = allocateCancellations(invoices, { takeBack: 'earliest-first' }).get(
      2,
    ) as Allocation
    expect(show(takes)).toEqual(['1.0:5', '1.1:5', '2.0:1'])
  })

  it('takes from the higher number among orders of one time, wherever they are in the file', () => {
    for (const [first, second] of [
      ['9', '10'],
      ['10', '9'],
      ['0009', '10'],
      ['A9', 'B1'],
      ['B1', 'A9'],
    ] as const) {
      const { takes } = only([
        sale(first, 10, ['a', 1]),
        sale(second, 10, ['a', 1]),
        cancellation('C', 10, ['a', 1]),
      ])
      const higher = first === '10' || first === 'B1' ? first : second
      expect(show(takes)).toEqual([`${higher}.0:1`])
    }
  })

  it('takes from an order of its own minute that came before it, and from none that came after', () => {
    const before = [sale('9', 10, ['a', 1]), cancellation('C1', 10, ['a', 2])]
    expect(only(before)).toMatchObject({
      takes: [{ order: '9', index: 0, units: 1 }],
      uncovered: [{ article: 'a', units: 1, of: 2 }],
    })
    const after = [cancellation('C1', 10, ['a', 2]), sale('0', 10, ['a', 5])]
    expect(only(after)).toMatchObject({ takes: [], uncovered: [{ units: 2, of: 2 }] })
  })

  it('takes only the very same article, with the case of its letters', () => {
    const { takes, uncovered } = only([
      sale('1', 10, ['85123A', 1], ['85123', 1]),
      cancellation('C2', 20, ['85123a', 1]),
    ])
    expect([takes, uncovered.length]).toEqual([[], 1])
  })

  it('leaves to the next what it left, and gives nothing twice', () => {
    const all = allocateCancellations(
      [
        sale('1', 10, ['a', 5]),
        cancellation('C2', 20, ['a', 3], ['a', 1]),
        sale('3', 30, ['a', 1]),
        cancellation('C4', 40, ['a', 4]),
      ],
      { takeBack: 'latest-first' },
    )
    expect(show(all.get(1)?.takes ?? [])).toEqual(['1.0:3', '1.0:1'])
    expect(show(all.get(3)?.takes ?? [])).toEqual(['3.0:1', '1.0:1'])
    expect(all.get(3)?.uncovered).toMatchObject([{ units: 2, of: 4 }])
  })

  it('never takes what was not bought before, takes all it can, and the latest there is', () => {
    const article = fc.constantFrom('a', 'b')
    const line = fc.tuple(article, fc.integer({ min: 1, max: 5 }))
    const invoice = fc.record({
      kind: fc.constantFrom('sale' as const, 'cancellation' as const),
      minutes: fc.integer({ min: 0, max: 2 }),
      lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    })
    fc.assert(
      fc.property(fc.array(invoice, { maxLength: 12 }), (drawn) => {
        let at = 0
        const invoices = drawn.map(({ kind, minutes, lines }, index) => {
          at += minutes
          // Numbers that do not follow the file.
          return make(kind, String((index * 7) % 13), at, lines)
        })
        const found = allocateCancellations(invoices, { takeBack: 'latest-first' })
        const units = openUnits()
        invoices.forEach((each, position) => {
          if (each.kind === 'sale') {
            units.add(each)
            return
          }
          const { takes, uncovered } = found.get(position) as Allocation
          expect(countUnits(takes)).toEqual(
            countUnits(each.lines.flatMap((own) => units.take(own))),
          )
          for (const own of each.lines) {
            const taken = takes.filter((take) => take.line === own.line)
            const missing = uncovered.find((miss) => miss.line === own.line)?.units ?? 0
            expect(taken.reduce((sum, take) => sum + take.units, 0) + missing).toBe(own.units)
          }
        })
      }),
    )
  })
})

/** The rule once more, as naive as can be: every unit a thing of its own. */
function openUnits() {
  const units: { order: string; at: number; index: number; article: string }[] = []
  return {
    add({ id, at, lines }: Invoice) {
      lines.forEach(({ article, units: count }, index) => {
        for (let unit = 0; unit < count; unit += 1) units.push({ order: id, at, index, article })
      })
    },
    take({ article, units: count }: { article: string; units: number }) {
      const taken: { order: string; index: number; units: number }[] = []
      for (let unit = 0; unit < count; unit += 1) {
        const best = units
          .filter((each) => each.article === article)
          .sort((a, b) => b.at - a.at || Number(b.order) - Number(a.order) || b.index - a.index)[0]
        if (!best) break
        units.splice(units.indexOf(best), 1)
        taken.push({ order: best.order, index: best.index, units: 1 })
      }
      return taken
    },
  }
}

function countUnits(takes: readonly { order: string; index: number; units: number }[]) {
  const counts: Record<string, number> = {}
  for (const { order, index, units } of takes) {
    counts[`${order}.${index}`] = (counts[`${order}.${index}`] ?? 0) + units
  }
  return counts
}

function show(takes: readonly { order: string; index: number; units: number }[]): string[] {
  return takes.map(({ order, index, units }) => `${order}.${index}:${units}`)
}

function only(invoices: Invoice[]): Allocation {
  const found = [...allocateCancellations(invoices, { takeBack: 'latest-first' }).values()]
  expect(found).toHaveLength(1)
  return found[0] as Allocation
}

let place = 0
function make(kind: Invoice['kind'], id: string, at: number, lines: Line[]): Invoice {
  place += 1000
  return {
    kind,
    id,
    customer: 'x',
    at,
    place,
    currency: 'GBP',
    region: null,
    lines: lines.map(([article, units], index) => ({
      line: place + index,
      article,
      units,
      unitPrice: '1',
      category: null,
    })),
  }
}
function sale(id: string, at: number, ...lines: Line[]) {
  return make('sale', id, at, lines)
}
function cancellation(id: string, at: number, ...lines: Line[]) {
  return make('cancellation', id, at, lines)
}
