import type { Row } from './row.js'

const TITLES = ['row', 'store', 'A', 'B', 'A ÷ B', 'from–to', 'aim', 'met', 'unit']

/** The rows as one table, and below it what A and B are. */
export function printTable(rows: readonly Row[]): string {
  const lines = [TITLES, ...rows.map(cellsOf)]
  const widths = TITLES.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const table = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  const legend = rows.map(
    ({ name, store, a, b, note }) =>
      `${name} (${store})\n  A: ${a}\n  B: ${b}${note === undefined ? '' : `\n  ${note}`}`,
  )
  return [...table, '', ...legend, ''].join('\n')
}

function cellsOf(row: Row): string[] {
  const { name, store, medianA, medianB, unit, ratio, lowest, highest, aim, met } = row
  return [
    name,
    store,
    figure(medianA),
    figure(medianB),
    figure(ratio),
    Number.isFinite(lowest) ? `${figure(lowest)}–${figure(highest)}` : '–',
    aim === undefined ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`,
    met === undefined ? '' : met ? 'yes' : 'NO',
    unit,
  ]
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 100 ? 0 : 2)
}
