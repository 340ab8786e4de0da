import { identifier } from '../schema/text.js'
import type { CodeStatus } from './code-pool.js'

/** Codes that one call takes at most. */
export const MAX_CODES = 1_000

/** What became of a code of a list. */
export type CodeOutcome = 'imported' | 'voided' | 'duplicate' | 'given' | 'unknown' | 'invalid'

/** A code of a pool: 1 to 200 visible ASCII characters. */
const code = identifier({ max: 200 })

/** Each once, and only those that can be codes. */
export function fitCodes(codes: readonly string[]): string[] {
  return [...new Set(codes)].filter(isCode)
}

/** What an import of `fitCodes(codes)` made of each of them, in their order. `fresh`: those that are new. */
export function importOutcomes(
  codes: readonly string[],
  fresh: ReadonlySet<string>,
): readonly CodeOutcome[] {
  const seen = new Set<string>()
  return codes.map((it) => {
    if (!isCode(it)) return 'invalid'
    const isFirst = fresh.has(it) && !seen.has(it)
    seen.add(it)
    return isFirst ? 'imported' : 'duplicate'
  })
}

/** What taking out `fitCodes(codes)` made of each of them, in their order. */
export function voidOutcomes(
  codes: readonly string[],
  statuses: ReadonlyMap<string, CodeStatus>,
): readonly CodeOutcome[] {
  return codes.map((it) => {
    if (!isCode(it)) return 'invalid'
    const status = statuses.get(it)
    return status === 'given' ? 'given' : status === 'void' ? 'voided' : 'unknown'
  })
}

function isCode(text: string): boolean {
  return code.safeParse(text).success
}
