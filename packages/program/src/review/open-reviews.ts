import { createHash } from 'node:crypto'
import { isRefusal, type Ledger, type SqlConnection, type Wallet } from '@pointwell/ledger'
import { activityAt } from '../activity/activity-at.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { type OrderFigures, orderFigures } from '../deeds/order-figures.js'
import { toEnter } from '../experiment/entered.js'
import type { JobContext, ReportFailure } from '../jobs/job.js'
import { tierAt } from '../member/member-facts.js'
import type { Member } from '../member/member-rows.js'
import { type ProgrammeMemo, readMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { type Cuts, quintileCuts, type RfmScores, scoreOf } from '../segment/rfm.js'
import { segmentsOf } from '../segment/segments-of.js'
import { isStockDue, stockCommand } from '../standing/stock-command.js'
import { countDue, keptDays } from '../standing/take-stock.js'
import {
  deleteReviewsBefore,
  insertReview,
  type Review,
  type Standing,
  selectReview,
  updateReview,
  upsertStandings,
} from './review-rows.js'

export interface Reviews {
  /** Goes on with the review of today, or begins it; says how far it came. */
  run(context: Pick<JobContext, 'now' | 'signal' | 'report'>): Promise<string>
  /** Scores and sorts one member anew, by what the last review found of all. */
  rescore(member: Member): Promise<void>
  /** The last one that came to its end. */
  last(): Promise<Review | undefined>
}

const FIGURES = ['recency', 'frequency', 'monetary'] as const
const NO_CUTS: Cuts = []

/** Members of one step: small, so that it never holds up others. */
const AT_ONCE = 500

/**
 * Once a day, and when an operator changes the segments or an experiment of some begins, all members are
 * looked at (M3, M6, M7): first how they compare, by the sums in each member's own state; then, in batches,
 * scores and segments are stored, whoever's tier or badges are not what was last noted is told of in the
 * books, and whoever is in the segments of an experiment enters it (T1). A review
 * that was broken off goes on where it stopped, on any server.
 */
export function openReviews({
  database,
  ledger,
  policies,
  page,
  batch = AT_ONCE,
}: {
  database: ProgramDatabase
  ledger: Ledger
  policies: PolicyReads
  page: (after: number, limit: number) => Promise<readonly Member[]>
  /** Default 500. */
  batch?: number
}): Reviews {
  const read = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.read((manager) => work(database.connection(manager)))
  const write = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))

  /** Members after one, with their state; the wallet of one who has none yet is missing. */
  const statesAfter = async (after: number) => {
    const members = await page(after, batch)
    const wallets = members.length === 0 ? [] : await findWallets(members)
    const byId = new Map(wallets.map((wallet) => [wallet.id, wallet]))
    return members.map((member) => ({ member, wallet: byId.get(member.wallet) }))
  }
  const findWallets = (members: readonly Member[]): Promise<readonly Wallet[]> =>
    ledger.store.findWallets(members.map(({ wallet }) => wallet))

  /** Today's review: the one in progress, a new one, or none where it is done. */
  const findOrBegin = async (now: number, signal: AbortSignal): Promise<Review | undefined> => {
    const policy = policies.at(now)
    const day = policy.calendar.dateOf(now)
    const rules = rulesOf(policy, now)
    const newest = await read((connection) => selectReview(connection, { finished: false }))
    if (newest?.day === day && newest.rules === rules) {
      return newest.finishedAt === null ? newest : undefined
    }
    const cuts = await compare(policy, now, signal)
    if (!cuts) return undefined
    const review: Review = {
      number: (newest?.number ?? 0) + 1,
      day,
      rules,
      startedAt: now,
      finishedAt: null,
      cuts,
      reached: 0,
      members: 0,
      sizes: {},
    }
    try {
      await write((connection) => insertReview(connection, review))
    } catch (fault) {
      if (!database.sql.isDuplicateKey(fault)) throw fault
      return undefined
    }
    return review
  }

  /** Where the fifths begin, among members with orders; undefined: broken off. */
  const compare = async (policy: PolicyInForce, now: number, signal: AbortSignal) => {
    const all: Record<keyof RfmScores, number[]> = { recency: [], frequency: [], monetary: [] }
    for (let after = 0; ; ) {
      if (signal.aborted) return undefined
      const states = await statesAfter(after)
      for (const { wallet } of states) {
        const values = wallet && rfmValues(figuresOf(readMemo(wallet.memo), policy, now), policy)
        if (!values) continue
        for (const figure of FIGURES) all[figure].push(values[figure])
      }
      if (states.length < batch) break
      after = states.at(-1)!.member.wallet
    }
    const cuts = { recency: NO_CUTS, frequency: NO_CUTS, monetary: NO_CUTS }
    for (const figure of FIGURES) {
      cuts[figure] = quintileCuts(all[figure])
      await new Promise((resolve) => setImmediate(resolve))
    }
    return cuts
  }

  /** One batch; undefined where another server has done it meanwhile. */
  const step = async (
    review: Review,
    { now, report }: { now: number; report: ReportFailure },
  ): Promise<Review | undefined> => {
    const policy = policies.at(now)
    const states = (await statesAfter(review.reached)).map(({ member, wallet }) => {
      const memo = readMemo(wallet?.memo ?? {})
      return { member, wallet, memo, standing: standingOf(member, memo, { policy, review }) }
    })
    await Promise.all(
      states.map(async ({ member, wallet, memo, standing: { segments } }) => {
        if (!wallet || !isStockDue(memo, { segments, policy, now })) return
        try {
          const posted = await ledger.post(
            stockCommand(wallet, { review: review.number, segments, policies }),
          )
          if (isRefusal(posted)) report(`member ${member.id}`, posted.code)
        } catch (fault) {
          report(`member ${member.id}`, fault)
        }
      }),
    )
    const standings = states.map(({ member, standing }) => ({
      member: member.wallet,
      known: member,
      ...standing,
    }))
    const sizes = { ...review.sizes }
    for (const segment of standings.flatMap(({ segments }) => segments)) {
      sizes[segment] = (Object.hasOwn(sizes, segment) ? sizes[segment]! : 0) + 1
    }
    const next: Review = {
      ...review,
      reached: states.at(-1)?.member.wallet ?? review.reached,
      members: review.members + states.length,
      sizes,
      finishedAt: states.length < batch ? now : null,
    }
    const moved = await write(async (connection) => {
      if (!(await updateReview(connection, { from: review, to: next }))) return false
      await upsertStandings(
        connection,
        standings.filter(({ known, ...it }) => !isSame(known, it)),
      )
      if (next.finishedAt !== null) await deleteReviewsBefore(connection, next.number)
      return true
    })
    return moved ? next : undefined
  }

  return {
    async run({ now, signal, report }) {
      let review = await findOrBegin(now, signal)
      if (!review) return 'nothing to do'
      while (review.finishedAt === null) {
        if (signal.aborted) return `${review.members} members, broken off`
        const next: Review | undefined = await step(review, { now, report })
        if (!next) return `${review.members} members, another server goes on`
        review = next
      }
      return `${review.members} members`
    },
    async rescore(member) {
      const review = await read((connection) => selectReview(connection, { finished: true }))
      if (!review) return
      const [wallet] = await findWallets([member])
      const policy = policies.at(ledger.clock())
      const standing = standingOf(member, readMemo(wallet?.memo ?? {}), { policy, review })
      await write((connection) =>
        upsertStandings(connection, [{ member: member.wallet, ...standing }]),
      )
    },
    last: () => read((connection) => selectReview(connection, { finished: true })),
  }
}

/** Changed rules are a reason to look again at once, and so is an experiment of segments that begins. */
function rulesOf({ document: { segments, experiments } }: PolicyInForce, now: number): string {
  const entered = toEnter(experiments, now).map(({ id, from, segments }) => [id, from, segments])
  const rules = JSON.stringify([segments, entered])
  return createHash('sha256').update(rules).digest('base64url')
}

function figuresOf(memo: ProgrammeMemo, policy: PolicyInForce, now: number): OrderFigures {
  return orderFigures(countDue(memo, { policy, now }).deeds, keptDays(policy, now))
}

/** The day of the last order counted from the calendar's beginning, orders, and amount; null: no order
 * in the window. */
function rfmValues(
  { lastOrder, orders, minor }: OrderFigures,
  { calendar }: PolicyInForce,
): Record<keyof RfmScores, number> | null {
  if (lastOrder === null) return null
  const recency = calendar.daysBetween('0001-01-01', lastOrder)
  return { recency, frequency: orders, monetary: minor }
}

function standingOf(
  member: Member,
  memo: ProgrammeMemo,
  { policy, review }: { policy: PolicyInForce; review: Review },
): Standing {
  const { calendar, document } = policy
  const at = review.startedAt
  const figures = figuresOf(memo, policy, at)
  const values = rfmValues(figures, policy)
  const rfm = values && {
    recency: scoreOf(values.recency, review.cuts.recency),
    frequency: scoreOf(values.frequency, review.cuts.frequency),
    monetary: scoreOf(values.monetary, review.cuts.monetary),
  }
  const since = (date: string) => Math.max(0, calendar.daysBetween(date, review.day))
  const segments = segmentsOf(document.segments.list, {
    rfm,
    orders: figures,
    daysSinceOrder: figures.lastEver === null ? null : since(figures.lastEver),
    daysSinceJoined: since(calendar.dateOf(member.joinedAt)),
    daysSinceActive: since(calendar.dateOf(memo.lastActiveAt ?? member.joinedAt)),
    tier: tierAt(memo, { policy, at }).id,
    region: member.region,
    badges: Object.keys(memo.badges),
    activity: activityAt(memo, { policy, at }),
    currency: document.programme.currency,
  })
  return { rfm, segments }
}

function isSame(one: Standing, other: Standing): boolean {
  return (
    one.segments.join() === other.segments.join() &&
    one.rfm?.recency === other.rfm?.recency &&
    one.rfm?.frequency === other.rfm?.frequency &&
    one.rfm?.monetary === other.rfm?.monetary
  )
}
