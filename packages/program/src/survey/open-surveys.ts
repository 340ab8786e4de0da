import { isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import type { ProgramDatabase } from '../database/program-database.js'
import { parseInput } from '../input/parse-input.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import type { Redemption } from '../redemption/redemption-record.js'
import { decideAnswer } from './decide-answer.js'
import { countersOfSpan, ofVariant } from './fulfilled-counters.js'
import { type SurveyFigures, surveyFigures } from './survey-figures.js'
import {
  type CommentPlace,
  countScores,
  insertAnswer,
  lockUnerased,
  type SurveyAnswer,
  type SurveyComment,
  type SurveySpan,
  selectAnswers,
  selectComments,
  updateAnswer,
} from './survey-rows.js'
import { countScoresByVariant, insertVariants } from './survey-variant-rows.js'

/** What members think of what they had for points (R13). */
export interface Surveys {
  /** A member's answer. Refuses INVALID_INPUT (`score`, `comment`), REDEMPTION_NOT_FOUND (also of a member
   * who is erased), SURVEY_NOT_OPEN, SURVEY_ANSWERED. */
  answer(request: {
    readonly redemption: Redemption
    readonly score: number
    readonly comment: string | null
  }): Promise<SurveyAnswer | Refusal>
  /** Those that there are, by redemption; one statement. */
  findMany(redemptionIds: readonly string[]): Promise<ReadonlyMap<string, SurveyAnswer>>
  /** Two statements, by indices of the days asked for. */
  figures(span: SurveySpan): Promise<SurveyFigures>
  /** The same of each variant of an experiment: those of the policy now, in their order, and those that it
   * had. Of what was redeemed by members who were in it. */
  figuresByVariant(
    experiment: string,
    span: SurveySpan,
  ): Promise<readonly (SurveyFigures & { readonly variant: string })[]>
  comments(
    page: SurveySpan & { readonly limit: number; readonly after: CommentPlace | null },
  ): Promise<readonly SurveyComment[]>
}

const answer = z.strictObject({
  score: wholeNumber({ min: 1, max: 5 }),
  comment: z
    .string()
    .max(1_000, { abort: true })
    // Lines and tabs, but nothing that cannot be shown or turns the text around it.
    .regex(/^(?:[\n\t]|[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069])*$/u, {
      error: 'Expected text without control characters or broken characters.',
    })
    .transform((comment) => comment.trim() || null)
    .nullable(),
})

function sumOf(counters: ReadonlyMap<string, number>): number {
  return [...counters.values()].reduce((sum, it) => sum + it, 0)
}

export function openSurveys({
  database,
  ledger,
  policies,
  channels,
}: {
  database: ProgramDatabase
  ledger: Pick<Ledger, 'clock' | 'store'>
  policies: PolicyReads
  /** Ids of all. */
  channels: readonly string[]
}): Surveys {
  return {
    async answer({ redemption, ...given }) {
      const parsed = parseInput(answer, given)
      if (isRefusal(parsed)) return parsed
      const { id, wallet, settledAt } = redemption
      const now = ledger.clock()
      const { survey } = policies.at(now).document
      // The day on which its points were spent, as that was counted.
      const { calendar } = policies.at(settledAt ?? now)
      return database.write(async (manager) => {
        const connection = database.connection(manager)
        const find = async () => (await selectAnswers(connection, [id])).get(id)
        // Two at once of one member come one after the other.
        if (!(await lockUnerased(connection, wallet))) {
          return refuse('REDEMPTION_NOT_FOUND', { field: 'redemptionId' })
        }
        const facts = { redemption, known: await find(), now, survey, calendar }
        const decided = decideAnswer(parsed.value, facts)
        if (isRefusal(decided)) return decided
        if (decided.write === 'update') await updateAnswer(connection, decided.answer)
        if (decided.write !== 'insert') return decided.answer
        await insertAnswer(connection, decided.answer)
        await insertVariants(connection, decided.answer, redemption.variants ?? {})
        return (await find()) ?? decided.answer
      })
    },
    findMany: (ids) => database.read((manager) => selectAnswers(database.connection(manager), ids)),
    async figures(span) {
      const { calendar } = policies.at(ledger.clock())
      const counters = countersOfSpan(span, { calendar, channels })
      const [scores, fulfilled] = await Promise.all([
        database.read((manager) => countScores(database.connection(manager), span)),
        ledger.store.findCounters(counters),
      ])
      return surveyFigures(scores, sumOf(fulfilled))
    },
    async figuresByVariant(experiment, span) {
      const { calendar, document } = policies.at(ledger.clock())
      const scores = await database.read((manager) =>
        countScoresByVariant(database.connection(manager), { experiment, span }),
      )
      const known = document.experiments.find(({ id }) => id === experiment)?.variants ?? []
      const variants = [...new Set([...known.map(({ id }) => id), ...[...scores.keys()].sort()])]
      const counters = countersOfSpan(span, { calendar, channels })
      // A statement each: all in one could be more than a database takes.
      const resultsOf = async (variant: string) => {
        const its = counters.map((counter) => ofVariant({ experiment, variant }, counter))
        const fulfilled = sumOf(await ledger.store.findCounters(its))
        return { variant, ...surveyFigures(scores.get(variant) ?? new Map(), fulfilled) }
      }
      return Promise.all(variants.map(resultsOf))
    },
    comments: (page) =>
      database.read((manager) => selectComments(database.connection(manager), page)),
  }
}
