import { createHash } from 'node:crypto'
import type { ClientLog, Write } from '../log/client-log.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import type { Books, EntryRow, TransactionRow } from './read-books.js'
import type { PaymentRow } from './read-channels.js'

/** What is partly money, and points as money: paid and given, or the points are back, to their very lots. */
export function auditMoney(books: Books, { writes }: ClientLog): Finding[] {
  const keys = new Map(books.transactions.map((row) => [row.key, row]))
  const entries = groupBy(books.entries, ({ wallet, version }) => `${wallet}-${version}`)
  return [
    ...auditCash(books, writes),
    ...books.payments.flatMap((payment) =>
      auditPayment(payment, { keys, transactions: books.transactions }),
    ),
    ...auditLots(books, entries),
    ...auditReturns(books, writes),
  ]
}

const isTold = ({ attempts }: Write) => attempts.some(({ outcome }) => 'answer' in outcome)

function auditCash({ redemptions }: Books, writes: readonly Write[]): Finding[] {
  const told = new Map(
    writes.filter((it) => it.act === 'pay' && isTold(it)).map((it) => [it.key, it]),
  )
  const findings = redemptions.flatMap(({ id, wallet, status, cash }): Finding[] => {
    const breach = (says: string) => [{ rule: 'cash', key: `redemption ${id}`, wallet, says }]
    const pay = told.get(id)
    told.delete(id)
    if (!cash) return pay ? breach('was paid, and costs no money') : []
    if (cash.paid === null) {
      if (pay) return breach('was told it is paid, and it is not')
      return status === 'fulfilled' || status === 'cancelled'
        ? breach(`is ${status}, and nobody has paid`)
        : []
    }
    const { reference } = (pay?.asked.input ?? {}) as { reference?: string }
    if (reference !== undefined && cash.paid.reference !== reference) {
      return breach(`was paid by ${cash.paid.reference}, and ${reference} was told`)
    }
    const isGiven = status === 'fulfilled'
    return cash.refunded && isGiven ? breach('was given, and its money went back') : []
  })
  const wrong = writes.filter((it) => it.act === 'pay-wrong' && isTold(it))
  return [
    ...findings,
    ...wrong.map(({ key }) => ({
      rule: 'cash',
      key,
      wallet: null,
      says: 'another amount than was asked for was taken',
    })),
    ...[...told.keys()].map((id) => ({
      rule: 'cash',
      key: `redemption ${id}`,
      wallet: null,
      says: 'was told it is paid, and there is no such redemption',
    })),
  ]
}

const ENDS: Readonly<Record<string, string>> = { captured: 'capture', released: 'release' }

function auditPayment(
  { order, wallet, status, points, paysMinor, returnedMinor, returnedPoints, ref }: PaymentRow,
  {
    keys,
    transactions,
  }: {
    readonly keys: ReadonlyMap<string, TransactionRow>
    readonly transactions: readonly TransactionRow[]
  },
): Finding[] {
  const findings: Finding[] = []
  const breach = (says: string) =>
    findings.push({ rule: 'checkout', key: `order ${order}`, wallet, says })
  const end = ENDS[status]
  if (!end) breach(`is ${status} for ever`)
  for (const name of ['capture', 'release']) {
    const is = keys.has(`${ref}:${name}`)
    if (is !== (name === end)) breach(`is ${status}, and has ${is ? 'a' : 'no'} ${name}`)
  }
  const returns = transactions.filter(({ key }) => key.startsWith(`${ref}:return:`))
  const minor = returns.reduce((sum, { content }) => sum + amountOf(content), 0)
  if (minor !== returnedMinor) breach(`says ${returnedMinor} came back, and the journal ${minor}`)
  const due = Number((BigInt(points) * BigInt(minor)) / BigInt(paysMinor))
  if (returnedPoints !== due) breach(`gave back ${returnedPoints} points of ${due}`)
  return findings
}

function amountOf(content: Readonly<Record<string, unknown>>): number {
  return Number((content.amount as { amountMinor?: number } | undefined)?.amountMinor)
}

/** Every refund puts into a lot what was taken of it, and no more. */
function auditLots(
  { payments, transactions, redemptions }: Books,
  entries: ReadonlyMap<string, readonly EntryRow[]>,
): Finding[] {
  const holds = new Map<string, { taken: Map<number, number>; wallet: number; back: number }>()
  const nameOf = ({ key, result }: TransactionRow) =>
    result?.redemptionId !== undefined
      ? `redemption ${result.redemptionId}`
      : (payments.find(({ ref }) => key.startsWith(`${ref}:`)) ?? { order: result?.orderId }).order
  const findings: Finding[] = []
  for (const row of transactions) {
    if (!['hold', 'release', 'refund'].includes(row.type)) continue
    const name = String(nameOf(row))
    const own = entries.get(row.id) ?? []
    if (row.type === 'hold') {
      const taken = new Map<number, number>()
      for (const { account, lot, amount } of own) {
        if (account === 'held' && lot !== null) taken.set(lot, (taken.get(lot) ?? 0) + amount)
      }
      // An order that was let go of can be paid anew: each hold by itself.
      holds.set(name, { taken, wallet: row.wallet, back: 0 })
      continue
    }
    const hold = holds.get(name)
    if (!hold) continue
    const from = row.type === 'release' ? 'held' : 'redeemed:'
    for (const { account, lot, amount } of own) {
      if (!account.startsWith(from) || lot === null) continue
      // What leaves the account that has it is less than nothing.
      const left = (hold.taken.get(lot) ?? 0) + amount
      hold.taken.set(lot, left)
      hold.back += Math.abs(amount)
      if (left >= 0) continue
      const says = `lot ${lot} was given back ${-left} more than was taken of it`
      findings.push({ rule: 'lots', key: name, wallet: row.wallet, says })
    }
  }
  for (const payment of payments) {
    if (payment.status !== 'captured') continue
    const back = holds.get(payment.order)?.back ?? 0
    if (back === payment.returnedPoints) continue
    const says = `${back} points went back to its lots, and ${payment.returnedPoints} should have`
    findings.push({ rule: 'lots', key: payment.order, wallet: payment.wallet, says })
  }
  for (const { id, wallet, status, points } of redemptions) {
    if (status === 'fulfilled') continue
    const back = holds.get(`redemption ${id}`)?.back ?? 0
    if (back === points) continue
    const says = `is ${status}, and ${back} of ${points} points went back to its lots`
    findings.push({ rule: 'lots', key: `redemption ${id}`, wallet, says })
  }
  return findings
}

/** A return that was acknowledged is in the journal with its amount. */
function auditReturns({ payments, transactions }: Books, writes: readonly Write[]): Finding[] {
  const amounts = new Map(transactions.map(({ key, content }) => [key, amountOf(content)]))
  return writes
    .filter((it) => it.act === 'return-payment' && isTold(it))
    .flatMap((write): Finding[] => {
      const { orderId, returnId, amount } = write.asked.input as Record<string, string>
      const payment = payments.find(({ order }) => order === orderId)
      const hash = createHash('sha256').update(returnId!).digest('base64url')
      const is = amounts.get(`${payment?.ref}:return:${hash}`)
      const should = Math.round(Number.parseFloat(amount!) * 100)
      if (is === should) return []
      const says = `was told that ${should} came back, and the journal says ${is ?? 'nothing'}`
      return [{ rule: 'checkout', key: write.key, wallet: payment?.wallet ?? null, says }]
    })
}
