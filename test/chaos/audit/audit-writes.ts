import { createHash } from 'node:crypto'
import type { Answer, Attempt, ClientLog, Write } from '../log/client-log.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import type { Books, TransactionRow } from './read-books.js'

/**
 * Every acknowledged write is in the journal exactly once, as it was answered; every other once or
 * not at all; every answer to the same key is the same; and nothing is there that nobody asked for.
 */
export function auditWrites(books: Books, { writes }: ClientLog): Finding[] {
  const journal = groupBy(books.transactions, ({ key }) => key)
  const known = new Set<string>()
  const findings = writes.flatMap((write) => {
    const key = journalKey(write, books)
    if (key === null) return auditAnswers(write, write.key, null)
    known.add(key)
    const rows = journal.get(key) ?? []
    const wallet = books.members.get(write.member) ?? null
    return [
      ...auditAnswers(write, key, wallet),
      ...auditTimes(write, rows, { key, wallet }),
      ...rows.flatMap((row) => auditContent(write, row, wallet)),
    ]
  })
  return [...findings, ...findStrangers(books, known), ...findDoubles(books)]
}

/** What the journal calls it; null for what moves no points, and for what must not be taken. */
function journalKey({ act, key, member }: Write, { members, payments }: Books): string | null {
  const ofMember = (text: string) => `redeem:${members.get(member)}:${hashOf(text)}`
  const ofPayment = (order: string) => payments.find((it) => it.order === order)?.ref ?? order
  switch (act) {
    case 'order':
      return `earn:purchase:${key}`
    case 'return':
      return `return:purchase:${key}`
    case 'cancel':
      return `cancel:purchase:${key}`
    case 'check-in':
      return `earn:check-in:${key}`
    case 'redeem':
      return ofMember(key)
    case 'cancel-redemption':
      return `redemption:${key}:refund`
    case 'pay':
      return `redemption:${key}:paid`
    case 'refund-money':
      return `redemption:${key}:refunded`
    case 'pay-with-points':
      return ofMember(JSON.stringify(['checkout', key]))
    case 'capture-payment':
      return `${ofPayment(key)}:capture`
    case 'release-payment':
      return `${ofPayment(key)}:release`
    case 'return-payment': {
      const [order = '', id = ''] = key.split('/')
      return `${ofPayment(order)}:return:${hashOf(id)}`
    }
    default:
      return null
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function answersOf({ attempts }: Write): Answer[] {
  return attempts.flatMap(({ outcome }) => ('answer' in outcome ? [outcome.answer] : []))
}

/** Whether the answer says that it is done; a cancellation may still be underway, and what nobody has
 * paid for yet is called off. */
function isDone({ act }: Write, { status }: Answer): boolean {
  return act !== 'cancel-redemption' || status === 'CANCELLED'
}

function auditAnswers(write: Write, key: string, wallet: number | null): Finding[] {
  const answers = answersOf(write)
  const names = ['transaction', 'points', 'redemption', 'code', 'discount'] as const
  const findings = names.flatMap((name): Finding[] => {
    const said = new Set(answers.flatMap((answer) => answer[name] ?? []))
    if (said.size < 2) return []
    const says = `was answered with more than one ${name}: ${[...said].join(', ')}`
    return [{ rule: 'one result', key, wallet, says }]
  })
  const last = write.attempts.at(-1)
  if (last?.phase === 'end' && 'silence' in last.outcome) {
    const says = `had no answer when all was calm: ${last.outcome.silence}`
    findings.push({ rule: 'one result', key, wallet, says })
  }
  return findings
}

function auditTimes(
  write: Write,
  rows: readonly TransactionRow[],
  { key, wallet }: { key: string; wallet: number | null },
): Finding[] {
  const isAcknowledged = answersOf(write).some((answer) => isDone(write, answer))
  const breach = (rule: string, says: string): Finding[] => [{ rule, key, wallet, says }]
  if (rows.length > 1) return breach('once', `is in the journal ${rows.length} times`)
  const [row] = rows
  if (!row) return isAcknowledged ? breach('lost', 'was acknowledged, and is not there') : []
  if (write.act === 'cancel-redemption') return []
  const refused = write.attempts.find(
    (attempt) => wasThereBefore(row, attempt) || wasAnsweredBefore(write, attempt),
  )
  return refused ? breach('one result', 'was refused when it was in the journal already') : []
}

function wasThereBefore({ recordedAt }: TransactionRow, { outcome, sentAt }: Attempt): boolean {
  return 'refusal' in outcome && recordedAt < sentAt
}

/** However far ahead the clock of a server was. */
function wasAnsweredBefore({ attempts }: Write, { outcome, sentAt }: Attempt): boolean {
  return (
    'refusal' in outcome &&
    attempts.some((before) => 'answer' in before.outcome && before.endedAt < sentAt)
  )
}

/** What is written is what was asked for and what was answered. */
function auditContent(write: Write, row: TransactionRow, wallet: number | null): Finding[] {
  const differs = (what: string, is: unknown, should: unknown): Finding[] =>
    is === should
      ? []
      : [
          {
            rule: 'content',
            key: row.key,
            wallet: row.wallet,
            says: `${what} is ${is} in the journal and should be ${should}`,
          },
        ]
  const [answer] = answersOf(write)
  const isEarned = ['order', 'return', 'cancel', 'check-in'].includes(write.act)
  return [
    ...differs('the wallet', row.wallet, wallet),
    ...(answer?.transaction !== undefined && write.act !== 'cancel-redemption'
      ? differs('the transaction', row.id, answer.transaction)
      : []),
    ...(isEarned && answer ? differs('the points', row.result?.points, answer.points) : []),
    ...(write.act === 'redeem' && answer
      ? differs('the redemption', row.result?.redemptionId, answer.redemption)
      : []),
    ...(write.act === 'order' ? differs('an order', row.result?.points, worthOf(write)) : []),
    ...(write.act === 'order' ? differs('the member', row.content.memberId, write.member) : []),
  ]
}

/** One point a yuan: what the programme of the run says. */
function worthOf({ asked }: Write): number {
  const { lines } = asked.input as { lines: { quantity: number; unitPrice: string }[] }
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * Number(unitPrice), 0)
}

const ASKED_FOR =
  /^((earn|return|cancel|redeem):|redemption:[^:]+:(paid|refunded)$|payment:.*:(capture|return:[^:]+)$)/

function findStrangers({ transactions }: Books, known: ReadonlySet<string>): Finding[] {
  return transactions
    .filter(({ key }) => ASKED_FOR.test(key) && !known.has(key))
    .map(({ key, wallet }) => ({
      rule: 'stranger',
      key,
      wallet,
      says: 'is in the journal, and nobody asked for it',
    }))
}

/** The same order under two keys would still be twice. */
function findDoubles({ transactions }: Books): Finding[] {
  const orders = transactions.filter(({ key }) => key.startsWith('earn:purchase:'))
  return [...groupBy(orders, ({ content }) => String(content.orderId))]
    .filter(([, rows]) => rows.length > 1)
    .map(([order, rows]) => ({
      rule: 'once',
      key: `order ${order}`,
      wallet: rows[0]!.wallet,
      says: `has earned ${rows.length} times: ${rows.map(({ id }) => id).join(', ')}`,
    }))
}
