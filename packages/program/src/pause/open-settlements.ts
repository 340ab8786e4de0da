import { type Refusal, refuse, type SqlConnection } from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import {
  countKept,
  type KeptEvent,
  type KeptStatus,
  putSettlements,
  type Settlement,
  selectKeptPage,
  selectSettlements,
} from './kept-rows.js'
import type { PauseRequest } from './open-pauses.js'
import { selectLatestPause } from './pause-rows.js'
import { EVERY_SOURCE } from './pauses-seen.js'

/** How far the kept events of a source have come. */
export interface KeptProgress {
  readonly source: string
  readonly kept: number
  readonly settled: number
  readonly refused: number
  /** When the oldest that is still kept happened, epoch milliseconds; null: none is. */
  readonly oldestAt: number | null
  /** Who asked last for them to be settled, and why; null: nobody has. */
  readonly settlement: Settlement | null
}

/** What operators see of kept events, and when they are settled (E10). */
export interface Settlements {
  /** What was kept of a source up to now may be settled, and is, by a job, once the source is not paused.
   * Refuses INVALID_INPUT (`source`, `reason`). The same again is the same. */
  settle(request: PauseRequest, acting?: Acting | null): Promise<readonly KeptProgress[] | Refusal>
  /** By source: those of which something was ever kept, or asked to be settled. */
  progress(): Promise<readonly KeptProgress[]>
  page(page: {
    readonly source: string | null
    readonly status: KeptStatus | null
    readonly after: number
    readonly limit: number
  }): Promise<readonly KeptEvent[]>
}

export function openSettlements({
  database,
  clock,
  sources,
  record,
}: {
  database: ProgramDatabase
  clock: () => number
  sources: ReadonlySet<string>
  record: Audit['record']
}): Settlements {
  const read = <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> =>
    database.read((manager) => work(database.connection(manager)))

  const progress = (): Promise<readonly KeptProgress[]> =>
    read(async (connection) => {
      const [counts, settlements] = [
        await countKept(connection),
        await selectSettlements(connection),
      ]
      const names = new Set([...counts, ...settlements].map(({ source }) => source))
      return [...names].sort().map((source) => {
        const of = (status: KeptStatus) =>
          counts.find((count) => count.source === source && count.status === status)
        return {
          source,
          kept: of('kept')?.events ?? 0,
          settled: of('settled')?.events ?? 0,
          refused: of('refused')?.events ?? 0,
          oldestAt: of('kept')?.oldest ?? null,
          settlement: settlements.find((it) => it.source === source) ?? null,
        }
      })
    })

  return {
    async settle({ source, reason, by }, acting) {
      if (source !== null && !sources.has(source)) {
        return refuse('INVALID_INPUT', { field: 'source', detail: `There is no source ${source}.` })
      }
      const wrong = checkReason(reason)
      if (wrong) return wrong
      const asked = source === null ? [...sources] : [source]
      await database.write(async (manager) => {
        const connection = database.connection(manager)
        const upTo = await selectLatestPause(connection)
        const terms = { upTo, reason, requestedBy: by, requestedAt: clock() }
        await putSettlements(
          connection,
          asked.map((it) => ({ ...terms, source: it })),
        )
        if (!acting) return
        await record(connection, [
          {
            ...acting,
            at: terms.requestedAt,
            act: 'settleKeptEvents',
            target: { kind: 'source', id: source ?? EVERY_SOURCE },
            before: null,
            after: { upTo },
            key: null,
          },
        ])
      })
      return (await progress()).filter((it) => asked.includes(it.source))
    },
    progress,
    page: (page) => read((connection) => selectKeptPage(connection, page)),
  }
}
