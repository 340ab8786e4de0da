import type { Refusal, RefusalFigures } from '@pointwell/ledger'

/**
 * An expected "no", with the figures a screen needs. `code` is one the plugin declares in
 * `refusals`, or one of `COMMON_REFUSALS`. The same value as the ledger's own refusals; it is made
 * here too because a plugin depends on this package alone.
 */
export function refuse<const Code extends string>(
  code: Code,
  figures: RefusalFigures = {},
): Refusal<Code> {
  return { refused: true, code, figures }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as Refusal).refused === true
}
