import type { Job } from '../jobs/job.js'
import type { Playbooks } from './open-playbooks.js'

/** Playbooks of one turn. */
const AT_ONCE = 10

/** What playbooks give, and what a server left half done when it died. */
export function playbookJobs(playbooks: Playbooks): readonly Job[] {
  return [
    {
      name: 'playbooks',
      title: { en: 'Give what playbooks promise', zh: '执行应对方案的补偿' },
      everyMs: 2_000,
      async run({ signal, report }) {
        let all = 0
        while (!signal.aborted) {
          const some = await playbooks.carryOn(AT_ONCE, report)
          all += some
          if (some === 0) break
        }
        return `${all} turns`
      },
    },
  ]
}
