import { isRefusal, type Refusal, refuse } from '@pointwell/ledger'
import { z } from 'zod'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { parseInput } from '../input/parse-input.js'
import type { PolicyBook } from '../policy/open-policy-book.js'
import { auditPriceIndex } from './audit-price-index.js'
import { type PointValueNow, pointValueAt } from './point-value-at.js'
import { indexFigure, month, type PointValueChange } from './point-value-section.js'
import { type PriceIndexMonth, selectPriceIndex, upsertPriceIndex } from './price-index-rows.js'
import { proposePointValue } from './propose-point-value.js'

export interface PointValues {
  /** What a point is worth now. */
  now(): PointValueNow & { readonly changes: readonly PointValueChange[] }
  /** Months of the price index, in order. */
  index(range: { from?: string; through?: string }): Promise<readonly PriceIndexMonth[]>
  /** Takes in months of the index; one that is there gets the new figure. Answers with how many they
   * were. Refuses INVALID_INPUT. */
  record(
    months: unknown,
    request: { readonly by: string; readonly acting?: Acting | null },
  ): Promise<number | Refusal>
  /** What the rule asks for next, null: nothing so far. */
  proposal(): Promise<PointValueChange | null>
  /** Writes the proposal into the policy. Refuses POINT_VALUE_NOT_DUE (none, or another one than is
   * expected), POLICY_CONFLICT. */
  announce(request: {
    readonly expected?: Pick<PointValueChange, 'from' | 'value'>
    readonly note?: string | null
    readonly by: string
    readonly acting?: Acting | null
  }): Promise<PointValueChange | Refusal>
}

const MOST_MONTHS = 2_000

const monthsSchema = z
  .array(z.strictObject({ month: month(), figure: indexFigure() }))
  .min(1)
  .max(MOST_MONTHS)
  .refine((all) => new Set(all.map((it) => it.month)).size === all.length, {
    error: 'Expected each month once.',
  })

/** The value of a point over the price index and the policy (X8). */
export function openPointValues({
  database,
  policies,
  audit,
  clock,
}: {
  database: ProgramDatabase
  audit: Pick<Audit, 'record'>
  policies: PolicyBook
  clock: () => number
}): PointValues {
  const index: PointValues['index'] = (range) =>
    database.read((manager) => selectPriceIndex(database.connection(manager), range))

  const proposal = async (): Promise<PointValueChange | null> => {
    const now = clock()
    const { document, calendar } = policies.at(now)
    if (document.pointValue.follows === null) return null
    const figures = new Map((await index({})).map((it) => [it.month, it.figure]))
    const today = calendar.dateOf(now)
    return proposePointValue(document.pointValue, { index: figures, today, calendar })
  }

  return {
    now() {
      const now = clock()
      const { document, calendar } = policies.at(now)
      const { pointValue } = document
      return { ...pointValueAt(pointValue, { at: now, calendar }), changes: pointValue.changes }
    },
    index,
    async record(months, { by, acting }) {
      const parsed = parseInput(monthsSchema, months, { within: 'input' })
      if (isRefusal(parsed)) return parsed
      const recorded = { recordedBy: by.slice(0, 128), recordedAt: clock() }
      const rows = parsed.value.map((it) => ({ ...it, ...recorded }))
      await database.write(async (manager) => {
        const connection = database.connection(manager)
        const before = acting ? await selectPriceIndex(connection) : []
        await upsertPriceIndex(connection, rows)
        if (!acting) return
        const states = { before, after: rows, at: recorded.recordedAt }
        await audit.record(connection, [auditPriceIndex(acting, states)])
      })
      return rows.length
    },
    proposal,
    async announce({ expected, note, by, acting }) {
      await policies.refresh()
      const change = await proposal()
      const isOther =
        expected && (expected.from !== change?.from || expected.value !== change.value)
      if (!change || isOther) return refuse('POINT_VALUE_NOT_DUE')
      const [newest] = policies.page(null, 1)
      const { version, document } = policies.at(clock())
      // A later policy that waits for its day would forget the change when it comes.
      if (newest?.version !== version) return refuse('POLICY_CONFLICT', { field: 'baseVersion' })
      const { pointValue } = document
      const answer = await policies.update({
        document: {
          ...document,
          pointValue: { ...pointValue, changes: [...pointValue.changes, change] },
        },
        baseVersion: version,
        note: note ?? null,
        by,
        acting: acting ?? null,
      })
      if (isRefusal(answer)) return answer
      if (answer.faults) {
        throw new Error(`The proposal does not fit the policy: ${JSON.stringify(answer.faults)}.`)
      }
      return change
    },
  }
}
