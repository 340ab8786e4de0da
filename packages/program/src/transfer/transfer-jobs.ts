import type { Job } from '../jobs/job.js'
import { takeUpAll } from '../jobs/take-up-all.js'
import type { Transfers } from './open-transfers.js'

/** Transfers of one turn. */
const AT_ONCE = 100

/** What a server left half done when it died is completed: nobody's points stay on the way. */
export function transferJobs(transfers: Transfers): readonly Job[] {
  return [
    {
      name: 'transfers',
      title: { en: 'Complete transfers that are on their way', zh: '完成未到账的积分转赠' },
      everyMs: 5_000,
      async run({ signal, report }) {
        const turn = (limit: number) => transfers.takeUpDue(limit, report)
        return `${await takeUpAll(turn, { signal, atOnce: AT_ONCE })} transfers`
      },
    },
  ]
}
