// An independent oracle for `pointwell import orders` on the "Online Retail" file.
//
// It reads the raw gzipped CSV and works out what every customer's balance must be. It shares no
// code with the product, on purpose: do not import anything of ours here, and do not import this
// from anywhere but tests. The rules it follows are numbered in README.md; the numbers in the
// comments below are those.
//
//   node test/oracle/online-retail.mjs [DATA_FOLDER] [--customer ID] [--balances]

import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'

export const fileName = 'online-retail-2010-12_2011-05.csv.gz'

/** The figures of the specification, counted by another program. */
export const expected = Object.freeze({
  customers: 2761,
  orders: 7365,
  cancellations: 1486,
  granted: 3271736,
  unitsTakenBack: 103015,
  unitsUncovered: 16323,
  balanceTotal: 3120793,
})

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const PRICE_UNITS_PER_POINT = 10_000n // prices are counted in 1/10000 pound (rule 6)

/**
 * @param {string} path the gzipped CSV
 * Points are whole numbers; quantities are units of an article; prices and values are BigInt in 1/10000 pound.
 */
export function oracle(path) {
  const { invoices, lines, skipped, faults } = readInvoices(path)
  const customers = new Map()
  const takes = [] // one entry for each purchase line that a cancellation line took units from
  const uncovered = [] // one entry for each cancellation line that purchases cover only in part or not at all

  for (const invoice of inPostingOrder(invoices)) {
    const customer = getCustomer(customers, invoice.customer)
    if (invoice.kind === 'sale') postSale(customer, invoice)
    else postCancellation({ customer, invoice, takes, uncovered })
  }

  const all = [...customers.values()]
  const balances = new Map(all.map((c) => [c.id, sum(c.orders, (order) => points(order.value))]))
  const result = {
    customers: customers.size,
    customersWithOrders: all.filter((c) => c.orders.length > 0).length,
    orders: sum(all, (c) => c.orders.length),
    ordersWithoutPoints: sum(all, (c) => c.orders.filter((order) => order.granted === 0).length),
    cancellations: sum(all, (c) => c.cancellations.length),
    granted: sum(all, (c) => sum(c.orders, (order) => order.granted)),
    unitsTakenBack: sum(takes, (take) => take.units),
    unitsUncovered: sum(uncovered, (miss) => miss.units),
    uncoveredLines: uncovered.length,
    ordersReturnedFrom: new Set(takes.map((take) => take.order)).size,
    cancellationOrderPairs: new Set(takes.map((take) => `${take.cancellation} ${take.order}`)).size,
    pointsTakenBack: sum(all, (c) => sum(c.orders, (order) => order.granted - points(order.value))),
    balanceTotal: sum([...balances.values()], (balance) => balance),
    lines,
    linesSkipped: Object.fromEntries(
      Object.entries(skipped).map(([reason, at]) => [reason, at.length]),
    ),
    faults,
    balances,
    perCustomer: customers,
    skippedLines: skipped,
    takes,
    uncovered,
  }
  return { ...result, hairiest: findHairiest(result) }
}

// ---------------------------------------------------------------- reading

function readInvoices(path) {
  const text = gunzipSync(readFileSync(path)).toString('utf8')
  const rows = text.split('\n')
  if (rows.at(-1) === '') rows.pop()
  if (rows[0] !== HEADER) throw new Error(`unexpected header: ${rows[0]}`)

  const invoices = new Map() // in the order of their first used line
  const skipped = { noCustomer: [], notProduct: [], neither: [] } // line numbers, by the first reason (rule 4)
  const faults = { noCustomer: 0, notProduct: 0, neither: 0 } // the same lines, counted under each reason they have

  for (let index = 1; index < rows.length; index += 1) {
    const lineNo = index + 1 // the header is line 1
    const row = parseRow(rows[index], lineNo)
    const reasons = Object.keys(skipped).filter((reason) => REASONS[reason](row))
    for (const reason of reasons) faults[reason] += 1
    if (reasons.length > 0) {
      skipped[reasons[0]].push(lineNo)
      continue
    }
    addLine(invoices, row, lineNo)
  }
  return { invoices: [...invoices.values()], lines: rows.length - 1, skipped, faults }
}

// Rules 2, 3 and 4. The order of the keys of `skipped` is the order of the reasons.
const REASONS = {
  noCustomer: (row) => row.customer === '',
  notProduct: (row) => !/^[0-9]{5}[A-Za-z]*$/.test(row.article),
  neither: (row) => kindOf(row) === undefined,
}

function kindOf({ number, quantity }) {
  if (/^[0-9]+$/.test(number) && quantity > 0) return 'sale'
  if (/^C[0-9]+$/.test(number) && quantity < 0) return 'cancellation'
  return undefined
}

function addLine(invoices, row, lineNo) {
  let invoice = invoices.get(row.number)
  if (invoice === undefined) {
    // Rule 5: the first used line gives the time, and its place in the file the invoice's place.
    invoice = {
      number: row.number,
      kind: kindOf(row),
      customer: row.customer,
      time: row.time,
      lineNo,
      lines: [],
    }
    invoices.set(row.number, invoice)
  }
  if (invoice.customer !== row.customer)
    throw new Error(`line ${lineNo}: invoice ${row.number} has two customers`)
  invoice.lines.push({
    lineNo,
    article: row.article,
    units: Math.abs(row.quantity),
    price: row.price,
  })
}

function parseRow(row, lineNo) {
  const cells = splitCsv(row)
  if (cells.length !== 8) throw new Error(`line ${lineNo}: ${cells.length} cells`)
  const [number, article, , quantity, time, price, customer] = cells
  if (!/^-?[0-9]+$/.test(quantity)) throw new Error(`line ${lineNo}: quantity ${quantity}`)
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$/.test(time)) {
    throw new Error(`line ${lineNo}: time ${time}`)
  }
  if (!/^([0-9]+\.0)?$/.test(customer)) throw new Error(`line ${lineNo}: customer ${customer}`)
  return {
    number,
    article,
    quantity: Number(quantity),
    time,
    price: parsePrice(price, lineNo),
    customer: customer.replace(/\.0$/, ''),
  }
}

function parsePrice(text, lineNo) {
  const match = /^([0-9]+)(?:\.([0-9]{1,4}))?$/.exec(text)
  if (match === null) throw new Error(`line ${lineNo}: price ${text}`)
  return BigInt(match[1] + (match[2] ?? '').padEnd(4, '0'))
}

function splitCsv(row) {
  if (!row.includes('"')) return row.split(',')
  const cells = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < row.length; at += 1) {
    const char = row[at]
    if (quoted && char === '"' && row[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  if (quoted) throw new Error(`a quoted cell runs over the end of its line: ${row}`)
  return [...cells, cell]
}

// ---------------------------------------------------------------- posting

// Rule 7. The time is written so that its text sorts as it does.
function inPostingOrder(invoices) {
  return [...invoices].sort((a, b) => compare(a.time, b.time) || a.lineNo - b.lineNo)
}

function getCustomer(customers, id) {
  let customer = customers.get(id)
  if (customer === undefined) {
    customer = { id, orders: [], cancellations: [] }
    customers.set(id, customer)
  }
  return customer
}

// Rules 8 and 9.
function postSale(customer, invoice) {
  const lines = invoice.lines.map((line) => ({ ...line, left: line.units }))
  const value = lines.reduce((total, line) => total + BigInt(line.units) * line.price, 0n)
  customer.orders.push({ ...invoice, lines, value, granted: points(value) })
}

// Rules 10 to 14.
function postCancellation({ customer, invoice, takes, uncovered }) {
  customer.cancellations.push(invoice)
  const latestFirst = [...customer.orders].sort(
    (a, b) => compare(b.time, a.time) || Number(b.number) - Number(a.number),
  )
  for (const line of invoice.lines) {
    let wanted = line.units
    for (const order of latestFirst) {
      for (const purchase of order.lines.toReversed()) {
        const units = purchase.article === line.article ? Math.min(wanted, purchase.left) : 0
        if (units === 0) continue
        wanted -= units
        purchase.left -= units
        order.value -= BigInt(units) * purchase.price
        takes.push({
          customer: customer.id,
          cancellation: invoice.number,
          cancellationLine: line.lineNo,
          order: order.number,
          orderLine: purchase.lineNo,
          article: line.article,
          units,
          price: purchase.price,
          sameTime: order.time === invoice.time,
        })
      }
    }
    if (wanted > 0) {
      uncovered.push({
        customer: customer.id,
        cancellation: invoice.number,
        cancellationLine: line.lineNo,
        article: line.article,
        units: wanted,
        of: line.units,
      })
    }
  }
}

function points(value) {
  return Number(value / PRICE_UNITS_PER_POINT) // BigInt division cuts off, and a value is never negative
}

// ---------------------------------------------------------------- the cases to look at first

// One customer for each thing that is easy to get wrong: whoever has most of it.
function findHairiest({ perCustomer, takes, uncovered, balances }) {
  const kinds = [
    [
      'takes back from an order of the same minute with a higher number (units)',
      sameMinuteHigherNumber(takes),
    ],
    [
      'takes back lines of price zero (units)',
      count(takes, (take) => (take.price === 0n ? take.units : 0)),
    ],
    [
      'takes back from one order that has the article at two prices (units)',
      mixedPrices(perCustomer, takes),
    ],
    [
      'cancellation lines that reach over more than one purchase line (lines reached)',
      reaches(takes),
    ],
    ['cancellation lines covered only in part (units not covered)', count(uncovered, partly)],
  ]
  const chosen = new Set()
  const cases = []
  for (const [why, scores] of kinds) {
    const best = [...scores]
      .filter(([id, score]) => score > 0 && !chosen.has(id))
      .sort(([idA, a], [idB, b]) => b - a || compare(idA, idB))[0]
    if (best === undefined) continue
    const [id, score] = best
    chosen.add(id)
    const { orders, cancellations } = perCustomer.get(id)
    cases.push({
      customer: id,
      why,
      score,
      orders: orders.length,
      cancellations: cancellations.length,
      balance: balances.get(id),
    })
  }
  return cases
}

const partly = (miss) => (miss.units < miss.of ? miss.units : 0)

const sameMinuteHigherNumber = (takes) =>
  count(takes, (take) =>
    take.sameTime && Number(take.order) > Number(take.cancellation.slice(1)) ? take.units : 0,
  )

function mixedPrices(perCustomer, takes) {
  return count(takes, (take) => {
    const order = perCustomer.get(take.customer).orders.find(({ number }) => number === take.order)
    return order.lines.some((line) => line.article === take.article && line.price !== take.price)
      ? take.units
      : 0
  })
}

function reaches(takes) {
  const byLine = new Map()
  for (const take of takes)
    byLine.set(take.cancellationLine, (byLine.get(take.cancellationLine) ?? 0) + 1)
  return count(takes, (take) => (byLine.get(take.cancellationLine) > 1 ? 1 : 0))
}

function count(entries, weigh) {
  const scores = new Map()
  for (const entry of entries)
    scores.set(entry.customer, (scores.get(entry.customer) ?? 0) + weigh(entry))
  return scores
}

// ---------------------------------------------------------------- small things

function compare(a, b) {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function sum(entries, figure) {
  return entries.reduce((total, entry) => total + figure(entry), 0)
}

// ---------------------------------------------------------------- run directly

/** One customer's story in lines of text: the invoices in posting order, and what each took back from where. */
export function tellStory({ perCustomer, takes, uncovered, balances }, id) {
  const customer = perCustomer.get(id)
  if (customer === undefined) return [`no customer ${id}`]
  const story = [`customer ${id}, balance ${balances.get(id)}`]
  for (const invoice of inPostingOrder([...customer.orders, ...customer.cancellations])) {
    if (invoice.kind === 'sale') {
      const returned = invoice.granted - points(invoice.value)
      story.push(
        `${invoice.time} order ${invoice.number}: +${invoice.granted}, of which taken back later ${returned}`,
      )
      continue
    }
    story.push(`${invoice.time} cancellation ${invoice.number}`)
    for (const take of takes.filter(({ cancellation }) => cancellation === invoice.number)) {
      const from = `order ${take.order} (line ${take.orderLine}, at ${Number(take.price) / 10_000})`
      story.push(`  line ${take.cancellationLine}: ${take.units} of ${take.article} from ${from}`)
    }
    for (const miss of uncovered.filter(({ cancellation }) => cancellation === invoice.number)) {
      story.push(
        `  line ${miss.cancellationLine}: ${miss.units} of ${miss.article} not covered, of ${miss.of}`,
      )
    }
  }
  return story
}

function main(args) {
  const customerAt = args.indexOf('--customer')
  const id = customerAt >= 0 ? args.splice(customerAt, 2)[1] : undefined
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
  if (id !== undefined) {
    console.log(tellStory(result, id).join('\n'))
    return 0
  }
  if (args.includes('--balances')) {
    for (const [customer, balance] of [...result.balances].sort(([a], [b]) => compare(a, b))) {
      console.log(`${customer},${balance}`)
    }
    return 0
  }
  const { balances, perCustomer, skippedLines, takes, uncovered, hairiest, ...totals } = result
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
