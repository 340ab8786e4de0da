import type { Refusal } from '@pointwell/ledger'
import { type EntityManager, type FindOptionsWhere, In, type ObjectLiteral } from 'typeorm'
import { z } from 'zod'
import type { OfferFacts } from '../contract/plugin.js'
import type { FileAnswer, FileContext } from '../contract/plugin-file.js'
import { isRefusal } from '../decision/refuse.js'
import { instant } from '../schema/instant.js'
import { identifier } from '../schema/text.js'
import type { PooledCode } from './code-pool.js'
import { writeOnce } from './write-once.js'

/** What a line of a file of codes says (O3), besides what a plugin adds. */
export const codeLineFields = {
  offerId: identifier(),
  code: identifier({ max: 200 }),
  status: z.enum(['free', 'given', 'void']).default('free'),
  /** Who got it. */
  redemptionId: identifier().nullish(),
  /** Left out: when it is brought in. */
  importedAt: instant().optional(),
}

export type CodeLine = z.output<z.ZodObject<typeof codeLineFields>>

/** For `superRefine`: a code is somebody's where it was given, and nobody's where it is free. */
export function checkCodeLine(
  { status, redemptionId }: CodeLine,
  context: Pick<z.RefinementCtx, 'addIssue'>,
): void {
  const wrong =
    status === 'given' && !redemptionId
      ? 'Expected the redemption that it was given to.'
      : status === 'free' && redemptionId
        ? 'Expected none where nobody has the code.'
        : undefined
  if (wrong) context.addIssue({ code: 'custom', path: ['redemptionId'], message: wrong })
}

/** What else stands in the row of a line, or why the line may not come in. */
export type RestOfRow<C, Line> = (line: Line) => Partial<Omit<C, keyof PooledCode>> | Refusal

/** Files of the codes that a plugin keeps in a table of its own; offer and code name a line. */
export function codeLinesOf<C extends PooledCode & ObjectLiteral, Line extends CodeLine>({
  entity,
  restOf,
  ownFields,
}: {
  readonly entity: new () => C
  /** Asked once an offer; null: it is not here yet, and its codes wait for it. */
  readonly restOf: (offer: OfferFacts | null) => RestOfRow<C, Line>
  /** Of a row, what its line says besides `codeLineFields`: before these. */
  readonly ownFields: (row: C) => object
}) {
  const where = (it: Partial<Record<keyof PooledCode, unknown>>) => it as FindOptionsWhere<C>

  const knownOf = async (manager: EntityManager, lines: readonly Line[]) => {
    const codes = new Map<string, C>()
    for (const offerId of new Set(lines.map((line) => line.offerId))) {
      const named = lines.filter((line) => line.offerId === offerId).map(({ code }) => code)
      for (const row of await manager.findBy(entity, where({ offerId, code: In(named) }))) {
        codes.set(nameOfCode(row), row)
      }
    }
    const ids = lines.flatMap(({ redemptionId }) => redemptionId ?? [])
    const given =
      ids.length === 0 ? [] : await manager.findBy(entity, where({ redemptionId: In(ids) }))
    return { codes, redemptions: new Set(given.map(({ redemptionId }) => redemptionId)) }
  }

  return {
    key: nameOfCode,

    /** Puts lines of a file into the pools they name, all in one transaction. */
    async take(
      lines: readonly Line[],
      { store, now, dryRun, findOffer }: FileContext,
    ): Promise<readonly FileAnswer[]> {
      const rests = new Map<string, RestOfRow<C, Line>>()
      for (const id of new Set(lines.map(({ offerId }) => offerId))) {
        rests.set(id, restOf(await findOffer(id)))
      }
      const work = async (manager: EntityManager): Promise<readonly FileAnswer[]> => {
        const known = await knownOf(manager, lines)
        const fresh: object[] = []
        const answers = lines.map((line): FileAnswer => {
          const rest = rests.get(line.offerId)!(line)
          if (isRefusal(rest)) return rest
          const there = known.codes.get(nameOfCode(line))
          if (there) return isThere(line, there) && has(there, rest) ? 'there' : 'differs'
          const { redemptionId = null } = line
          if (redemptionId !== null) {
            if (known.redemptions.has(redemptionId)) return 'differs'
            known.redemptions.add(redemptionId)
          }
          const importedAt = line.importedAt ?? now
          fresh.push({ ...line, ...rest, redemptionId, importedAt })
          return 'taken'
        })
        if (!dryRun && fresh.length > 0) await manager.insert(entity, fresh)
        return answers
      }
      return dryRun ? store.read(work) : writeOnce(store, work)
    },

    /** All codes of all pools, by offer and code. */
    async read(
      manager: EntityManager,
      { after, limit }: { readonly after: Line | null; readonly limit: number },
    ) {
      const query = manager
        .createQueryBuilder(entity, 'it')
        .orderBy('it.offerId', 'ASC')
        .addOrderBy('it.code', 'ASC')
        .limit(limit)
      if (after) {
        const { offerId, code } = after
        query.where('(it.offerId > :offerId OR (it.offerId = :offerId AND it.code > :code))', {
          offerId,
          code,
        })
      }
      return (await query.getMany()).map((row) => ({
        ...ownFields(row),
        offerId: row.offerId,
        code: row.code,
        status: row.status,
        redemptionId: row.redemptionId,
        importedAt: new Date(row.importedAt).toISOString(),
      }))
    },
  }
}

function nameOfCode({ offerId, code }: Pick<PooledCode, 'offerId' | 'code'>): string {
  return JSON.stringify([offerId, code])
}

/** What was a free code in the file may be given by now. */
function isThere(line: CodeLine, { status, redemptionId }: PooledCode): boolean {
  if (line.status === 'free') return true
  return line.status === status && (line.redemptionId ?? null) === redemptionId
}

function has(row: object, fields: object): boolean {
  return Object.entries(fields).every(([name, value]) => (row as never)[name] === value)
}
