import { type Refusal, refuse } from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import {
  closePause,
  type EarningPause,
  insertPause,
  selectNewestPause,
  selectPauses,
} from './pause-rows.js'
import { EVERY_SOURCE, type PausesSeen } from './pauses-seen.js'

export interface PauseRequest {
  /** Null: all sources. */
  readonly source: string | null
  readonly reason: string
  /** The operator's login. */
  readonly by: string
}

/** An operator stops sources from giving points, and lets them go on (E10). */
export interface Pauses {
  /** Once this has answered, no event that is sent to any server gives anything. What is paused already
   * stays so: the answer is that pause. Refuses INVALID_INPUT (`source`, `reason`). */
  pause(request: PauseRequest, acting?: Acting | null): Promise<EarningPause | Refusal>
  /** What is not paused any more is answered with the last pause. Refuses INVALID_INPUT, and
   * EARNING_NOT_PAUSED where there never was one. */
  resume(request: PauseRequest, acting?: Acting | null): Promise<EarningPause | Refusal>
  list(options: { openOnly: boolean; limit: number }): Promise<readonly EarningPause[]>
  /** Whether an event may be granted that is decided now; `seen`: the pauses as they were read after it
   * was asked for. A number names the pause that keeps it off. */
  isPaused(source: string, seen: PausesSeen): number | null
}

/** How many of this server's own pauses are known without a read: for requests already on their way. */
const MOST_KNOWN = 100

export function openPauses({
  database,
  clock,
  sources,
  record,
}: {
  database: ProgramDatabase
  clock: () => number
  record: Audit['record']
  sources: ReadonlySet<string>
}): Pauses {
  /** Pauses that were made here, the newest last: what was on its way meanwhile, and had read that there
   * was none, is kept off by them. */
  const made: { readonly id: number; readonly source: string; over: boolean }[] = []

  const check = ({ source, reason }: PauseRequest): Refusal | null => {
    if (source !== null && !sources.has(source)) {
      return refuse('INVALID_INPUT', { field: 'source', detail: `There is no source ${source}.` })
    }
    return checkReason(reason)
  }

  const write = <T>(work: (connection: ReturnType<typeof database.connection>) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))

  return {
    async pause(request, acting) {
      const wrong = check(request)
      if (wrong) return wrong
      const source = request.source ?? EVERY_SOURCE
      const terms = { source, reason: request.reason, pausedBy: request.by, pausedAt: clock() }
      const pause = await write(async (connection) => {
        const known = await selectNewestPause(connection, source)
        if (known?.resumedAt === null) return known
        await insertPause(connection, terms)
        const made = (await selectNewestPause(connection, source))!
        if (acting) await record(connection, [auditPause(made, acting)])
        return made
      }).catch((fault) => {
        // Somebody else was faster: it is paused.
        if (!database.sql.isDuplicateKey(fault)) throw fault
        return database.read((manager) => selectNewestPause(database.connection(manager), source))
      })
      if (!made.some(({ id }) => id === pause!.id)) {
        made.push({ id: pause!.id, source, over: false })
        if (made.length > MOST_KNOWN) made.shift()
      }
      return pause!
    },

    async resume(request, acting) {
      const wrong = check(request)
      if (wrong) return wrong
      const source = request.source ?? EVERY_SOURCE
      const pause = await write(async (connection) => {
        const known = await selectNewestPause(connection, source)
        if (known?.resumedAt !== null) return known
        await closePause(connection, { ...request, id: known.id, at: clock() })
        const over = (await selectNewestPause(connection, source))!
        if (acting) await record(connection, [auditPause(over, acting)])
        return over
      })
      if (!pause) return refuse('EARNING_NOT_PAUSED', { field: 'source' })
      for (const it of made) if (it.id === pause.id) it.over = true
      return pause
    },

    list: (options) =>
      database.read((manager) => selectPauses(database.connection(manager), options)),

    isPaused(source, { latest, open }) {
      if (open.includes(EVERY_SOURCE) || open.includes(source)) return latest
      const since = made.findLast(
        ({ id, over, ...it }) =>
          !over && id > latest && (it.source === EVERY_SOURCE || it.source === source),
      )
      return since?.id ?? null
    },
  }
}

function auditPause(pause: EarningPause, acting: Acting): NewAuditEntry {
  const { id, source, pausedAt, resumedAt } = pause
  const isOver = resumedAt !== null
  return {
    ...acting,
    at: resumedAt ?? pausedAt,
    act: isOver ? 'resumeEarning' : 'pauseEarning',
    target: { kind: 'source', id: source },
    before: { paused: isOver },
    after: { paused: !isOver },
    key: `pause:${id}:${isOver ? 'over' : 'made'}`,
  }
}
