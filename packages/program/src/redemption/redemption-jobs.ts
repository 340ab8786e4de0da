import type { Job } from '../jobs/job.js'
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
        const looked = await repeat((limit) => redemptions.takeUpDue(limit, report), signal)
        return `${looked} redemptions`
      },
    },
    {
      name: 'forget-quotes',
      title: { en: 'Forget quotes that ran out long ago', zh: '清理早已过期的报价' },
      cron: forgetAt,
      async run({ signal }) {
        const forgotten = await repeat(redemptions.forgetQuotes, signal)
        return `${forgotten} quotes`
      },
    },
  ]
}

/** Until a turn is not full. What is looked at is not due again at once, so this ends. */
async function repeat(
  turn: (limit: number) => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  let all = 0
  while (!signal.aborted) {
    const some = await turn(AT_ONCE)
    all += some
    if (some < AT_ONCE) break
  }
  return all
}
