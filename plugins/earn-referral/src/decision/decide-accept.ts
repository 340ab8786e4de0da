import { type Refusal, refuse } from '@pointwell/plugin'
import { markOf } from '../event/mark-of.js'
import { LONGEST_LINE } from '../event/referral-event.js'
import { isCalled } from './is-called.js'
import type { ContextOf, ReferralDecision } from './referral-context.js'
import { remember } from './remember.js'
import { withMarks } from './with-marks.js'

const DAY_MS = 86_400_000

/** Why a referral is held, or refused where the operator wants that. */
export type Suspicion = 'same-device' | 'same-payment'

/** What the answer to an acceptance tells. */
export interface AcceptDetails {
  readonly held: readonly Suspicion[]
}

/**
 * A new member accepts a code: no points yet. Refuses REFERRAL_OWN_CODE, REFERRAL_ALREADY_ACCEPTED,
 * REFERRAL_STAFF, REFERRAL_MEMBER_NOT_NEW (`limit` days), REFERRAL_LOOP, REFERRAL_CHANGED (ask again with
 * the line as it is now), REFERRAL_SAME_DEVICE, REFERRAL_SAME_PAYMENT, REFERRAL_CODE_NOT_FOUND.
 */
export function decideAccept(context: ContextOf<'accept'>): ReferralDecision {
  const refusal = checkFriend(context) ?? checkLine(context)
  if (refusal) return refusal
  const { event, memory, settings, now } = context
  const held: Suspicion[] = []
  for (const { suspicion, code } of findSuspicions(context)) {
    const answer = suspicion === 'same-device' ? settings.sameDevice : settings.samePayment
    if (answer === 'refuse') return refuse(code)
    if (answer === 'hold') held.push(suspicion)
  }
  const referrer = event.line[0]!
  const details: AcceptDetails = { held }
  return remember(
    context,
    {
      ...withMarks(memory, event),
      accepted: { referrer, at: Math.min(event.at, now) },
      held: held.length > 0 ? held : null,
    },
    details,
  )
}

function checkFriend(context: ContextOf<'accept'>): Refusal | undefined {
  const { event, memory, member, settings, others, now } = context
  const [referrer] = others
  if (isCalled(member, event.line[0])) return refuse('REFERRAL_OWN_CODE', { field: 'code' })
  if (!referrer) return refuse('REFERRAL_CODE_NOT_FOUND', { field: 'code' })
  if (memory.accepted) return refuse('REFERRAL_ALREADY_ACCEPTED', { field: 'code' })
  if (member.staff || referrer.facts.staff) return refuse('REFERRAL_STAFF')
  const { newForDays } = settings
  if (newForDays !== null && now - member.joinedAt > newForDays * DAY_MS) {
    return refuse('REFERRAL_MEMBER_NOT_NEW', { limit: newForDays })
  }
  return undefined
}

/** Nobody is brought by somebody whom they brought, over however many others. */
function checkLine({ event, member, others }: ContextOf<'accept'>): Refusal | undefined {
  for (const [place, other] of others.entries()) {
    const above = other?.memory.accepted?.referrer
    if (isCalled(member, event.line[place]) || isCalled(member, above)) {
      return refuse('REFERRAL_LOOP')
    }
    if (place + 1 < LONGEST_LINE && above !== event.line[place + 1]) {
      return refuse('REFERRAL_CHANGED')
    }
  }
  return undefined
}

interface Suspected {
  readonly suspicion: Suspicion
  readonly code: 'REFERRAL_SAME_DEVICE' | 'REFERRAL_SAME_PAYMENT'
}

function findSuspicions({ event, memory, settings, others }: ContextOf<'accept'>): Suspected[] {
  const { device, payment } = event
  const { memory: theirs, identities } = others[0]!
  const paidWith = identities
    .filter(({ kind }) => settings.paymentKinds.includes(kind))
    .map(({ value }) => markOf(value))
  const found: Suspected[] = []
  if (meet([...memory.devices, device], theirs.devices)) {
    found.push({ suspicion: 'same-device', code: 'REFERRAL_SAME_DEVICE' })
  }
  if (meet([...memory.payments, payment], [...theirs.payments, ...paidWith])) {
    found.push({ suspicion: 'same-payment', code: 'REFERRAL_SAME_PAYMENT' })
  }
  return found
}

function meet(ours: readonly (string | null)[], theirs: readonly string[]): boolean {
  return ours.some((mark) => mark !== null && theirs.includes(mark))
}
