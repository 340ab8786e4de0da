import { createHash } from 'node:crypto'
import type { ClientLog, Write } from '../log/client-log.js'
import { PLAYBOOK_BUDGET, PLAYBOOK_RESERVE } from '../stage/programme.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import type { OfferSettings, PlaybookRow, ShareRow } from './read-aftermath.js'
import type { Books } from './read-books.js'

type Settings = Pick<OfferSettings, 'active' | 'pointsAndCash'>

/** So many times what the offer would have cost: what a new programme says. */
const FACTOR_TENTHS = 15

/**
 * Each playbook is one that was asked for, and has come to its end; who came too late is made up to once for
 * each time, with so many points, out of the budget and not of what is kept of it; and offers are as playbooks
 * left them.
 */
export function auditPlaybooks(books: Books, { writes }: ClientLog): Finding[] {
  return [
    ...auditEnds(books, writes),
    ...auditShares(books),
    ...auditMissed(books, writes),
    ...auditBudget(books),
    ...auditOffers(books, writes),
  ]
}

const found = (key: string, says: string, wallet: number | null = null): Finding => ({
  rule: 'playbook',
  key,
  wallet,
  says,
})

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')
const isTold = ({ attempts }: Write) => attempts.some(({ outcome }) => 'answer' in outcome)

function auditEnds(
  { aftermath: { playbooks, shares } }: Books,
  writes: readonly Write[],
): Finding[] {
  const applied = new Map(
    writes.filter(({ act }) => act === 'apply-playbook').map((it) => [hashOf(it.key), it]),
  )
  const reverted = new Map(
    writes.filter(({ act }) => act === 'revert-playbook').map((it) => [it.key, it]),
  )
  const findings: Finding[] = []
  const ofPlaybook = groupBy(shares, ({ playbook }) => playbook)
  for (const { id, requestKey, state, reached, points, nextTryAt } of playbooks) {
    const breach = (says: string) => findings.push(found(`playbook ${id}`, says))
    const write = applied.get(requestKey)
    applied.delete(requestKey)
    if (!write) breach('is there, and nobody asked for it')
    if (nextTryAt !== null || (state !== 'applied' && state !== 'reverted')) {
      breach(`is ${state} for ever`)
    }
    const back = reverted.get(id)
    if (back && isTold(back) && state !== 'reverted') breach(`is ${state}, and was put back`)
    if (!back && state === 'reverted') breach('is put back, and nobody asked for it')
    const own = ofPlaybook.get(id) ?? []
    const sum = own.reduce((all, share) => all + share.points, 0)
    if (own.length !== reached || sum !== points) {
      breach(`says ${points} for ${reached}, and has ${sum} for ${own.length}`)
    }
  }
  for (const write of applied.values()) {
    if (!isTold(write)) continue
    findings.push(found(write.key, 'was told that it is applied, and it is not there'))
  }
  return findings
}

/** A share is given once or not at all, as it says; and nothing is given but shares. */
function auditShares({ aftermath, transactions, entries }: Books): Finding[] {
  const { playbooks, shares, settings } = aftermath
  const journal = groupBy(transactions, ({ key }) => key)
  const byId = new Map(playbooks.map((it) => [it.id, it]))
  const findings: Finding[] = []
  let promised = 0
  for (const { playbook: id, wallet, points, state } of shares) {
    const breach = (says: string) => findings.push(found(`playbook ${id}`, says, wallet))
    const playbook = byId.get(id)
    const price = settings.get(playbook?.offer ?? '')?.points ?? 0
    const should = playbook?.compensate ? Math.ceil((price * FACTOR_TENTHS) / 10) : 0
    if (points !== should) breach(`has a share of ${points}, and should have ${should}`)
    if (state !== 'given' && state !== 'called off') breach(`has a share that is ${state} for ever`)
    const key = `award:${wallet}:${hashOf(JSON.stringify(['playbook', id]))}`
    const is = (journal.get(key) ?? []).map(({ result }) =>
      Number((result?.award as { points?: number })?.points),
    )
    const given = state === 'given' && points > 0 ? [points] : []
    promised += given.reduce((sum, it) => sum + it, 0)
    if (is.join() === given.join()) continue
    breach(`has a share of ${points} that is ${state}, and was given: ${is.join() || 'nothing'}`)
  }
  const issued = entries
    .filter(({ account }) => account === 'issued:playbook')
    .reduce((sum, { amount }) => sum - amount, 0)
  if (issued !== promised) {
    findings.push(found('issued:playbook', `is ${issued}, and shares are ${promised}`))
  }
  return findings
}

/** Whoever was told that it came too late is known to have, and is reached no more often than it did. */
function auditMissed(
  { aftermath: { playbooks, shares, missed }, members }: Books,
  writes: readonly Write[],
): Finding[] {
  const offers = new Map(playbooks.map(({ id, offer }) => [id, offer]))
  const keyOf = (offer: string, wallet: number) => `${offer} of ${wallet}`
  const reached = groupBy(shares, (it: ShareRow) => keyOf(offers.get(it.playbook)!, it.wallet))
  const waiting = new Set(missed.map(({ offer, wallet }) => keyOf(offer, wallet)))
  const told = new Map<string, { readonly wallet: number; times: number; atMost: number }>()
  for (const { act, member, asked, attempts } of writes) {
    if (act !== 'redeem') continue
    const wallet = members.get(member)!
    const key = keyOf((asked.input as { offerId: string }).offerId, wallet)
    const known = told.get(key) ?? { wallet, times: 0, atMost: 0 }
    for (const { outcome } of attempts) {
      const isMissed = 'refusal' in outcome && outcome.refusal === 'OUT_OF_STOCK'
      known.times += isMissed ? 1 : 0
      known.atMost += isMissed || 'silence' in outcome ? 1 : 0
    }
    told.set(key, known)
  }
  const findings: Finding[] = []
  for (const key of new Set([...told.keys(), ...reached.keys(), ...waiting])) {
    const { wallet = null, times = 0, atMost = 0 } = told.get(key) ?? {}
    const often = (reached.get(key)?.length ?? 0) + (waiting.has(key) ? 1 : 0)
    if (times > 0 && often === 0)
      findings.push(found(key, 'came too late, and is forgotten', wallet))
    if (often <= atMost) continue
    findings.push(found(key, `is made up to ${often} times, and came too late ${atMost}`, wallet))
  }
  return findings
}

function auditBudget({ aftermath: { playbooks, shares } }: Books): Finding[] {
  const most = Math.floor(PLAYBOOK_BUDGET.points * (1 - Number(PLAYBOOK_RESERVE)))
  const periods = new Map(playbooks.map(({ id, period }) => [id, period]))
  const given = groupBy(
    shares.filter(({ state }) => state !== 'called off'),
    ({ playbook }) => periods.get(playbook) ?? '',
  )
  return [...given].flatMap(([period, some]) => {
    const points = some.reduce((sum, share) => sum + share.points, 0)
    if (points <= most) return []
    return [found(`period ${period}`, `${points} were given, and ${most} may be`)]
  })
}

/** Playbooks one after the other, as their operator went about it: what each found is what the one before
 * left, and what the last one left is how things are. */
function auditOffers({ aftermath }: Books, writes: readonly Write[]): Finding[] {
  const { playbooks, settings } = aftermath
  const now = new Map<string, Settings>()
  const findings: Finding[] = []
  const byKey = new Map(playbooks.map((it) => [it.requestKey, it]))
  for (const { act, key } of writes) {
    const isApplied = act === 'apply-playbook'
    if (!isApplied && act !== 'revert-playbook') continue
    const playbook = isApplied ? byKey.get(hashOf(key)) : playbooks.find(({ id }) => id === key)
    if (!playbook || (!isApplied && playbook.state !== 'reverted')) continue
    for (const [offer, was] of playbook.found) {
      const made = madeBy(playbook, offer, was)
      const before = now.get(offer)
      if (isApplied && before && !isSame(before, was)) {
        const says = `found ${offer} ${wordsOf(was)}, and it was ${wordsOf(before)}`
        findings.push(found(`playbook ${playbook.id}`, says))
      }
      if (isApplied) now.set(offer, made)
      else if (before && isSame(before, made)) now.set(offer, was)
    }
  }
  for (const [offer, should] of now) {
    const is = settings.get(offer)
    if (is && isSame(is, should)) continue
    const says = `is ${is ? wordsOf(is) : 'gone'}, and was left ${wordsOf(should)}`
    findings.push(found(`offer ${offer}`, says))
  }
  return findings
}

function madeBy(playbook: PlaybookRow, offer: string, was: Settings): Settings {
  return {
    active: offer === playbook.offer ? was.active : true,
    pointsAndCash: playbook.pointsAndCash ?? was.pointsAndCash,
  }
}

function isSame(a: Settings, b: Settings): boolean {
  return a.active === b.active && a.pointsAndCash === b.pointsAndCash
}

function wordsOf({ active, pointsAndCash }: Settings): string {
  return `${active ? 'up' : 'down'}, ${pointsAndCash ?? 'points only'}`
}
