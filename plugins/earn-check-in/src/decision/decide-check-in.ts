import {
  campaignPoints,
  type EarnContext,
  type EarnDecision,
  grant,
  type Step,
  step,
} from '@pointwell/plugin'
import type { CheckInEvent } from '../event/check-in-event.js'
import type { CheckInMemory } from '../memory/check-in-memory.js'
import { forgetOldRuns, type Joined, joinDay } from '../memory/join-day.js'
import type { CheckInSettings } from '../settings/check-in-settings.js'
import { bonusUpTo, tableDay } from '../streak/streak-bonus.js'
import { checkDay } from './check-day.js'
import { cardsLeft, cardsUsed } from './make-up-cards.js'

/** What the answer to a check-in tells besides points. */
export interface CheckInDetails {
  readonly date: string
  /** Days on end, with this one. */
  readonly streak: number
  /** Make-up cards left this month. */
  readonly cardsLeft: number
}

/**
 * What a check-in earns (E3): the day's points, and what the streak has reached by it. A make-up joins the
 * days on both sides of it, and earns what the joined streak would have had beyond what its parts
 * had. Refusals: see `checkDay`.
 */
export function decideCheckIn(
  context: EarnContext<CheckInSettings, CheckInEvent, CheckInMemory>,
): EarnDecision<CheckInMemory> {
  const { event, memory, settings, member, calendar, now } = context
  const refusal = checkDay(context)
  if (refusal) return refusal

  const today = calendar.dateOf(now)
  const joined = joinDay(memory.runs, event.date, calendar)
  const daily = event.makeUp && !settings.makeUp.earnsPoints ? 0 : settings.points
  const bonus = bonusOf(joined, settings)
  const { points, steps, campaigns } = campaignPoints(daily + bonus, member.campaigns)

  const month = today.slice(0, 7)
  const remembered: CheckInMemory = {
    runs: forgetOldRuns(joined.runs, today, calendar),
    cards: event.makeUp ? { month, used: cardsUsed(memory, month) + 1 } : memory.cards,
  }
  const details: CheckInDetails = {
    date: event.date,
    streak: joined.run.length,
    cardsLeft: cardsLeft(remembered, month, settings),
  }
  return grant({
    points,
    because: [
      step(event.makeUp ? 'make-up' : 'check-in', daily, { date: event.date }),
      ...streakSteps(joined, bonus, settings),
      ...steps,
    ],
    ...(campaigns.length > 0 && { campaigns }),
    // A day told of late happened on that day: caps go by it.
    at: event.date === today ? now : calendar.endOf(event.date) - 1,
    streak: joined.run.length,
    memory: remembered,
    details,
  })
}

/** What a streak has earned by joining, beyond what its parts earned when they were apart. A part that had
 * more by itself (a table that rewards first days) keeps it. */
function bonusOf({ run, before, after }: Joined, settings: CheckInSettings): number {
  const apart = bonusUpTo(before, settings) + bonusUpTo(after, settings)
  return Math.max(0, bonusUpTo(run.length, settings) - apart)
}

function streakSteps({ run }: Joined, bonus: number, settings: CheckInSettings): Step[] {
  if (bonus === 0) return []
  return [step('streak', bonus, { streak: run.length, day: tableDay(run.length, settings) })]
}
