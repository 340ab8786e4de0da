import { campaignPoints, type Task, type TaskContext } from '@pointwell/plugin'
import { reviewWords } from '../review-words.js'
import { MOST_POINTS, type ReviewSettings } from '../settings/review-settings.js'

/** To review what was bought, and to do it with photos (E14). Which lines are still to be reviewed, the
 * shop knows. */
export function reviewTasks({ settings, member }: TaskContext<ReviewSettings, unknown>): Task[] {
  const pointsOf = (base: number) =>
    campaignPoints(base, member.campaigns, { most: MOST_POINTS }).points
  const task = { done: false, beginner: false }
  return [
    { id: 'review', title: reviewWords.review, points: pointsOf(settings.points), ...task },
    {
      id: 'review-photos',
      title: reviewWords['review-photos'],
      points: pointsOf(settings.pointsWithPhotos),
      ...task,
    },
  ]
}
