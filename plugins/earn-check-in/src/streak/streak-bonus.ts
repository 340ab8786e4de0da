import type { CheckInSettings } from '../settings/check-in-settings.js'

type Table = Pick<CheckInSettings, 'streaks' | 'restartAfterLongest'>

/** The day of the table that the n-th day of a streak is. */
export function tableDay(day: number, { streaks, restartAfterLongest }: Table): number {
  const longest = Math.max(0, ...Object.keys(streaks).map(Number))
  return restartAfterLongest && longest > 0 ? ((day - 1) % longest) + 1 : day
}

/** Extra points on the n-th day of a streak. */
export function bonusOn(day: number, table: Table): number {
  return table.streaks[String(tableDay(day, table))] ?? 0
}

/** All extra points of a streak of so many days. */
export function bonusUpTo(length: number, { streaks, restartAfterLongest }: Table): number {
  const entries = Object.entries(streaks).map(([day, points]) => ({ day: Number(day), points }))
  const longest = Math.max(0, ...entries.map(({ day }) => day))
  return entries.reduce((sum, { day, points }) => {
    if (day > length) return sum
    const times = restartAfterLongest ? Math.floor((length - day) / longest) + 1 : 1
    return sum + times * points
  }, 0)
}
