import type { RiskRule } from '../contract/plugin.js'

/** What is wrong with what a risk rule answered; undefined when nothing is. Takes any answer. */
export function findAssessmentFault(
  { words = {} }: Pick<RiskRule, 'words'>,
  assessment: unknown,
): string | undefined {
  const { answer, reason } = (assessment ?? {}) as { answer?: unknown; reason?: unknown }
  if (answer === 'allow') return undefined
  if (answer !== 'hold' && answer !== 'verify' && answer !== 'refuse') {
    return 'it answered neither allow, hold, verify nor refuse'
  }
  if (typeof reason !== 'string' || reason === '') return 'it gave no reason'
  return Object.hasOwn(words, reason)
    ? undefined
    : `it gave the reason ${JSON.stringify(reason.slice(0, 100))}, which its words do not say to a member`
}
