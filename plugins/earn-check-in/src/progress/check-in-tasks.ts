import { campaignPoints, type Task, type TaskContext } from '@pointwell/plugin'
import { checkInTitle } from '../check-in-words.js'
import type { CheckInMemory } from '../memory/check-in-memory.js'
import type { CheckInSettings } from '../settings/check-in-settings.js'
import { checkInProgress } from './check-in-progress.js'

/** Today's check-in (E14): its progress is the way to the next entry of the table of streaks. */
export function checkInTasks(context: TaskContext<CheckInSettings, CheckInMemory>): Task[] {
  const { member, calendar } = context
  const { today, checkedIn, streak, pointsToday, nextBonus } = checkInProgress(context)
  return [
    {
      id: 'check-in',
      title: checkInTitle,
      points: campaignPoints(pointsToday, member.campaigns).points,
      done: checkedIn,
      streak,
      ...(nextBonus && { progress: { done: streak, of: streak + nextBonus.checkIns } }),
      againAt: checkedIn ? calendar.endOf(today) : null,
      beginner: false,
    },
  ]
}
