import type { Job } from '../jobs/job.js'
import { takeUpAll } from '../jobs/take-up-all.js'
import type { Merges } from './open-merges.js'

/** Merges of one turn. */
const AT_ONCE = 20

/** What a server left half done when it died is completed. */
export function mergeJobs(merges: Pick<Merges, 'takeUpDue'>): readonly Job[] {
  return [
    {
      name: 'merges',
      title: { en: 'Complete merges of members', zh: '完成会员合并' },
      everyMs: 5_000,
      async run({ signal, report }) {
        const turn = (limit: number) => merges.takeUpDue(limit, report)
        return `${await takeUpAll(turn, { signal, atOnce: AT_ONCE })} merges`
      },
    },
  ]
}
