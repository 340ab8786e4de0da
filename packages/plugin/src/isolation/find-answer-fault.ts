import type { Notifier, RedemptionChannel } from '../contract/plugin.js'
import { findAwardFault } from './find-award-fault.js'
import { findJsonFault } from './find-json-fault.js'
import { mayRefuseWith } from './find-refusal-fault.js'

const RECEIPT_CHARACTERS = 65_536
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  fulfil: ['fulfilled', 'refused', 'unknown'],
  cancel: ['cancelled', 'refused', 'unknown'],
  deliver: ['delivered', 'again', 'dead'],
}

/** What is wrong with what an effect answered; undefined when nothing is. Takes anything. */
export function findAnswerFault(
  plugin: RedemptionChannel | Notifier,
  effect: string,
  answer: unknown,
): string | undefined {
  if (typeof answer !== 'object' || answer === null) return `it answered with ${String(answer)}`
  const { outcome, code, detail, receipt, award } = answer as Record<string, unknown>
  if (typeof outcome !== 'string' || !OUTCOMES[effect]?.includes(outcome)) {
    return `its outcome is none of ${OUTCOMES[effect]?.join(', ')}`
  }
  if (outcome === 'refused' && !mayRefuseWith(plugin, code)) {
    return `it refused with ${JSON.stringify(code) ?? 'no code'}, which it does not declare`
  }
  if (detail !== undefined && typeof detail !== 'string') return 'its detail is not text'
  if (outcome !== 'fulfilled') return undefined
  const fault = findReceiptFault(receipt)
  if (fault) return fault
  return award === undefined ? undefined : findAwardFault(award)
}

/** What is wrong with a receipt; undefined when nothing is. Takes anything. */
export function findReceiptFault(receipt: unknown): string | undefined {
  if (receipt === undefined) return 'it gave no receipt'
  const fault = findJsonFault(receipt, 'receipt')
  if (fault) return fault
  const size = JSON.stringify(receipt).length
  return size > RECEIPT_CHARACTERS
    ? `its receipt is ${size} characters of JSON, more than ${RECEIPT_CHARACTERS}`
    : undefined
}
