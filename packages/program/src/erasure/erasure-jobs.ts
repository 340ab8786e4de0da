import type { Job } from '../jobs/job.js'
import { takeUpAll } from '../jobs/take-up-all.js'
import type { Erasures } from './open-erasures.js'

/** Erasures of one turn. */
const AT_ONCE = 20

/** What a server left half done when it died, and what a plugin could not do just then, is done. */
export function erasureJobs(erasures: Erasures): readonly Job[] {
  return [
    {
      name: 'erasures',
      title: { en: 'Finish erasing members who asked for it', zh: '完成会员注销与去标识化' },
      everyMs: 10_000,
      async run({ signal, report }) {
        const turn = (limit: number) => erasures.takeUpDue(limit, report)
        return `${await takeUpAll(turn, { signal, atOnce: AT_ONCE })} erasures`
      },
    },
  ]
}
