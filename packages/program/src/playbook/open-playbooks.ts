import { createHash } from 'node:crypto'
import { exact } from '@pointwell/economy'
import {
  groupReads,
  isRefusal,
  type Ledger,
  type Refusal,
  refuse,
  type SqlConnection,
} from '@pointwell/ledger'
import {
  type Awarded,
  type AwardRequest,
  checkReason,
  type Extended,
  type ExtendRequest,
} from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import { periodKey } from '../caps/period-key.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { ReportFailure } from '../jobs/job.js'
import type { Members } from '../member/open-members.js'
import { readMemo } from '../memo/programme-memo.js'
import type { Offer, OfferTerms } from '../offer/offer-terms.js'
import type { Offers } from '../offer/open-offers.js'
import type { Pauses } from '../pause/open-pauses.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { newId } from '../redemption/new-id.js'
import { deleteMissed, selectMissed } from './missed-rows.js'
import {
  CALLED_OFF,
  callOffShares,
  countShares,
  GIVEN,
  insertPlaybook,
  markShare,
  type Playbook,
  type PlaybookTerms,
  type ShareCounts,
  selectDuePlaybooks,
  selectInHand,
  selectPlaybook,
  selectPlaybooks,
  selectUsed,
  takeInHand,
  takeTurn,
  updatePlaybook,
} from './playbook-rows.js'
import { type Missed, rankMissed } from './rank-missed.js'

export interface PlaybookRequest {
  /** The offer that ran out. */
  readonly offerId: string
  /** Whether who missed out is given points; and whether points of theirs last longer. */
  readonly compensate: boolean
  readonly extend: boolean
  /** Offers that are put up beside it. */
  readonly offersUp: readonly string[]
  /** With what the offer, and those beside it, can be paid from then on; null: as before. */
  readonly pointsAndCash: OfferTerms['pointsAndCash']
  /** Whether earning is paused. */
  readonly pause: boolean
}

/** What a playbook would do, or does. Points are whole. */
export interface PlaybookPlan {
  readonly refused?: undefined
  /** Members who missed out, and what all of them would be given. */
  readonly missed: number
  readonly wanted: number
  /** Whom it reaches, the most valuable first, and with how much. */
  readonly reached: number
  readonly points: number
  /** Of the period's budget: what was given before, and what may be given yet; null: there is no budget. */
  readonly used: number
  readonly room: number | null
}

/** What an operator does when demand outruns stock (R14), in one act, and its way back. */
export interface Playbooks {
  /** Refuses OFFER_NOT_FOUND (`offerId`, `offersUp.0`), INVALID_INPUT. */
  preview(request: PlaybookRequest): Promise<PlaybookPlan | Refusal>
  /** Does it; what it gives is given by a job from then on, each once. The same key again is the same act.
   * Refuses what `preview` does, INVALID_INPUT (`reason`, `idempotencyKey`), IDEMPOTENCY_MISMATCH. */
  apply(
    request: PlaybookRequest & { idempotencyKey: string; acting: Acting },
  ): Promise<Playbook | Refusal>
  /** Puts offers and earning back as they were, where nobody has changed them since, and gives nothing more;
   * what was given stays. Again is the same. Refuses PLAYBOOK_NOT_FOUND, INVALID_INPUT (`reason`). */
  revert(request: { id: string; acting: Acting }): Promise<Playbook | Refusal>
  find(id: string): Promise<Playbook | undefined>
  /** The newest first, before an id. */
  page(request: { before: string | null; limit: number }): Promise<readonly Playbook[]>
  /** How far its gifts have come, in members. */
  progress(id: string): Promise<ShareCounts>
  /** Goes on with what is due; answers with how many steps were done. */
  carryOn(limit: number, report?: ReportFailure): Promise<number>
}

export const MOST_OFFERS = 50

/** Nobody else goes on with one that a request or a job is at. */
const LEASE_MS = 15_000
/** Gifts of one turn. */
const AT_ONCE = 100
const SOURCE = 'playbook'

export interface PlaybookParts {
  readonly database: ProgramDatabase
  readonly ledger: Ledger
  readonly policies: PolicyReads
  readonly offers: Offers
  readonly pauses: Pauses
  readonly members: Pick<Members, 'findByWallets'>
  readonly award: (request: AwardRequest) => Promise<Awarded | Refusal>
  readonly extendPoints: (request: ExtendRequest) => Promise<Extended | Refusal>
  readonly record: Audit['record']
}

export function openPlaybooks(parts: PlaybookParts): Playbooks {
  const { database, ledger, policies, offers, pauses } = parts
  const read = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.read((manager) => work(database.connection(manager)))
  const write = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))
  const progress = groupReads((ids: readonly string[]) => read((it) => countShares(it, ids)))

  const find = (id: string) => read((connection) => selectPlaybook(connection, { id }))
  const getPlaybook = async (id: string): Promise<Playbook> => {
    const playbook = await find(id)
    if (!playbook) throw new Error(`the playbook ${id} is gone`)
    return playbook
  }

  /** The offers that it is about, as they are now: its own first. */
  const findOffers = async (request: PlaybookRequest): Promise<Offer[] | Refusal> => {
    if (request.offersUp.length > MOST_OFFERS) {
      return refuse('INVALID_INPUT', {
        field: 'offersUp',
        detail: `Expected at most ${MOST_OFFERS} offers.`,
      })
    }
    const ids = [request.offerId, ...request.offersUp]
    const found = await offers.findMany(ids)
    const missing = ids.findIndex((id) => !found.has(id))
    if (missing < 0) return ids.map((id) => found.get(id)!)
    return refuse('OFFER_NOT_FOUND', {
      field: missing === 0 ? 'offerId' : `offersUp.${missing - 1}`,
    })
  }

  /** What its members have spent, minor units. */
  const valuesOf = async (missed: readonly Missed[]): Promise<ReadonlyMap<number, number>> => {
    const values = new Map<number, number>()
    for (let from = 0; from < missed.length; from += 1_000) {
      const ids = missed.slice(from, from + 1_000).map(({ member }) => member)
      for (const { id, memo } of await ledger.store.findWallets(ids)) {
        const { spend } = readMemo(memo)
        values.set(
          id,
          Object.values(spend).reduce((sum, minor) => sum + minor, 0),
        )
      }
    }
    return values
  }

  const planOf = async (
    connection: SqlConnection,
    {
      request,
      values,
      policy,
      now,
    }: {
      request: PlaybookRequest
      values: ReadonlyMap<number, number>
      policy: PolicyInForce
      now: number
    },
  ) => {
    const { compensationFactor, budget, reserveShare } = policy.document.playbook
    const missed = await selectMissed(connection, request.offerId)
    const period = budget
      ? periodKey(budget.period, policy.calendar.dateOf(now), policy.calendar)
      : ''
    const used = budget ? await selectUsed(connection, period) : 0
    const kept = exact(1).minus(exact(reserveShare))
    const spendable = budget && exact(budget.points).times(kept).round(0, 0).toNumber()
    const room = spendable === null ? null : Math.max(0, spendable - used)
    const ranked = rankMissed(missed, {
      factor: request.compensate ? compensationFactor : '0',
      room,
      spentBy: (member) => values.get(member) ?? 0,
    })
    const isForAny = request.compensate || request.extend
    return { ...ranked, shares: isForAny ? ranked.shares : [], missed, period, used, room }
  }

  const preview: Playbooks['preview'] = async (request) => {
    const known = await findOffers(request)
    if (isRefusal(known)) return known
    const now = ledger.clock()
    const policy = policies.at(now)
    const all = await read((connection) => selectMissed(connection, request.offerId))
    const values = await valuesOf(all)
    const { missed, shares, points, wanted, used, room } = await read((connection) =>
      planOf(connection, { request, values, policy, now }),
    )
    return { missed: missed.length, wanted, reached: shares.length, points, used, room }
  }

  const apply: Playbooks['apply'] = async ({ idempotencyKey, acting, ...request }) => {
    const wrong = checkIdempotencyKey(idempotencyKey) ?? checkReason(acting.reason ?? '')
    if (wrong) return wrong
    const known = await findOffers(request)
    if (isRefusal(known)) return known
    const bad = await checkPointsAndCash(request)
    if (bad) return bad
    const now = ledger.clock()
    const policy = policies.at(now)
    const { offerId, ...asked } = request
    const terms: PlaybookTerms = {
      ...asked,
      reason: acting.reason!,
      extension: policy.document.playbook.extension,
    }
    const requestKey = createHash('sha256').update(idempotencyKey).digest('base64url')
    const before = await read((connection) => selectPlaybook(connection, { requestKey }))
    if (before) return same(before, { offerId, terms })
    const values = await valuesOf(await read((it) => selectMissed(it, offerId)))
    try {
      await write(async (connection) => {
        await takeTurn(connection, now)
        const plan = await planOf(connection, { request, values, policy, now })
        const playbook: Playbook = {
          id: newId(now),
          requestKey,
          offer: offerId,
          state: 'applying',
          terms,
          found: { offers: Object.fromEntries(known.map(foundOf)), pause: null },
          period: plan.period,
          missed: plan.missed.length,
          reached: plan.shares.length,
          points: plan.points,
          appliedBy: acting.by,
          appliedAt: now,
          revertedBy: null,
          revertedAt: null,
          nextTryAt: now + LEASE_MS,
        }
        await insertPlaybook(connection, playbook, plan.shares)
        const members = plan.shares.map(({ member }) => member)
        await deleteMissed(connection, { offer: offerId, members })
        await parts.record(connection, [
          {
            ...acting,
            at: now,
            act: 'applyPlaybook',
            target: { kind: 'offer', id: offerId },
            before: null,
            after: { playbook: playbook.id, reached: playbook.reached, points: playbook.points },
            key: `playbook:${playbook.id}:apply`,
          },
        ])
      })
    } catch (fault) {
      // The same request, side by side.
      if (!database.sql.isDuplicateKey(fault)) throw fault
    }
    const made = await read((it) => selectPlaybook(it, { requestKey }))
    if (!made) throw new Error('a playbook was written and is not there')
    const mine = same(made, { offerId, terms })
    return isRefusal(mine) ? mine : carry(mine)
  }

  const checkPointsAndCash = async (request: PlaybookRequest): Promise<Refusal | null> => {
    const { pointsAndCash } = request
    if (!pointsAndCash) return null
    const { leastPointsShare, mostPointsShare } = pointsAndCash
    if (exact(leastPointsShare).lte(exact(mostPointsShare))) return null
    const detail = 'Expected at most `mostPointsShare`.'
    return refuse('INVALID_INPUT', { field: 'pointsAndCash.leastPointsShare', detail })
  }

  const revert: Playbooks['revert'] = async ({ id, acting }) => {
    const wrong = checkReason(acting.reason ?? '')
    if (wrong) return wrong
    const playbook = await find(id)
    if (!playbook) return refuse('PLAYBOOK_NOT_FOUND', { field: 'id' })
    const now = ledger.clock()
    await write(async (connection) => {
      const reverting: Playbook = {
        ...playbook,
        state: 'reverting',
        revertedBy: acting.by,
        revertedAt: now,
        nextTryAt: now + LEASE_MS,
      }
      if (!(await updatePlaybook(connection, reverting, ['applying', 'applied']))) return
      await callOffShares(connection, id)
      await parts.record(connection, [
        {
          ...acting,
          at: now,
          act: 'revertPlaybook',
          target: { kind: 'offer', id: playbook.offer },
          before: { playbook: id, state: playbook.state },
          after: { playbook: id, state: 'reverting' },
          key: `playbook:${id}:revert`,
        },
      ])
    })
    return carry(await getPlaybook(id))
  }

  /** One turn: settings first, so that gifts are the last to come. */
  const carry = async (playbook: Playbook): Promise<Playbook> => {
    if (playbook.state === 'applying') await settle(playbook)
    if (playbook.state === 'reverting') await putBack(playbook)
    const current = await getPlaybook(playbook.id)
    if (current.state === 'applied') await give(current)
    return getPlaybook(playbook.id)
  }

  /** Who acts when a job goes on with it. */
  const actingOf = (by: string, { reason }: PlaybookTerms): Acting => ({
    by,
    roles: [],
    address: null,
    reason,
  })

  const settle = async (playbook: Playbook): Promise<void> => {
    const { terms, appliedBy, appliedAt, offer } = playbook
    const acting = actingOf(appliedBy, terms)
    for (const [id, found] of Object.entries(playbook.found.offers)) {
      const wanted = wantedOf(id, { offer, terms, found })
      await change(id, wanted, acting)
    }
    let { pause } = playbook.found
    if (terms.pause) {
      const request = { source: null, reason: terms.reason, by: appliedBy }
      const begun = await pauses.pause(request, acting)
      if (isRefusal(begun)) throw new Error(`earning could not be paused: ${begun.code}`)
      // One that lasted already is not this one's to end.
      if (begun.pausedAt >= appliedAt) pause = begun.id
    }
    const found = { ...playbook.found, pause }
    const nextTryAt = ledger.clock() + LEASE_MS
    await write((it) =>
      updatePlaybook(it, { ...playbook, found, state: 'applied', nextTryAt }, ['applying']),
    )
  }

  const putBack = async (playbook: Playbook): Promise<void> => {
    const { terms, revertedBy, offer } = playbook
    const acting = actingOf(revertedBy!, terms)
    const current = await offers.findMany(Object.keys(playbook.found.offers))
    for (const [id, found] of Object.entries(playbook.found.offers)) {
      const now = current.get(id)
      const made = wantedOf(id, { offer, terms, found })
      // Whoever has changed it since knows better.
      if (now && isSame(now, made)) await change(id, found, acting)
    }
    if (playbook.found.pause !== null) {
      const [last] = await pauses
        .list({ openOnly: true, limit: 100 })
        .then((open) => open.filter(({ id }) => id === playbook.found.pause))
      const request = { source: null, reason: terms.reason, by: revertedBy! }
      if (last) await pauses.resume(request, acting)
    }
    await giveInHand(playbook)
    await write((it) =>
      updatePlaybook(it, { ...playbook, state: 'reverted', nextTryAt: null }, ['reverting']),
    )
  }

  const change = async (
    id: string,
    wanted: Playbook['found']['offers'][string],
    acting: Acting,
  ): Promise<void> => {
    const now = await offers.find(id)
    if (!now || isSame(now, wanted)) return
    const changed = await offers.update({ id, ...wanted }, acting)
    if (isRefusal(changed)) throw new Error(`the offer ${id} could not be changed: ${changed.code}`)
  }

  /** Some of what it gives, the most valuable first; each once, whoever dies when. */
  const give = async (playbook: Playbook): Promise<void> => {
    const { id } = playbook
    await write((it) => takeInHand(it, { playbook: id, limit: AT_ONCE }))
    await giveInHand(playbook)
    const { waiting } = await progress(id)
    const nextTryAt = waiting === 0 ? null : ledger.clock()
    await write((it) => updatePlaybook(it, { ...playbook, nextTryAt }, ['applied']))
  }

  /** What somebody has begun to give is given, also where the playbook is on its way back by now: nobody could
   * say of it that it was not. */
  const giveInHand = async (playbook: Playbook): Promise<void> => {
    const { id } = playbook
    const shares = await read((it) => selectInHand(it, id))
    const owners = await parts.members.findByWallets(shares.map(({ member }) => member))
    for (const { place, member, points } of shares) {
      const owner = owners.get(member)
      const isGiven = owner !== undefined && (await giveShare(playbook, owner.id, points))
      const state = isGiven ? GIVEN : CALLED_OFF
      await write((it) => markShare(it, { playbook: id, place, state }))
    }
  }

  const giveShare = async (
    { id, terms, appliedAt }: Playbook,
    memberId: string,
    points: number,
  ): Promise<boolean> => {
    if (terms.compensate && points > 0) {
      const because = [{ step: SOURCE, points }]
      const key = { plugin: SOURCE, idempotencyKey: id }
      const awarded = await parts.award({ memberId, points, because, ...key })
      if (isRefusal(awarded)) return false
    }
    if (terms.extend) {
      const { calendar } = policies.at(appliedAt)
      const { withinDays, days } = terms.extension
      await parts.extendPoints({
        memberId,
        expiringBy: calendar.addDays(calendar.dateOf(appliedAt), withinDays),
        days,
        reason: terms.reason,
        idempotencyKey: `${SOURCE}:${id}`,
        givenBy: `${SOURCE}:${id}`,
      })
    }
    return true
  }

  return {
    preview,
    apply,
    revert,
    find,
    page: (request) => read((it) => selectPlaybooks(it, request)),
    progress,
    async carryOn(limit, report) {
      const now = ledger.clock()
      const due = await read((it) => selectDuePlaybooks(it, { now, limit }))
      for (const playbook of due) {
        try {
          await carry(playbook)
        } catch (fault) {
          const nextTryAt = now + LEASE_MS
          const states = ['applying', 'applied', 'reverting'] as const
          await write((it) => updatePlaybook(it, { ...playbook, nextTryAt }, states))
          report?.(`playbook ${playbook.id}`, fault)
        }
      }
      return due.length
    },
  }
}

function foundOf({ id, active, pointsAndCash }: Offer) {
  return [id, { active, pointsAndCash }] as const
}

/** How an offer is to be while the playbook lasts. */
function wantedOf(
  id: string,
  {
    offer,
    terms,
    found,
  }: { offer: string; terms: PlaybookTerms; found: Playbook['found']['offers'][string] },
) {
  return {
    active: id === offer ? found.active : true,
    pointsAndCash: terms.pointsAndCash ?? found.pointsAndCash,
  }
}

function isSame(
  a: Playbook['found']['offers'][string],
  b: Playbook['found']['offers'][string],
): boolean {
  return (
    a.active === b.active &&
    a.pointsAndCash?.leastPointsShare === b.pointsAndCash?.leastPointsShare &&
    a.pointsAndCash?.mostPointsShare === b.pointsAndCash?.mostPointsShare
  )
}

/** The playbook, if that is what was asked for; the policy may have changed since. */
function same(
  playbook: Playbook,
  { offerId, terms }: { offerId: string; terms: PlaybookTerms },
): Playbook | Refusal {
  const { extension: _, ...was } = playbook.terms
  const { extension: __, ...is } = terms
  const isTheSame =
    playbook.offer === offerId && JSON.stringify(ordered(was)) === JSON.stringify(ordered(is))
  return isTheSame ? playbook : refuse('IDEMPOTENCY_MISMATCH', { field: 'idempotencyKey' })
}

function ordered(terms: object): unknown {
  return Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1))
}
