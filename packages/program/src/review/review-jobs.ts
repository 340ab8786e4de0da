import type { Job } from '../jobs/job.js'
import type { Reviews } from './open-reviews.js'

/** Looks each minute whether today's review is still to be done. */
export function reviewJobs(reviews: Reviews): readonly Job[] {
  return [
    {
      name: 'review-members',
      title: {
        en: 'Review members: tiers, badges, segments',
        zh: '会员盘点：等级、徽章、分群',
      },
      everyMs: 60_000,
      run: (context) => reviews.run(context),
    },
  ]
}
