import type { Job } from '../jobs/job.js'
import { takeUpAll } from '../jobs/take-up-all.js'
import type { Redemptions } from './open-redemptions.js'

/** Redemptions, or quotes, of one turn. */
const AT_ONCE = 100

/** What keeps redemptions going by themselves (R6): no hold stays for ever. */
export function redemptionJobs(
  redemptions: Redemptions,
  { forgetAt }: { forgetAt: () => string },
): readonly Job[] {
  return [
    {
      name: 'redemptions',
      title: { en: 'Ask channels again what they could not say', zh: '重新确认未知结果的兑换' },
      everyMs: 1_000,
      async run({ signal, report }) {
        const turn = (limit: number) => redemptions.takeUpDue(limit, report)
        return `${await takeUpAll(turn, { signal, atOnce: AT_ONCE })} redemptions`
      },
    },
    {
      name: 'forget-quotes',
      title: { en: 'Forget quotes that ran out long ago', zh: '清理早已过期的报价' },
      cron: forgetAt,
      async run({ signal }) {
        const forgotten = await takeUpAll(redemptions.forgetQuotes, { signal, atOnce: AT_ONCE })
        return `${forgotten} quotes`
      },
    },
  ]
}
