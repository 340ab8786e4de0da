import { createHash, createHmac } from 'node:crypto'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import { type Books, isSettled } from './read-books.js'
import type { PlayRow, SeedRow, StakeRow } from './read-channels.js'

/**
 * A play a redemption; its draw comes out again from the seed and the table; numbers of a round have no
 * gap; prizes, stock and budget are what the plays won; what was won was posted once; and a pool is
 * shared to the point.
 */
export function auditGames(books: Books): Finding[] {
  return [
    ...auditPlays(books),
    ...auditDraws(books),
    ...auditGiven(books),
    ...auditAwards(books),
    ...books.games.stakes.flatMap((stake) => auditStake(stake, books)),
  ]
}

const found = (rule: string, key: string, says: string): Finding => ({
  rule,
  key,
  wallet: null,
  says,
})

function auditPlays({ redemptions, games }: Books): Finding[] {
  const plays = groupBy(games.plays, ({ id }) => id)
  const findings: Finding[] = []
  for (const { id, channel, status, points, award } of redemptions) {
    const [play] = plays.get(id) ?? []
    plays.delete(id)
    if (channel !== 'game' || !isSettled(status)) continue
    const breach = (says: string) => findings.push(found('game', `redemption ${id}`, says))
    const isPlayed = play !== undefined && play.refusedWith === null
    // A stake whose round gives all stakes back is cancelled: `auditStake` says whether rightly.
    const isBack = isPlayed && status === 'cancelled' && play.stakeRound !== null
    if (!isBack && isPlayed !== (status === 'fulfilled')) {
      breach(`is ${status}, and was ${isPlayed ? '' : 'not '}played`)
    }
    if (!play) continue
    if (play.spent !== points) breach(`cost ${points}, and its play says ${play.spent}`)
    if (play.wonPoints !== award) breach(`was given ${award}, and its play won ${play.wonPoints}`)
  }
  for (const id of plays.keys()) {
    findings.push(found('game', `redemption ${id}`, 'was played, and there is no such redemption'))
  }
  return findings
}

function auditDraws({ games, offers }: Books): Finding[] {
  const seeds = new Map(games.rounds.map((row) => [`${row.offer}/${row.round}`, row]))
  const findings: Finding[] = []
  const drawn = games.plays.filter(({ nonce }) => nonce !== null)
  for (const play of drawn) {
    const details = offers.find(({ id }) => id === play.offer)?.details ?? {}
    const wrong = whatIsWrong(play, seeds.get(`${play.offer}/${play.round}`), details)
    if (wrong) findings.push(found('proof', `redemption ${play.id}`, wrong))
  }
  for (const { offer, round, plays } of games.rounds) {
    const nonces = drawn
      .filter((play) => play.offer === offer && play.round === round)
      .map(({ nonce }) => nonce!)
      .toSorted((a, b) => a - b)
    if (nonces.length === plays && nonces.every((nonce, place) => nonce === place + 1)) continue
    const says = `has counted ${plays} plays, and their numbers are ${nonces.join(', ')}`
    findings.push(found('proof', `round ${round} of ${offer}`, says))
  }
  return findings
}

interface Table {
  readonly tickets: number
  readonly rows: readonly { readonly id: string; readonly tickets: number }[]
}

/** Drawn once more by the words of the guide. */
function whatIsWrong(
  play: PlayRow,
  seed: SeedRow | undefined,
  details: Readonly<Record<string, unknown>>,
): string | null {
  if (!seed) return 'was drawn in a round that is not there'
  const key = Buffer.from(seed.seed, 'hex')
  const commitment = createHash('sha256').update(key).digest('hex')
  if (commitment !== seed.commitment || commitment !== play.commitment) {
    return 'was drawn by another seed than was promised'
  }
  const table = JSON.parse(play.table!) as Table
  const tickets = BigInt(table.tickets)
  const all = 1n << 256n
  const draw = (message: string) => createHmac('sha256', key).update(message).digest('hex')
  let digest = draw(`${play.clientSeed}:${play.nonce}`)
  while (BigInt(`0x${digest}`) >= all - (all % tickets)) digest = draw(digest)
  const ticket = Number(BigInt(`0x${digest}`) % tickets)
  if (digest !== play.digest || ticket !== play.ticket) {
    return `drew ticket ${ticket}, and says ${play.ticket}`
  }
  const fellOn = resultOf(table, ticket)
  if (fellOn !== play.result) return `fell on ${fellOn}, and says ${play.result}`
  const [points, cost] = worthOf(play, details)
  if (points === play.wonPoints && cost === play.wonCost) return null
  return `won ${play.wonPoints} points and ${play.wonCost}, and ${play.result} is ${points} and ${cost}`
}

function resultOf({ rows }: Table, ticket: number): string | null {
  let above = 0
  for (const { id, tickets } of rows) {
    above += tickets
    if (ticket < above) return id
  }
  return null
}

/** What a result gives, by the offer: points, and the cost of a thing. */
function worthOf(
  { type, result, pick }: PlayRow,
  details: Readonly<Record<string, unknown>>,
): [points: number, cost: number] {
  if (type === 'guess') return [result === pick ? Number(details.points) : 0, 0]
  const prizes = details.prizes as { id: string; points?: number; costMinor?: number }[]
  const prize = prizes.find(({ id }) => id === result)
  return [prize?.points ?? 0, prize?.costMinor ?? 0]
}

interface Budget {
  readonly points?: number
  readonly costMinor?: number
}

function auditGiven({ games, offers }: Books): Finding[] {
  const findings: Finding[] = []
  const sum = (offer: string, of: (play: PlayRow) => number) =>
    games.plays.filter((play) => play.offer === offer).reduce((all, play) => all + of(play), 0)
  for (const { offer, pointsGiven, costGiven } of games.games) {
    const points = sum(offer, ({ wonPoints }) => wonPoints)
    const cost = sum(offer, ({ wonCost }) => wonCost)
    const { budget } = offers.find(({ id }) => id === offer)?.details ?? {}
    const most: Budget =
      typeof budget === 'number' ? { points: budget } : ((budget ?? {}) as Budget)
    if (pointsGiven !== points || costGiven !== cost) {
      const says = `counts ${pointsGiven} points and ${costGiven}, and its plays won ${points} and ${cost}`
      findings.push(found('prizes', `game ${offer}`, says))
    }
    if (points > (most.points ?? 0) || cost > (most.costMinor ?? 0)) {
      findings.push(found('prizes', `game ${offer}`, `gave ${points} points and ${cost}: too much`))
    }
  }
  for (const { id: offer, details } of offers) {
    const prizes = (details.prizes ?? []) as { id: string; stock?: number | null }[]
    for (const { id, stock } of prizes) {
      const won = games.plays.filter((play) => play.offer === offer && play.result === id).length
      const given = games.prizes.find((row) => row.offer === offer && row.prize === id)?.given ?? 0
      if (won === given && won <= (stock ?? Number.POSITIVE_INFINITY)) continue
      const says = `was won ${won} times, counts ${given}, and there are ${stock ?? 'any number'}`
      findings.push(found('prizes', `prize ${id} of ${offer}`, says))
    }
  }
  return findings
}

/** What a play won is in the journal with what it cost: once, to the point. */
function auditAwards({ redemptions, transactions, entries }: Books): Finding[] {
  const issued = new Map<string, number>()
  for (const { wallet, version, account, amount } of entries) {
    if (account !== 'issued:game') continue
    const id = `${wallet}-${version}`
    issued.set(id, (issued.get(id) ?? 0) - amount)
  }
  const captures = new Map<string, number>()
  for (const { id, type, result } of transactions) {
    const redemption = result?.redemptionId
    if (type !== 'capture' || redemption === undefined) continue
    captures.set(
      String(redemption),
      (captures.get(String(redemption)) ?? 0) + (issued.get(id) ?? 0),
    )
  }
  return redemptions.flatMap(({ id, award }) => {
    const is = captures.get(id) ?? 0
    if (is === award) return []
    return [found('award', `redemption ${id}`, `won ${award}, and the journal gave it ${is}`)]
  })
}

function auditStake(stake: StakeRow, books: Books): Finding[] {
  const own = books.games.plays.filter(
    ({ stakeRound, refusedWith }) => stakeRound === stake.id && refusedWith === null,
  )
  const findings: Finding[] = []
  const breach = (key: string, says: string) => findings.push(found('stake', key, says))
  const pool = own.reduce((sum, { spent }) => sum + spent, 0)
  if (pool !== stake.pool || own.length !== stake.stakes) {
    const says = `counts ${stake.stakes} stakes of ${stake.pool}, and has ${own.length} of ${pool}`
    breach(`round ${stake.id}`, says)
  }
  if (stake.status === 'open') return findings
  const shares = sharesOf(stake, own, pool)
  for (const { id, payout, isPaid } of own) {
    const should = shares.get(id) ?? 0
    if (!isPaid || payout !== should) {
      breach(
        `redemption ${id}`,
        `is paid ${isPaid ? payout : 'nothing yet'}, and its share is ${should}`,
      )
    }
    const redemption = books.redemptions.find((it) => it.id === id)
    const isBack = should > 0 && areBack(stake, own)
    if (isBack !== (redemption?.status === 'cancelled')) {
      const says = `${isBack ? 'comes back' : 'does not come back'}, and its redemption is ${redemption?.status}`
      breach(`redemption ${id}`, says)
    }
    const key = createHash('sha256')
      .update(JSON.stringify(['game', `stake:${id}`]))
      .digest('base64url')
    const wallet = redemption?.wallet
    const awards = books.transactions.filter((row) => row.key === `award:${wallet}:${key}`)
    const is = awards.map(({ result }) => Number((result?.award as { points?: number })?.points))
    if (is.join() === (should > 0 && !isBack ? [should] : []).join()) continue
    breach(`redemption ${id}`, `has a share of ${should}, and was given: ${is.join() || 'nothing'}`)
  }
  return findings
}

/** Whether all stakes of a round come back: each redemption is cancelled then. */
function areBack(stake: StakeRow, own: readonly PlayRow[]): boolean {
  if (stake.status !== 'settled') return stake.status === 'voided'
  const hasWinner = own.some(({ outcome }) => outcome === stake.outcome)
  return !hasWinner && stake.nobodyWon === 'returned'
}

/** By the README: rounded down, and what is left goes to the largest fractions, the lower ids first. */
function sharesOf(stake: StakeRow, own: readonly PlayRow[], pool: number): Map<string, number> {
  if (areBack(stake, own)) return new Map(own.map(({ id, spent }) => [id, spent]))
  const winners = own.filter(({ outcome }) => outcome === stake.outcome)
  if (winners.length === 0) return new Map()
  const [whole = '0', places = ''] = stake.rake.split('.')
  const rake = (BigInt(pool) * BigInt(whole + places)) / 10n ** BigInt(places.length)
  const shared = BigInt(pool) - rake
  const total = winners.reduce((sum, { spent }) => sum + BigInt(spent), 0n)
  const parts = winners.map(({ id, spent }) => ({
    id,
    share: (shared * BigInt(spent)) / total,
    lost: (shared * BigInt(spent)) % total,
  }))
  let left = shared - parts.reduce((sum, { share }) => sum + share, 0n)
  const shares = new Map<string, number>()
  const byLoss = (a: (typeof parts)[number], b: (typeof parts)[number]) =>
    a.lost === b.lost ? (a.id < b.id ? -1 : 1) : a.lost < b.lost ? 1 : -1
  for (const { id, share } of parts.toSorted(byLoss)) {
    shares.set(id, Number(share) + (left > 0n ? 1 : 0))
    left -= 1n
  }
  return shares
}
