import { acceptCode, createCode } from '@pointwell/earn-referral'
import { isRefusal, type Refusal } from '@pointwell/ledger'
import type { ServerParts } from '../compose/start-server.js'
import { type DemoAct, demoActs, demoMembers } from './demo-acts.js'
import { DEMO_GAMES, gameActs } from './demo-games.js'
import { DEMO_OFFERS } from './demo-offers.js'
import { demoRules, type OperatorAct, operatorActs } from './demo-operators.js'
import { demoPartner } from './demo-partner.js'
import { surveyActs } from './demo-surveys.js'

/** The server's clock while the demo is made: it goes through half a year in a second. */
export interface DemoClock {
  now(): number
  /** Shows this time (epoch milliseconds) instead; null: the machine's again. */
  set(at: number | null): void
}

export function openDemoClock(machine: () => number = Date.now): DemoClock {
  let shown: number | null = null
  return {
    now: () => shown ?? machine(),
    set(at) {
      shown = at
    },
  }
}

/**
 * Fills an empty store with made-up members, orders and offers, each recorded at the time it
 * happened. Does nothing, and answers false, when there is a member already.
 */
export async function makeDemo(
  { program, ledger }: ServerParts,
  clock: DemoClock,
): Promise<boolean> {
  const someone = await ledger.store.snapshot((snapshot) => snapshot.wallets(0, 1))
  if (someone.length > 0) return false
  const now = clock.now()
  const members = demoMembers(now)
  const calendar = program.calendar()
  const acts = [
    ...demoActs(now),
    ...operatorActs(now, calendar),
    ...gameActs(now),
    ...surveyActs(now),
  ].sort((a, b) => a.at - b.at)
  try {
    clock.set(Math.max(...members.map(({ joinedAt }) => Date.parse(joinedAt))))
    accepted(await demoRules(program, now))
    for (const registered of await program.members.registerMany(members)) accepted(registered)
    accepted(await demoPartner(program, clock.now()))
    for (const offer of [...DEMO_OFFERS, ...DEMO_GAMES])
      accepted(await program.offers.create(offer))
    for (const act of acts) {
      clock.set(act.at)
      await perform(act, program)
    }
    clock.set(now)
    await program.notices.handleDue()
  } finally {
    clock.set(null)
  }
  return true
}

async function perform(act: DemoAct | OperatorAct, program: ServerParts['program']): Promise<void> {
  switch (act.act) {
    case 'operator':
      return accepted(await act.perform(program))
    case 'check-in': {
      const event = { date: program.calendar().dateOf(act.at) }
      accepted(await program.earn({ source: 'check-in', memberId: act.memberId, event }))
      return
    }
    case 'behaviour': {
      const { at, memberId, behaviour, ref } = act
      const event = { behaviour, ref, at }
      const earned = await program.earn({ source: 'behaviour', memberId, event })
      // Somebody who is very keen meets the limit of a day, as in life.
      if (isRefusal(earned) && earned.code !== 'BEHAVIOUR_LIMIT_REACHED') accepted(earned)
      return
    }
    case 'review': {
      const { at, memberId, review } = act
      const reviewed = await program.earn({ source: 'review', memberId, event: { ...review, at } })
      // What was sent back is nothing to write about.
      if (isRefusal(reviewed) && reviewed.code !== 'REVIEW_LINE_RETURNED') accepted(reviewed)
      return
    }
    case 'refer': {
      const { at, memberId, friendId } = act
      const context = { program, now: () => at }
      const known = { deviceId: null, paymentId: null }
      const code = await createCode(context, { memberId, ...known })
      if (typeof code !== 'string') return accepted(code)
      accepted(await acceptCode(context, { memberId: friendId, code, ...known }))
      return
    }
    case 'order': {
      const { memberId, event } = act
      accepted(await program.earn({ source: 'purchase', memberId, event }))
      return
    }
    case 'return': {
      const { orderId, taken } = act
      accepted(await program.returnEarned({ source: 'purchase', once: orderId, taken }))
      return
    }
    case 'redeem': {
      const { memberId, offerId } = act
      const request = { memberId, offerId, idempotencyKey: 'demo' }
      const redeemed = await program.redemptions.redeem(request)
      // Not everybody in the list has enough points, as in life.
      if (isRefusal(redeemed) && redeemed.code !== 'INSUFFICIENT_POINTS') accepted(redeemed)
    }
  }
}

function accepted(outcome: object | Refusal): void {
  // Whose membership has run out goes on buying, without points.
  if (isRefusal(outcome) && outcome.code !== 'MEMBERSHIP_LAPSED') {
    throw new Error(`The demo was refused: ${outcome.code} ${JSON.stringify(outcome.figures)}`)
  }
}
