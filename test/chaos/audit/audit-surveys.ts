import type { ClientLog, Write } from '../log/client-log.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import type { Books } from './read-books.js'

/**
 * A redemption has one answer at most, of its own member, as that member said it last; none is there that
 * nobody gave; and what counts as fulfilled is what was captured.
 */
export function auditSurveys(books: Books, { writes }: ClientLog): Finding[] {
  const answered = writes.filter(({ act }) => act === 'answer-survey')
  return [...auditAnswers(books, answered), ...auditFulfilled(books)]
}

interface Said {
  readonly redemptionId: string
  readonly score: number
  readonly comment: string | null
}

const saidIn = ({ asked }: Write) => asked.input as Said

function auditAnswers({ aftermath, redemptions }: Books, writes: readonly Write[]): Finding[] {
  const rows = groupBy(aftermath.answers, ({ redemption }) => redemption)
  const said = groupBy(writes, (write) => saidIn(write).redemptionId)
  return [...new Set([...rows.keys(), ...said.keys()])].flatMap((id): Finding[] => {
    const redemption = redemptions.find((it) => it.id === id)
    const wallet = redemption?.wallet ?? null
    const breach = (says: string) => [{ rule: 'survey', key: `redemption ${id}`, wallet, says }]
    const own = said.get(id) ?? []
    const [row, ...more] = rows.get(id) ?? []
    if (more.length > 0) return breach(`has ${more.length + 1} answers`)
    const refused = own.find(isRefusedAfterwards)
    if (refused) return breach(`was refused the answer ${refused.key}, which it had given`)
    const wrong = own.find(isToldOther)
    if (wrong) return breach(`was told that it gave another score than in ${wrong.key}`)
    if (!row)
      return own.some(isTold) ? breach('was told that its answer is there, and it is not') : []
    if (own.length === 0) return breach('has an answer, and nobody gave it')
    if (
      row.wallet !== wallet ||
      row.offer !== redemption?.offer ||
      row.channel !== redemption.channel
    ) {
      return breach(`is not what its answer is about: ${row.offer}, of wallet ${row.wallet}`)
    }
    if (
      couldBeLast(own).some(({ score, comment }) => score === row.score && comment === row.comment)
    ) {
      return []
    }
    return breach(`has the score ${row.score}, which is not what was said last`)
  })
}

const isTold = ({ attempts }: Write) => attempts.some(({ outcome }) => 'answer' in outcome)

/** Another score than it gave. */
function isToldOther(write: Write): boolean {
  const { score } = saidIn(write)
  return write.attempts.some(({ outcome }) => 'answer' in outcome && outcome.answer.score !== score)
}

function isRefusedAfterwards({ attempts }: Write): boolean {
  return attempts.some(
    ({ outcome, sentAt }) =>
      'refusal' in outcome &&
      attempts.some((before) => 'answer' in before.outcome && before.endedAt < sentAt),
  )
}

/** What was said when nobody had been heard since; what nobody heard of may have come to pass at any time. */
function couldBeLast(writes: readonly Write[]): Said[] {
  const attempts = writes.flatMap((write) => write.attempts.map((it) => ({ ...it, write })))
  const heard = attempts.filter(({ outcome }) => 'answer' in outcome)
  const last = Math.max(...heard.map(({ sentAt }) => sentAt))
  return attempts
    .filter(({ outcome, endedAt }) => 'silence' in outcome || endedAt >= last)
    .map(({ write }) => saidIn(write))
}

/** Counters by offer and by channel, which the share of who answered is counted by. */
function auditFulfilled({ redemptions, transactions, counters }: Books): Finding[] {
  const captured = new Set(
    transactions
      .filter(({ type, result }) => type === 'capture' && result?.redemptionId !== undefined)
      .map(({ result }) => String(result!.redemptionId)),
  )
  const should = new Map<string, number>()
  for (const { id, offer, channel } of redemptions) {
    if (!captured.has(id)) continue
    for (const name of [`fulfilled:${offer}`, `fulfilled-by:${channel}`]) {
      should.set(name, (should.get(name) ?? 0) + 1)
    }
  }
  const is = new Map<string, number>()
  for (const [counter, value] of counters) {
    const [kind = '', name = ''] = counter.split(':')
    if (!kind.startsWith('fulfilled')) continue
    is.set(`${kind}:${name}`, (is.get(`${kind}:${name}`) ?? 0) + value)
  }
  return [...new Set([...should.keys(), ...is.keys()])].flatMap((name) => {
    const counts = is.get(name) ?? 0
    const were = should.get(name) ?? 0
    if (counts === were) return []
    const says = `counts ${counts}, and ${were} redemptions were captured`
    return [{ rule: 'survey', key: name, wallet: null, says }]
  })
}
