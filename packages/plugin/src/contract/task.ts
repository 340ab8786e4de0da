import type { Words } from './words.js'

/** Something that a member can earn points by, as it is for this member now (E14). */
export interface Task {
  /** Unique in its source: lower-case words joined by hyphens, at most 64 characters. */
  readonly id: string
  readonly title: Words
  /** Points for doing it once more now, with open campaigns and before caps; null: it depends on what is
   * done, see `rate`. */
  readonly points: number | null
  /** Where it goes by what is spent: points for each major unit of the programme's currency, an exact
   * decimal. */
  readonly rate?: string
  /** What caps a behaviour (E8) know it by, where a grant says one. */
  readonly behaviour?: string
  /** Nothing is left to be done about it for now. */
  readonly done: boolean
  /** How far the member is: so many times, or days, of so many. */
  readonly progress?: { readonly done: number; readonly of: number }
  /** Days, or whatever it counts, on end. */
  readonly streak?: number
  /** Where it is done: from when on it is to be done again, epoch milliseconds; null: never. */
  readonly againAt?: number | null
  /** For those who begin: done once and for all, and shown before all else. */
  readonly beginner: boolean
}
