import type { RecentFigures } from '@pointwell/plugin'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How far back each count reaches, and in which steps it moves on: so many numbers are kept of a member at
 * most, however much it does. */
const WINDOWS = {
  hour: { stepMs: 5 * MINUTE_MS, steps: 12 },
  day: { stepMs: HOUR_MS, steps: 24 },
  week: { stepMs: 6 * HOUR_MS, steps: 28 },
} as const
type WindowName = keyof typeof WINDOWS
const NAMES = Object.keys(WINDOWS) as readonly WindowName[]

/** Earns, redemptions, points earned, points spent. */
type Counts = readonly [earns: number, redemptions: number, earned: number, spent: number]
const NOTHING: Counts = [0, 0, 0, 0]

/** What of late a member did, by the number of the step it was in, counted from the epoch. */
export type RecentActs = Readonly<Record<WindowName, Readonly<Record<string, Counts>>>>

/** After one more act. */
export function countAct(
  acts: RecentActs | null,
  { kind, points, now }: { kind: 'earn' | 'redeem'; points: number; now: number },
): RecentActs {
  const one: Counts = kind === 'earn' ? [1, 0, points, 0] : [0, 1, 0, points]
  return eachWindow((name) => {
    const counts = acts?.[name] ?? {}
    const step = stepAt(name, now)
    return { ...counts, [step]: sum(counts[step] ?? NOTHING, one) }
  })
}

/** Without what is over; null: nothing is left. */
export function withoutPastActs(acts: RecentActs | null, now: number): RecentActs | null {
  if (!acts) return null
  const left = eachWindow((name) => Object.fromEntries(stepsWithin(acts, name, now)))
  return NAMES.every((name) => Object.keys(left[name]).length === 0) ? null : left
}

/** As if one member had done all. */
export function joinActs(one: RecentActs | null, other: RecentActs | null): RecentActs | null {
  if (!one || !other) return one ?? other
  return eachWindow((name) => {
    const joined: Record<string, Counts> = { ...one[name] }
    for (const [step, counts] of Object.entries(other[name])) {
      joined[step] = sum(joined[step] ?? NOTHING, counts)
    }
    return joined
  })
}

/** What a risk rule is told. */
export function recentFigures(
  acts: RecentActs | null,
  { now, joinedAt }: { now: number; joinedAt: number },
): RecentFigures {
  const totalOf = (name: WindowName): Counts =>
    acts
      ? stepsWithin(acts, name, now).reduce((all, [, counts]) => sum(all, counts), NOTHING)
      : NOTHING
  const [hour, day, week] = [totalOf('hour'), totalOf('day'), totalOf('week')]
  return {
    earnsLastHour: hour[0],
    earnsLastDay: day[0],
    earnsLastWeek: week[0],
    redemptionsLastHour: hour[1],
    redemptionsLastDay: day[1],
    redemptionsLastWeek: week[1],
    pointsEarnedLastDay: day[2],
    pointsSpentLastDay: day[3],
    minutesSinceJoined: Math.max(0, Math.floor((now - joinedAt) / MINUTE_MS)),
  }
}

function eachWindow(make: (name: WindowName) => Readonly<Record<string, Counts>>): RecentActs {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as unknown as RecentActs
}

function stepAt(name: WindowName, at: number): number {
  return Math.floor(at / WINDOWS[name].stepMs)
}

/** The step of `now` and as many whole ones before it as the window is long. */
function stepsWithin(acts: RecentActs, name: WindowName, now: number): [string, Counts][] {
  const oldest = stepAt(name, now) - WINDOWS[name].steps
  return Object.entries(acts[name]).filter(([step]) => Number(step) >= oldest)
}

/** What is more than a number can say stays the most that it can. */
function sum(one: Counts, other: Counts): Counts {
  const add = (at: 0 | 1 | 2 | 3) => Math.min(one[at] + other[at], Number.MAX_SAFE_INTEGER)
  return [add(0), add(1), add(2), add(3)]
}
