import { Cron } from 'croner'
import { z } from 'zod'

/**
 * The first instant after `after` that a cron expression names in a time zone, epoch milliseconds; null:
 * there is none. Where clocks are put forward, a time that is skipped comes when they have been; where
 * they are put back, a time of day comes once.
 */
export function nextByCron(
  cron: string,
  { zone, after }: { zone: string; after: number },
): number | null {
  return open(cron, zone).nextRun(new Date(after))?.getTime() ?? null
}

/** A cron expression of five fields: minute, hour, day, month, weekday. */
export function cronSchema() {
  return z
    .string()
    .max(100, { abort: true })
    .refine((cron) => /^\S+( \S+){4}$/.test(cron) && comes(cron), {
      error: 'Expected minute, hour, day, month and weekday of a time that comes: `30 3 * * *`.',
    })
}

function comes(cron: string): boolean {
  try {
    return nextByCron(cron, { zone: 'UTC', after: 0 }) !== null
  } catch {
    return false
  }
}

function open(cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, paused: true, mode: '5-part' })
}
