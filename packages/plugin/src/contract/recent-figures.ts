/**
 * What a risk rule is told of the member's last days (K1), closed. Counted when the server took an act, which
 * may be long after it happened, and without the act that the rule is asked about. An act that was refused
 * left nothing behind and is not counted; one that was returned or cancelled later still is.
 *
 * Counted only while some rule is enabled: a rule that was just switched on sees a past that begins then.
 */
export const RECENT_FIGURES = [
  /** Earns of the last hour, number. The hour moves in steps of 5 minutes: 60 to 65 minutes. */
  'earnsLastHour',
  /** Earns of the last day, number. The day moves in steps of an hour: 24 to 25 hours. */
  'earnsLastDay',
  /** Earns of the last week, number. The week moves in steps of 6 hours: 168 to 174 hours. */
  'earnsLastWeek',
  /** Redemptions of the last hour, number; points at checkout among them. */
  'redemptionsLastHour',
  /** Redemptions of the last day, number. */
  'redemptionsLastDay',
  /** Redemptions of the last week, number. */
  'redemptionsLastWeek',
  /** Granted in the last day, whole points, those not usable yet included. */
  'pointsEarnedLastDay',
  /** Put on hold for redemptions in the last day, whole points. */
  'pointsSpentLastDay',
  /** Since the member joined, whole minutes. */
  'minutesSinceJoined',
] as const

export type RecentFigure = (typeof RECENT_FIGURES)[number]
export type RecentFigures = Readonly<Record<RecentFigure, number>>
