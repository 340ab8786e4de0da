import type { EarnSource } from '../../index.js'
import type { EarnSourceOptions } from '../index.js'
import { type TeaContext, type TeaEvent, type TeaReturn, tea } from './tea-source.js'

/** A source that is broken in one way. */
export interface BrokenSource {
  readonly how: string
  /** The checks that find it, all of them and no other. */
  readonly foundBy: readonly string[]
  /** What the first of them says, where it could find it for another reason. */
  readonly says?: string | RegExp
  readonly source: EarnSource
  readonly options?: EarnSourceOptions<TeaEvent, TeaReturn>
}

export function deciding(decide: (context: TeaContext) => unknown): object {
  return { decide }
}

/** As plain JavaScript would have it: nobody's compiler was in the way. */
export function broken(
  how: string,
  foundBy: readonly string[],
  changed: object,
  options?: BrokenSource['options'],
): BrokenSource {
  const source = { ...tea, ...changed } as unknown as EarnSource
  return { how, foundBy, source, ...(options && { options }) }
}

/** With what is said of it: a text that is part of it, or a pattern. */
export function saying(says: string | RegExp, it: BrokenSource): BrokenSource {
  return { ...it, says }
}
