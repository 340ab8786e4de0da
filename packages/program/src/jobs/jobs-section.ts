import { z } from 'zod'
import { cronSchema } from './cron.js'

/** Jobs that run by the clock, and that an operator may move, with when they run unless moved; null:
 * once a day, at `dailyAt`. */
const CLOCKED = {
  seal: '0 * * * *',
  'fold-figures': '20 * * * *',
  'forget-quotes': null,
  reminders: '0 9 * * *',
  'point-value': null,
} as const satisfies Record<string, string | null>
export type ClockedJob = keyof typeof CLOCKED

/** When what runs by the clock does (O2). */
export const jobsSection = z
  .strictObject({
    dailyAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Expected a time of day such as `03:30`.' })
      .default('03:30')
      .describe('When jobs that run once a day do, in the programme’s time zone.'),
    schedules: z
      .partialRecord(z.enum(Object.keys(CLOCKED) as ClockedJob[]), cronSchema())
      .default({})
      .describe(
        'Moves single jobs: a cron expression of five fields (minute, hour, day, month, weekday) in the programme’s time zone.',
      ),
  })
  .prefault({})

/** When a job that runs by the clock does, as a cron expression. */
export function cronOf(
  { jobs }: { readonly jobs: z.output<typeof jobsSection> },
  job: ClockedJob,
): string {
  const [hour, minute] = jobs.dailyAt.split(':').map(Number)
  return jobs.schedules[job] ?? CLOCKED[job] ?? `${minute} ${hour} * * *`
}
