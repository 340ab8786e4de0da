import type { Point } from '../stage/control.js'
import type { Mood } from '../stage/partner-house.js'
import type { Saga } from './sagas.js'
import * as sagas from './sagas.js'

/** A step of a saga at which a server is killed. */
export interface Step {
  /** `coupon: capture, before`: its transaction is never committed; `after`: it is, and nobody hears of it. */
  readonly name: string
  readonly saga: Saga
  /** Where the server stops; null: at the partner, who has done the work and does not answer. */
  readonly point: Point | null
  /** How the partner meets what it is asked. */
  readonly mood: Mood
  /** What the member or the shop is told in the end, when it asks again: a status or a refusal. */
  readonly ends: string
  /** Whether the ledger is stopped, and with it all members whose writes go the same way. */
  readonly isLedger: boolean
  /** It only comes to pass as time goes by: by itself, as all else would be due then, too. */
  readonly waits: boolean
  /** It stops or changes what others need. */
  readonly isAlone: boolean
}

interface Terms {
  /** Where it matters which side of the commit the server died at, both. */
  readonly ends?: string | Record<'before' | 'after', string>
  readonly mood?: Mood
  readonly waits?: boolean
  readonly isAlone?: boolean
}

type Statements = readonly string[]

/** A transaction of the ledger, by its key. */
const ledger = (key: string): Statements => ['INSERT INTO .?ledger_transaction', key]
const moved = (name: string) => ledger(`redemption:[^:"']+:${name}`)
const paying = (name: string) => ledger(`payment:[^:"']+:1:${name}`)
const HOLD = ledger('redeem:\\d+:')
/** Values stand in a statement with a list, on MySQL, and else behind it. */
const playbookIs = (state: string): Statements => [
  `UPDATE .?playbook.? SET state = ('${state}'|[^[]*\\[+"${state}")`,
]
const NO_BALANCE = '^(?![\\s\\S]*partner_balance)'

/** Twice: just before its commit, and just after. */
function both(name: string, matches: Statements, saga: Saga, terms: Terms = {}): Step[] {
  const { ends = 'FULFILLED', mood = 'well', waits = false, isAlone = waits } = terms
  const isLedger = matches[0]!.includes('ledger_transaction')
  return (['before', 'after'] as const).map((at) => {
    const point = { name: `${name}, ${at}`, matches, at }
    const end = typeof ends === 'string' ? ends : ends[at]
    return { name: point.name, saga, point, mood, ends: end, isLedger, waits, isAlone }
  })
}

/** Of a playbook, which ends the same way wherever it was cut off, and pauses earning for all. */
function ofPlaybook(saga: Saga, ends: string, steps: Readonly<Record<string, Statements>>): Step[] {
  return Object.entries(steps).flatMap(([name, matches]) =>
    both(name, matches, saga, { ends, isAlone: true }),
  )
}

/** The partner has done the work, and its answer never comes. */
function atPartner(name: string, saga: Saga, ends: string): Step {
  const still = { isLedger: false, waits: false, isAlone: true }
  return { name, saga, point: null, mood: 'silent-after', ends, ...still }
}

const { redeem, cancel, cancelPicked, pay, payNever, payNothing, playNew } = sagas
const { checkout, stake, survey, playbook } = sagas

/** Each step of each channel's saga, from the hold to its end, by name. */
export const STEPS: readonly Step[] = [
  ...both('coupon: hold', HOLD, redeem('coupon')),
  ...both('coupon: issued', ['INSERT INTO .?coupon_code'], redeem('coupon')),
  ...both('coupon: capture', moved('capture'), redeem('coupon')),
  ...both('coupon: cancelling', moved('cancelling'), cancel('coupon'), { ends: 'CANCELLED' }),
  ...both('coupon: void', ['UPDATE .?coupon_code'], cancel('coupon'), { ends: 'CANCELLED' }),
  ...both('coupon: refund', moved('refund'), cancel('coupon'), { ends: 'CANCELLED' }),

  ...both('goods: hold', HOLD, redeem('mug')),
  ...both('goods: ordered', ['INSERT INTO .?goods_shipment'], redeem('mug')),
  ...both('goods: capture', moved('capture'), redeem('mug')),
  ...both('goods: cancelling', moved('cancelling'), cancel('mug'), { ends: 'CANCELLED' }),
  ...both('goods: taken back', ['UPDATE .?goods_shipment', 'cancelled'], cancel('mug'), {
    ends: 'CANCELLED',
  }),
  ...both('goods: refund', moved('refund'), cancel('mug'), { ends: 'CANCELLED' }),
  ...both('goods: kept', moved('keep'), cancelPicked(), { ends: 'GOODS_PICKING' }),

  ...both('code: given', ['UPDATE .?goods_code'], redeem('code')),
  ...both('code: capture', moved('capture'), redeem('code')),
  ...both('code: never given', ['INSERT INTO .?goods_shipment'], redeem('no-code'), {
    ends: 'RELEASED',
  }),
  ...both('code: release', moved('release'), redeem('no-code'), { ends: 'RELEASED' }),

  ...both('partner: hold', HOLD, redeem('seat')),
  ...both('partner: set aside', ['INSERT INTO .?partner_right'], redeem('seat')),
  ...both('partner: asked', [`${NO_BALANCE}[\\s\\S]*UPDATE .?partner_right`], redeem('seat')),
  atPartner('partner: order, done and unanswered', redeem('seat'), 'FULFILLED'),
  ...both('partner: given', ['UPDATE .?partner_right', 'charge:'], redeem('seat')),
  ...both('partner: capture', moved('capture'), redeem('seat')),
  ...both('partner: unknown', moved('unknown'), redeem('seat'), { mood: '500-after' }),
  ...both('partner: taken up', moved('try:1'), redeem('seat'), { mood: '500-after', waits: true }),
  ...both('partner: refused', ['UPDATE .?partner_right', 'PARTNER_REFUSED'], redeem('seat'), {
    mood: 'refuses',
    ends: 'RELEASED',
  }),
  ...both('partner: release', moved('release'), redeem('seat'), {
    mood: 'refuses',
    ends: 'RELEASED',
  }),
  ...both('partner: cancelling', moved('cancelling'), cancel('seat'), { ends: 'CANCELLED' }),
  ...both(
    'partner: asked to take back',
    [`${NO_BALANCE}[\\s\\S]*UPDATE .?partner_right`],
    cancel('seat'),
    { ends: 'CANCELLED' },
  ),
  atPartner('partner: cancellation, done and unanswered', cancel('seat'), 'CANCELLED'),
  ...both('partner: taken back', ['UPDATE .?partner_right', 'reversal:'], cancel('seat'), {
    ends: 'CANCELLED',
  }),
  ...both('partner: refund', moved('refund'), cancel('seat'), { ends: 'CANCELLED' }),
  ...both('pool: given', ['UPDATE .?partner_code'], redeem('popcorn')),
  ...both('pool: taken back', ['UPDATE .?partner_code'], cancel('popcorn'), { ends: 'CANCELLED' }),

  ...both('draw: hold', HOLD, redeem('leaf')),
  ...both('draw: round begun', ['INSERT INTO .?game_round'], playNew()),
  ...both('draw: drawn', ['INSERT INTO .?game_play'], redeem('leaf')),
  ...both('draw: capture with its award', moved('capture'), redeem('leaf')),
  ...both('guess: drawn', ['INSERT INTO .?game_play'], redeem('which')),
  ...both('revive: played', ['INSERT INTO .?game_play'], redeem('life')),
  ...both('stake: put in', ['INSERT INTO .?game_play'], stake.join),
  ...both('stake: capture', moved('capture'), stake.join),
  ...both('stake: settled', ['UPDATE .?game_stake', 'settled'], stake.settle, { ends: 'SETTLED' }),
  ...both('stake: share awarded', ledger('award:\\d+:'), stake.settle, { ends: 'SETTLED' }),
  ...both('stake: marked as paid', ['UPDATE .?game_play'], stake.settle, { ends: 'SETTLED' }),

  ...both('cash: hold', HOLD, redeem('part-cash'), { ends: 'RELEASED' }),
  ...both('cash: paid', moved('paid'), pay(), {
    ends: { before: 'PAYMENT_TOO_LATE', after: 'FULFILLED' },
  }),
  ...both('cash: given after it was paid', ['INSERT INTO .?goods_shipment'], pay()),
  ...both('cash: capture', moved('capture'), pay()),
  ...both('cash: never paid', moved('unpaid'), payNever(), { ends: 'RELEASED', waits: true }),
  ...both('cash: called off', moved('unpaid'), cancel('part-cash'), {
    ends: { before: 'REDEMPTION_NOT_FULFILLED', after: 'RELEASED' },
  }),

  ...both('checkout: hold', HOLD, checkout.pay, { ends: 'RELEASED' }),
  // Points that nobody asked for in time have come back by then.
  ...both('checkout: capture', paying('capture'), checkout.capture, {
    ends: { before: 'PAYMENT_RELEASED', after: 'CAPTURED' },
  }),
  ...both('checkout: release', paying('release'), checkout.release, { ends: 'RELEASED' }),
  ...both('checkout: return', paying('return'), checkout.takeBack, { ends: 'CAPTURED' }),
  ...both('checkout: never settled', paying('release'), payNothing(), {
    ends: 'RELEASED',
    waits: true,
  }),

  ...both('survey: answered', ['INSERT INTO .?survey_answer'], survey.answer, { ends: 'ANSWERED' }),
  ...both('survey: changed', ['UPDATE .?survey_answer'], survey.change, { ends: 'ANSWERED' }),

  ...ofPlaybook(playbook.apply, 'APPLIED', {
    'playbook: decided': ['INSERT INTO .?playbook_share'],
    'playbook: offer changed': ['UPDATE .?offer.? SET'],
    'playbook: earning paused': ['INSERT INTO .?earning_pause'],
    'playbook: settings made': playbookIs('applied'),
    'playbook: taken in hand': ['UPDATE .?playbook_share.? SET state = .*place IN'],
    'playbook: awarded': ledger('award:\\d+:'),
    'playbook: marked as given': ['UPDATE .?playbook_share.? SET state = .*place = '],
  }),
  ...ofPlaybook(playbook.revert, 'REVERTED', {
    'playbook: on its way back': playbookIs('reverting'),
    'playbook: offer put back': ['UPDATE .?offer.? SET'],
    'playbook: earning goes on': ['UPDATE .?earning_pause'],
    'playbook: put back': playbookIs('reverted'),
  }),
]
