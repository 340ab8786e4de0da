import type { Money } from '../money/money.js'

/**
 * What a screen can show about a refusal. Every figure is optional; which ones a code carries is
 * written beside the code. Points are whole numbers, instants are epoch milliseconds (UTC).
 */
export interface RefusalFigures {
  /** The input field at fault, as a path: `lines.2.quantity`. */
  readonly field?: string
  readonly available?: number
  readonly needed?: number
  readonly limit?: number
  /** Like `available` and `needed`, where it is money that falls short. */
  readonly availableAmount?: Money
  readonly neededAmount?: Money
  /** When the same request would be answered differently, epoch milliseconds. */
  readonly when?: number
  /** The risk rule that said no, and its reason: stable words. */
  readonly rule?: string
  readonly reason?: string
  /** What a member reads, by language, where not everything with the code is the same. */
  readonly message?: Readonly<Record<'en' | 'zh', string>>
  /** What exactly, in English, for whoever writes the client; never shown to a member. */
  readonly detail?: string
}

/** An expected "no". A value, not an error: it writes nothing and does not use up its key. */
export interface Refusal<Code extends string = string> {
  readonly refused: true
  readonly code: Code
  readonly figures: RefusalFigures
}

export function refuse<const Code extends string>(
  code: Code,
  figures: RefusalFigures = {},
): Refusal<Code> {
  return { refused: true, code, figures }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as Refusal).refused === true
}
