import type { Program } from '@pointwell/program'
import { DEMO_MEMBER } from './demo-acts.js'
import type { OperatorAct } from './demo-operators.js'

const HOUR_MS = 3_600_000
const OFFER = 'coupon-10'

/** What members said of the coupon that they had a while ago (R13); some said nothing. */
const SAID = [
  { memberId: DEMO_MEMBER, score: 5, comment: 'Used it the same evening.' },
  { memberId: 'm-1007', score: 4, comment: null },
  { memberId: 'm-1013', score: 5, comment: '下次还换这个。' },
  { memberId: 'm-1019', score: 2, comment: 'I had hoped for a larger one.' },
] as const

export function surveyActs(now: number): OperatorAct[] {
  return SAID.map(({ memberId, score, comment }, place) => ({
    at: now - HOUR_MS + place * 60_000,
    act: 'operator',
    async perform(program) {
      const redemption = await redemptionOf(program, memberId)
      return program.surveys.answer({ redemption, score, comment })
    },
  }))
}

async function redemptionOf({ members, redemptions }: Program, memberId: string) {
  const member = await members.find(memberId)
  const redeemed = member ? await redemptions.findNewest([member.wallet], 50) : []
  const found = redeemed.find(({ offer }) => offer.id === OFFER)
  if (!found) throw new Error(`${memberId} of the demo has no ${OFFER} to speak of.`)
  return found
}
