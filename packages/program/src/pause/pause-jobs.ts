import type { Earning } from '../earning/open-earning.js'
import type { Job } from '../jobs/job.js'
import type { KeptEvents } from './open-kept-events.js'
import { settleKept } from './settle-kept.js'

/** What lets kept events go in by themselves, once an operator asked for it (E10). */
export function pauseJobs(parts: { kept: KeptEvents; earning: Earning }): readonly Job[] {
  return [
    {
      name: 'settle-kept-events',
      title: { en: 'Settle what came while earning was paused', zh: '补发暂停期间保留的事件' },
      everyMs: 1_000,
      run: (context) => settleKept(parts, context),
    },
  ]
}
