import { type Calendar, campaignPoints, type Task, type TaskContext } from '@pointwell/plugin'
import { countedIn } from '../decision/reward-limits.js'
import type { ReferralMemory } from '../memory/referral-memory.js'
import { referralTitle, referralWords } from '../referral-words.js'
import {
  type LimitPeriod,
  MOST_POINTS,
  type ReferralSettings,
} from '../settings/referral-settings.js'

type Context = TaskContext<ReferralSettings, ReferralMemory>

const DAY_MS = 86_400_000

/** To bring a friend, and for a newcomer to say who brought it (E14). Staff take no part. */
export function referralTasks(context: Context): Task[] {
  return context.member.staff ? [] : [...welcomeTask(context), bringTask(context)]
}

/** Points for a friend; its progress is that under the limit that leaves least. */
function bringTask({ settings, memory, member, calendar, now }: Context): Task {
  const today = calendar.dateOf(now)
  const limits = settings.limits
    .map(({ per, times }) => ({
      per,
      of: times,
      done: Math.min(times, countedIn(memory.rewards, per, today)),
    }))
    .sort((a, b) => a.of - a.done - (b.of - b.done))
  const [least] = limits
  const full = limits.filter(({ done, of }) => done === of)
  const ends = full.map(({ per }) => endOf(per, today, calendar))
  return {
    id: 'bring-a-friend',
    title: referralTitle,
    points: campaignPoints(settings.points, member.campaigns, { most: MOST_POINTS }).points,
    done: full.length > 0,
    ...(least && { progress: { done: least.done, of: least.of } }),
    againAt: ends.length === 0 || ends.includes(null) ? null : Math.max(...(ends as number[])),
    beginner: false,
  }
}

function welcomeTask({ settings, memory, member, now }: Context): Task[] {
  const { newForDays, friendPoints } = settings
  const isNew = newForDays === null || now <= member.joinedAt + newForDays * DAY_MS
  if (friendPoints === 0 || !isNew || memory.accepted) return []
  return [
    {
      id: 'accept-a-code',
      title: referralWords['referral-friend'],
      points: campaignPoints(friendPoints, member.campaigns, { most: MOST_POINTS }).points,
      done: false,
      beginner: true,
    },
  ]
}

/** The first instant after a period, epoch milliseconds; null: it does not end. */
function endOf(per: LimitPeriod, today: string, calendar: Calendar): number | null {
  switch (per) {
    case 'day':
      return calendar.endOf(today)
    case 'month':
      return calendar.endOf(calendar.endOfMonth(today, 0))
    case 'year':
      return calendar.endOf(`${today.slice(0, 4)}-12-31`)
    case 'ever':
      return null
  }
}
