import {
  findDifference,
  groupReads,
  isRefusal,
  type Refusal,
  refuse,
  type SqlConnection,
} from '@pointwell/ledger'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { changeKept } from './change-kept.js'
import {
  endKept,
  insertKept,
  type KeptChange,
  type KeptEvent,
  keepAgain,
  type NewKeptEvent,
  putOff,
  selectKept,
  selectToSettle,
  updateChanges,
} from './kept-rows.js'

/** What came while earning was paused, until it is settled (E10). */
export interface KeptEvents {
  /** Keeps an event, once a key; answers with the refusal that its sender gets: EARNING_PAUSED, or
   * IDEMPOTENCY_MISMATCH where it was kept with other content. */
  keep(event: ActedEvent): Promise<Refusal>
  find(key: string): Promise<KeptEvent | undefined>
  /** Keeps what happened to a kept event; answers with the refusal that its sender gets: EVENT_KEPT, or
   * what `changeKept` does. Undefined: it is not kept any more. */
  change(
    event: KeptEvent,
    change: KeptChange,
    checkReturns: (taken: readonly unknown[]) => Refusal | null,
  ): Promise<Refusal | undefined>
  /** Those that may be settled now, in the order in which they happened. */
  findToSettle(limit: number): Promise<readonly KeptEvent[]>
  /** False: something happened to it that is not among the `changes` yet. */
  end(outcome: Outcome): Promise<boolean>
  putOff(id: number, forMs: number): Promise<void>
}

/** An event with what the audit says of it, where an operator’s act was that event (O5): what is granted when
 * it is settled, is nobody’s act. */
type ActedEvent = NewKeptEvent & { readonly entry: NewAuditEntry | null }

type Outcome = Omit<Parameters<typeof endKept>[1], 'at'>

export function openKeptEvents({
  database,
  clock,
  record,
}: {
  database: ProgramDatabase
  clock: () => number
  record: Audit['record']
}): KeptEvents {
  const write = <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> =>
    database.write((manager) => work(database.connection(manager)))
  const read = <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> =>
    database.read((manager) => work(database.connection(manager)))

  // Thousands may come at once: those that come together are written together.
  const keepSoon = groupReads<ActedEvent, KeptEvent, string>(
    async (events) => {
      const keys = events.map(({ key }) => key)
      const kept = await write(async (connection) => {
        await insertKept(connection, events)
        const found = await selectKept(connection, keys)
        const entries = events.flatMap(({ key, content, entry }) =>
          entry && findDifference(found.get(key)!.content, content) === undefined ? [entry] : [],
        )
        if (entries.length > 0) await record(connection, entries)
        const again = events.filter(({ key }) => found.get(key)?.status === 'refused')
        if (again.length === 0) return found
        for (const event of again) await keepAgain(connection, event)
        return selectKept(connection, keys)
      })
      return ({ key }) => kept.get(key)!
    },
    ({ key }) => key,
  )

  const find = groupReads(async (keys: readonly string[]) => {
    const found = await read((connection) => selectKept(connection, keys))
    return (key): KeptEvent | undefined => found.get(key)
  })

  const endSoon = groupReads<Outcome, boolean, number>(
    async (outcomes) => {
      const at = clock()
      const ended = await write(async (connection) => {
        const answers = new Map<number, boolean>()
        for (const outcome of outcomes) {
          answers.set(outcome.id, await endKept(connection, { ...outcome, at }))
        }
        return answers
      })
      return ({ id }) => ended.get(id)!
    },
    ({ id }) => id,
  )

  return {
    async keep(event) {
      const kept = await keepSoon(event)
      const field = findDifference(kept.content, event.content)
      return field === undefined
        ? refuse('EARNING_PAUSED')
        : refuse('IDEMPOTENCY_MISMATCH', {
            field,
            detail: `It was kept with other content at ${new Date(kept.keptAt).toISOString()}.`,
          })
    },
    find,
    change: ({ key }, change, checkReturns) =>
      write(async (connection) => {
        const event = (await selectKept(connection, [key], { lock: true })).get(key)
        if (event?.status !== 'kept') return undefined
        const changes = changeKept(event, change, checkReturns)
        if (isRefusal(changes)) return changes
        if (changes !== event.changes) await updateChanges(connection, { id: event.id, changes })
        return refuse('EVENT_KEPT')
      }),
    findToSettle: (limit) =>
      read((connection) => selectToSettle(connection, { now: clock(), limit })),
    end: endSoon,
    putOff: (id, forMs) =>
      write((connection) => putOff(connection, { id, until: clock() + forMs })),
  }
}
