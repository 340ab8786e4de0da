// An independent oracle for `pointwell import orders` on the CDNOW master file.
//
// Shares no code with the product, on purpose (see online-retail.mjs). The rules it follows are
// numbered in README.md.
//
//   node test/oracle/cdnow.mjs [DATA_FOLDER] [--balances]

import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'

export const fileName = 'cdnow_master.txt.gz'

/** The first five are of the data's own description; the others were counted by this and a second program. */
export const expected = Object.freeze({
  customers: 23570,
  orders: 69659,
  amountCents: 250031563,
  ordersOfAmountZero: 80,
  exactDuplicates: 255,
  granted: 2453159,
  balanceTotal: 2453159,
})

const CENTS_PER_POINT = 100

/**
 * @param {string} path the gzipped text file
 * Points and cents are whole numbers.
 */
export function oracle(path) {
  const rows = gunzipSync(readFileSync(path)).toString('utf8').split('\n')
  if (rows.at(-1).trim() === '') rows.pop()
  if (rows[0].trim().split(/\s+/).join(' ') !== 'customer_id date number_of_cds dollar_value') {
    throw new Error(`unexpected header: ${rows[0]}`)
  }

  const orders = []
  const occurrences = new Map() // by customer and date
  const identical = new Map() // by the whole content of a line
  for (let index = 1; index < rows.length; index += 1) {
    const order = parseRow(rows[index], index + 1)
    const day = `${order.customer}-${order.date}`
    const content = `${day}-${order.discs}-${order.cents}`
    const occurrence = next(occurrences, day)
    orders.push({ ...order, id: `${day}-${occurrence}`, duplicate: next(identical, content) > 1 })
  }

  const balances = new Map()
  for (const { customer, points } of orders)
    balances.set(customer, (balances.get(customer) ?? 0) + points)
  const granted = orders.reduce((total, order) => total + order.points, 0)
  return {
    customers: balances.size,
    orders: orders.length,
    amountCents: orders.reduce((total, order) => total + order.cents, 0),
    ordersOfAmountZero: orders.filter((order) => order.cents === 0).length,
    ordersWithoutPoints: orders.filter((order) => order.points === 0).length,
    exactDuplicates: orders.filter((order) => order.duplicate).length,
    customersWithoutPoints: [...balances.values()].filter((balance) => balance === 0).length,
    granted,
    balanceTotal: [...balances.values()].reduce((total, balance) => total + balance, 0),
    balances,
    orderList: orders,
    hairiest: findHairiest(orders, balances),
  }
}

function parseRow(row, lineNo) {
  const match = /^\s*([0-9]{5})\s+([0-9]{8})\s+([0-9]+)\s+([0-9]+)\.([0-9]{2})\s*$/.exec(row)
  if (match === null) throw new Error(`line ${lineNo}: ${row}`)
  const [, customer, date, discs, dollars, hundredths] = match
  const cents = Number(dollars + hundredths)
  return {
    lineNo,
    customer,
    date,
    discs: Number(discs),
    cents,
    points: Math.floor(cents / CENTS_PER_POINT),
  }
}

function next(counters, key) {
  const value = (counters.get(key) ?? 0) + 1
  counters.set(key, value)
  return value
}

// One customer for each thing that is easy to get wrong: whoever has most of it.
function findHairiest(orders, balances) {
  const kinds = [
    ['orders on one day', mostOnOneDay(orders)],
    ['exact duplicates', count(orders, (order) => (order.duplicate ? 1 : 0))],
    ['orders of amount zero', count(orders, (order) => (order.cents === 0 ? 1 : 0))],
    ['orders', count(orders, () => 1)],
    [
      'cents lost by the floor of each order',
      count(orders, (order) => order.cents % CENTS_PER_POINT),
    ],
  ]
  const chosen = new Set()
  return kinds.map(([why, scores]) => {
    const [customer, score] = [...scores]
      .filter(([id]) => !chosen.has(id))
      .sort(([idA, a], [idB, b]) => b - a || Number(idA) - Number(idB))[0]
    chosen.add(customer)
    return { customer, why, score, balance: balances.get(customer) }
  })
}

function mostOnOneDay(orders) {
  const most = new Map()
  for (const { customer, id } of orders) {
    most.set(customer, Math.max(most.get(customer) ?? 0, Number(id.split('-')[2])))
  }
  return most
}

function count(orders, weigh) {
  const scores = new Map()
  for (const order of orders)
    scores.set(order.customer, (scores.get(order.customer) ?? 0) + weigh(order))
  return scores
}

function main(args) {
  const folder =
    args.find((arg) => !arg.startsWith('--')) ??
    fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const path = join(folder, fileName)
  if (!existsSync(path)) {
    console.error(`${fileName} is not in ${folder}: give the data folder as the argument`)
    return 2
  }
  const started = performance.now()
  const result = oracle(path)
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  if (args.includes('--balances')) {
    for (const [customer, balance] of [...result.balances].sort(([a], [b]) => (a < b ? -1 : 1))) {
      console.log(`${customer},${balance}`)
    }
    return 0
  }
  const { balances, orderList, hairiest, ...totals } = result
  console.log(totals)
  console.table(hairiest)
  const wrong = Object.keys(expected).filter((figure) => result[figure] !== expected[figure])
  for (const figure of wrong)
    console.error(`${figure}: expected ${expected[figure]}, counted ${result[figure]}`)
  console.log(
    wrong.length === 0 ? `all figures as expected, ${seconds} s` : `${wrong.length} figures differ`,
  )
  return wrong.length === 0 ? 0 : 1
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = main(process.argv.slice(2))
}
