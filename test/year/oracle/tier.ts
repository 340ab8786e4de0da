import { dateOf, dayOf, endOf, endOfMonth, monthOf, partsOf } from './berlin.js'
import type { Level, Rules } from './rules.js'

/** What counts towards a tier: cents by month, those of orders that wait, and what operators gave. */
export class Standing {
  readonly spent = new Map<number, number>()
  readonly waiting = new Map<string, { month: number; cents: number; confirmAt: number }>()
  /** An operator's tier: at least that, for a time. */
  private readonly floors: { tier: string; from: number; until: number }[] = []
  readonly accelerators: { factor: number; from: number; until: number }[] = []

  add(month: number, cents: number): void {
    this.spent.set(month, (this.spent.get(month) ?? 0) + cents)
  }

  /** A new one ends the old; null ends it alone. */
  give(given: { tier: string; until: number } | null, now: number): void {
    for (const floor of this.floors) floor.until = Math.min(floor.until, now)
    if (given) this.floors.push({ ...given, from: now })
  }

  /** What an order of that moment counts times (M4): of several accelerators the strongest. */
  factorAt(at: number): number {
    return Math.max(
      1,
      ...this.accelerators.filter((it) => it.from <= at && at < it.until).map((it) => it.factor),
    )
  }

  private cents(from: number, to: number, { at, now }: { at: number; now: number }): number {
    let sum = 0
    // Spend is kept by the month: what was bought in months to come is no part of an earlier tier.
    const last = Math.min(to, monthOf(dateOf(at)))
    for (const [month, cents] of this.spent) if (month >= from && month <= last) sum += cents
    for (const { month, cents, confirmAt } of this.waiting.values()) {
      if (month >= from && month <= last && confirmAt <= now) sum += cents
    }
    return sum
  }

  /**
   * The tier at a moment (M3): the best that any period reached which has not been over for longer than one
   * more period (where months roll, any longer) and the days of grace. At an earlier moment than `now`, what has been confirmed by now
   * counts in its month.
   */
  levelAt({ tiers }: Rules, at: number, now = at): Level {
    const today = dateOf(at)
    let best = 0
    const reach = (cents: number) => {
      tiers.levels.forEach(({ threshold }, place) => {
        if (cents >= Number(threshold) * 100) best = Math.max(best, place)
      })
    }
    const keeps = (lastDay: number) => at < endOf(lastDay + tiers.graceDays)
    const { period } = tiers
    if (period.type === 'lifetime') reach(this.cents(0, 1e9, { at, now }))
    else if (period.type === 'calendar-year') {
      const { year } = partsOf(today)
      for (let back = 0; back < 4; back++) {
        const from = (year - back) * 12
        if (keeps(dayOf(year - back + 1, 12, 31))) reach(this.cents(from, from + 11, { at, now }))
      }
    } else {
      const month = monthOf(today)
      for (let back = 0; back < 16; back++) {
        const last = month - back
        if (keeps(endOfMonth(today, -back))) {
          reach(this.cents(last - period.months + 1, last, { at, now }))
        }
      }
    }
    for (const { tier, from, until } of this.floors) {
      if (at < from || at >= until) continue
      best = Math.max(
        best,
        tiers.levels.findIndex(({ id }) => id === tier),
      )
    }
    return tiers.levels[best]!
  }
}
