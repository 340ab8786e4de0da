import { campaignPoints, type Task, type TaskContext } from '@pointwell/plugin'
import type { BehaviourMemory } from '../memory/behaviour-memory.js'
import { type BehaviourSettings, MOST_POINTS } from '../settings/behaviour-settings.js'
import { behaviourProgress } from './behaviour-progress.js'

/** A task for each behaviour that is open (E14): what is done once and for all is for beginners. */
export function behaviourTasks(context: TaskContext<BehaviourSettings, BehaviourMemory>): Task[] {
  const { campaigns } = context.member
  return behaviourProgress(context).map(
    ({ id, title, points, times, per, left, pointsLeft, againAt }) => {
      const wanted = campaignPoints(points, campaigns, { most: MOST_POINTS }).points
      return {
        id,
        title,
        // Of the last act under a limit of points it is what the limit leaves.
        points: left > 0 && pointsLeft !== null ? Math.min(wanted, pointsLeft) : wanted,
        behaviour: id,
        done: left === 0,
        progress: { done: times - left, of: times },
        againAt: left === 0 ? againAt : null,
        beginner: per === 'ever',
      }
    },
  )
}
