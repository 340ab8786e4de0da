import type { Refusal } from '@pointwell/ledger'
import type { EntityManager } from 'typeorm'
import type { ZodObject, z } from 'zod'
import type { OfferFacts, PluginStore } from './plugin.js'

/** So many lines are handed over at a time. */
export const FILE_PAGE = 500

/** What became of a line, or would: it went in; it was there already, the very same; another is there under
 * its name; or it may not. */
export type FileAnswer = 'taken' | 'there' | 'differs' | Refusal

export interface FileContext {
  readonly store: PluginStore
  /** Epoch milliseconds. */
  readonly now: number
  /** Answer as if it were done, and write nothing. */
  readonly dryRun: boolean
  /** An offer of this channel as it is now; null: there is none of this id. */
  findOffer(offerId: string): Promise<OfferFacts | null>
}

/**
 * Lines that operators bring into the plugin's own tables, and take out of them again, by files (O3): codes,
 * prices, whatever comes in thousands. Operators call it by the plugin's id and this name: `pointwell
 * import goods-codes FILE`. What comes out says what went in, and what a line left out may be filled in. What
 * is brought out of one system, brought into an empty one, comes out of that as the very same.
 */
export interface PluginFile<Line extends ZodObject = ZodObject> {
  /** Lower-case words joined by hyphens: `codes`. */
  readonly name: string
  /** One line, an object. In CSV each of its fields is a column, and a cell that is empty a field that is
   * not there: so a field that may be null may also be left out. */
  readonly line: Line
  /** Names a line: two with the same name in one file are a mistake, and neither goes in. Pure. */
  key(line: z.output<Line>): string
  /**
   * Puts lines in, at most 500, each once: a file whose import broke off comes again from its beginning.
   * Answers in their order. What is there stays as it is.
   * Codes may be secrets: nothing of a line belongs in a refusal's detail.
   */
  take(
    lines: readonly z.output<Line>[],
    context: FileContext,
  ): Promise<readonly FileAnswer[]> | readonly FileAnswer[]
  /** What there is, in an order that does not change, after a line, at most `limit`; as `line` takes it. Reads
   * with this manager alone, which sees one moment. */
  read(
    manager: EntityManager,
    page: { readonly after: z.output<Line> | null; readonly limit: number },
  ): Promise<readonly z.input<Line>[]>
}

/** A file with its types put together. */
export function definePluginFile<Line extends ZodObject>(file: PluginFile<Line>): PluginFile {
  return file as unknown as PluginFile
}
