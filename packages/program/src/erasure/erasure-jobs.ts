import type { Job } from '../jobs/job.js'
import type { Erasures } from './open-erasures.js'

/** What a server left half done when it died, and what a plugin could not do just then, is done. */
export function erasureJobs(erasures: Erasures): readonly Job[] {
  return [
    {
      name: 'erasures',
      title: { en: 'Finish erasing members who asked for it', zh: '完成会员注销与去标识化' },
      everyMs: 10_000,
      async run({ signal, report }) {
        return `${await erasures.takeUp(report, signal)} erasures`
      },
    },
  ]
}
