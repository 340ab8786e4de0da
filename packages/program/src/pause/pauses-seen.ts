import type { SqlRow } from '@pointwell/ledger'

/** What stands for all sources. */
export const EVERY_SOURCE = '*'

/** The pauses as one read found them. */
export interface PausesSeen {
  /** The highest number that a pause had. */
  readonly latest: number
  /** Sources that were paused, `*` for all. */
  readonly open: readonly string[]
}

/**
 * One row that goes with every read of members, so that whoever is about to decide an event sees what was
 * paused before it was asked to, at the cost of no statement. The list may be cut off by the database;
 * the count may not.
 */
export const PAUSES_SEEN = `(SELECT COALESCE(MAX(id), 0) AS latest_pause,
  COALESCE(SUM(CASE WHEN closed = 0 THEN 1 ELSE 0 END), 0) AS open_pauses,
  GROUP_CONCAT(CASE WHEN closed = 0 THEN source END) AS paused_sources
  FROM earning_pause) pauses`

const NONE: readonly string[] = []

export function readPausesSeen(row: SqlRow): PausesSeen {
  const latest = Number(row.latest_pause)
  const count = Number(row.open_pauses)
  if (count === 0) return { latest, open: NONE }
  const open = String(row.paused_sources).split(',')
  return { latest, open: open.length === count ? open : [EVERY_SOURCE] }
}
