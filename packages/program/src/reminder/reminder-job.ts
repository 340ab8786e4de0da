import type { Ledger, Lot } from '@pointwell/ledger'
import type { Job, JobContext } from '../jobs/job.js'
import { cronOf } from '../jobs/jobs-section.js'
import type { NewMessage } from '../message/message-rows.js'
import type { Messages } from '../message/open-messages.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { expiringReminders } from './expiring-reminders.js'

/** Wallets that one step looks at: small, so that it never holds up what else is read. */
const WALLETS_AT_ONCE = 500

export interface ReminderParts {
  readonly ledger: Pick<Ledger, 'store' | 'clock'>
  readonly policies: PolicyReads
  readonly messages: Pick<Messages, 'write'>
}

/**
 * Tells members of points that run out soon (X6). Each reminder has a name, so that it is written once,
 * whichever server runs the job, and however often. Wallets are found by what is due in them next:
 * one whose points run out has nothing due later than that.
 */
export function reminderJob(parts: ReminderParts): Job {
  return {
    name: 'reminders',
    title: { en: 'Remind members of points that run out', zh: '提醒会员即将过期的积分' },
    cron: () => cronOf(parts.policies.at(parts.ledger.clock()).document, 'reminders'),
    run: (context) => remind(parts, context),
  }
}

async function remind(
  { ledger, policies, messages }: ReminderParts,
  { now, signal }: JobContext,
): Promise<string> {
  const { document, calendar } = policies.at(now)
  const { daysBefore } = document.reminders
  if (daysBefore.length === 0) return 'the policy has no reminders'
  const today = calendar.dateOf(now)
  const until = calendar.endOf(calendar.addDays(today, Math.max(...daysBefore)))
  let after: { readonly id: number; readonly dueAt: number } | null = null
  let looked = 0
  while (!signal.aborted) {
    const due: readonly { readonly id: number; readonly dueAt: number }[] =
      await ledger.store.findWalletsDueUntil({ until, after, limit: WALLETS_AT_ONCE })
    const ids = due.map(({ id }) => id)
    const lots = new Map<number, Lot[]>(ids.map((id) => [id, []]))
    for (const { wallet, lot } of await ledger.store.findLots(ids, { open: true })) {
      lots.get(wallet)?.push(lot)
    }
    await messages.write(
      ids.flatMap((wallet) =>
        expiringReminders(lots.get(wallet) ?? [], {
          today,
          daysBefore,
          calendar,
        }).map(
          (reminder): NewMessage => ({
            wallet,
            kind: 'expiring',
            name: `expiring:${reminder.date}:${reminder.daysBefore}`,
            figures: { date: reminder.date, points: reminder.points, days: reminder.daysLeft },
            writtenAt: now,
          }),
        ),
      ),
    )
    looked += due.length
    after = due.at(-1) ?? null
    if (due.length < WALLETS_AT_ONCE) break
  }
  return `${looked} wallets looked at`
}
