import { dateOf, parseDay } from './berlin.js'
import type { OracleMember } from './member.js'
import type { RenewalTask, Rules } from './rules.js'
import { extended } from './terms.js'
import type { OracleLot } from './wallet.js'

/** An act, as far as renewals go by it. */
export interface RenewalAct {
  readonly at: number
  readonly cents?: number
  readonly streak?: number
  readonly behaviour?: string
}

/** Lots in their last days last longer by what a member does (X5): by the task that reaches farthest. */
export function renew(
  member: OracleMember,
  act: RenewalAct,
  { rules, now, except }: { rules: Rules; now: number; except: ReadonlySet<OracleLot> },
): void {
  for (const lot of [...member.wallet.openLots()]) {
    const times = member.renewed.get(lot.seq) ?? 0
    if (except.has(lot) || times >= rules.renewal.timesPerLot) continue
    if (!rules.kinds[lot.kind]?.renewable) continue
    if (lot.expiresAt === null || lot.expiresAt <= now) continue
    const ends = rules.renewal.tasks
      .filter((task) => isDone(task, lot, { act, member, rules, now }))
      .map(({ extend }) => extended(lot.expiresAt!, extend))
    if (ends.length === 0) continue
    const end = Math.max(...ends)
    if (end <= lot.expiresAt) continue
    lot.expiresAt = end
    member.renewed.set(lot.seq, times + 1)
  }
}

function isDone(
  { when }: RenewalTask,
  lot: OracleLot,
  { act, member, rules, now }: { act: RenewalAct; member: OracleMember; rules: Rules; now: number },
): boolean {
  const lastDay = dateOf(lot.expiresAt! - 1)
  const opens = lastDay - rules.renewal.windowDays + 1
  const today = dateOf(act.at)
  if (today < opens || act.at >= lot.expiresAt! || act.at < lot.earnedAt) return false
  const { cents = 0, streak = 0 } = act
  switch (when.type) {
    case 'order':
      return cents >= Number(when.amount) * 100
    case 'spend': {
      if (cents === 0) return false
      const from = Math.max(opens, dateOf(lot.earnedAt) + 1)
      return spentSince(member, from, now) >= Number(when.amount) * 100
    }
    case 'streak':
      return streak >= when.days && today - opens + 1 >= when.days
    case 'behaviour':
      return act.behaviour === when.behaviour
  }
}

/** What orders that were confirmed from a day on came to; an order is of the day of its confirmation. */
function spentSince({ orders }: OracleMember, day: number, now: number): number {
  let sum = 0
  for (const { order, grant, cents, confirmedAt, confirmAt } of orders) {
    const at = confirmedAt ?? confirmAt ?? order.at
    if (!grant.cancelled && at <= now && dateOf(at) >= day) sum += cents
  }
  return sum
}

/** What prices are made with (X8): the value of a point, or the one before while it serves and is better. */
export function servingValue({ pointValue }: Rules, at: number): string {
  const today = dateOf(at)
  let serving = '1'
  let before = '1'
  for (const { from, value } of pointValue.changes) {
    const day = parseDay(from)
    if (day > today) break
    const stillServes = today < day + pointValue.transitionDays && Number(before) > Number(value)
    serving = stillServes ? before : value
    before = value
  }
  return serving
}
