import { type Refusal, refuse } from '@pointwell/ledger'
import type { Calendar } from '@pointwell/plugin'
import type { PolicyDocument } from '../policy/policy-document.js'
import type { Redemption } from '../redemption/redemption-record.js'
import type { SurveyAnswer } from './survey-rows.js'

const DAY_MS = 86_400_000

/** `write`: null where the same was said before. */
export interface DecidedAnswer {
  readonly refused?: undefined
  readonly answer: SurveyAnswer
  readonly write: 'insert' | 'update' | null
}

/**
 * A member's answer about a redemption: once, and changed for as long as the policy says; the same again is
 * the same, whenever it comes. Refuses SURVEY_NOT_OPEN (`when` it was over; none: it is not fulfilled, or
 * nobody is asked), SURVEY_ANSWERED (`when` it was last to be changed).
 */
export function decideAnswer(
  { score, comment }: Pick<SurveyAnswer, 'score' | 'comment'>,
  {
    redemption,
    known,
    now,
    survey,
    calendar,
  }: {
    readonly redemption: Pick<
      Redemption,
      'id' | 'wallet' | 'offer' | 'channel' | 'status' | 'settledAt'
    >
    /** What was answered before. */
    readonly known: SurveyAnswer | undefined
    /** Epoch milliseconds. */
    readonly now: number
    readonly survey: PolicyDocument['survey']
    readonly calendar: Calendar
  },
): DecidedAnswer | Refusal {
  if (known) {
    if (known.score === score && known.comment === comment) return { answer: known, write: null }
    const until = known.answeredAt + survey.changeDays * DAY_MS
    if (now >= until) return refuse('SURVEY_ANSWERED', { when: until })
    return { answer: { ...known, score, comment, changedAt: now }, write: 'update' }
  }
  const { id: redemptionId, wallet, offer, channel, status, settledAt } = redemption
  if (status !== 'fulfilled' || settledAt === null || survey.open === 0) {
    return refuse('SURVEY_NOT_OPEN')
  }
  const until = settledAt + survey.open * DAY_MS
  if (now >= until) return refuse('SURVEY_NOT_OPEN', { when: until })
  const day = calendar.dateOf(settledAt)
  const about = { redemptionId, wallet, offerId: offer.id, channel, day }
  return { answer: { ...about, score, comment, answeredAt: now, changedAt: null }, write: 'insert' }
}
