import type { SqlConnection } from '@pointwell/ledger'
import type { Variants } from '../experiment/variants-of.js'
import { type SurveyAnswer, type SurveySpan, spanCondition } from './survey-rows.js'

/** Nothing is written where there is one of the redemption and the experiment. */
export async function insertVariants(
  connection: SqlConnection,
  { redemptionId, offerId, channel, day }: SurveyAnswer,
  variants: Variants,
): Promise<void> {
  const rows = Object.entries(variants).map(([experiment, variant]) => [
    redemptionId,
    experiment,
    variant,
    offerId,
    channel,
    day,
  ])
  if (rows.length === 0) return
  await connection.insert(
    {
      table: 'survey_variant',
      columns: ['redemption_id', 'experiment', 'variant', 'offer_id', 'channel', 'day'],
      key: ['redemption_id', 'experiment'],
      onConflict: 'ignore',
    },
    rows,
  )
}

/** How many gave each score, by the variant of an experiment that they were in. */
export async function countScoresByVariant(
  connection: SqlConnection,
  { experiment, span }: { readonly experiment: string; readonly span: SurveySpan },
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const { where, values } = spanCondition(span, 'v.')
  const rows = await connection.select(
    `SELECT v.variant AS variant, a.score AS score, COUNT(*) AS answers FROM survey_variant v
     JOIN survey_answer a ON a.redemption_id = v.redemption_id
     WHERE v.experiment = ? AND ${where} GROUP BY v.variant, a.score`,
    [experiment, ...values],
  )
  const scores = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const variant = String(row.variant)
    const known = scores.get(variant) ?? new Map<number, number>()
    scores.set(variant, known.set(Number(row.score), Number(row.answers)))
  }
  return scores
}
