import type { Arbitrary } from 'fast-check'

/** What all kinds of plugins are tested with. */
export interface KitOptions {
  /** How many random cases each check looks at; 100 unless told. */
  readonly runs?: number
  /** Makes the same cases again, as a finding's `example` says; otherwise each run has new ones. */
  readonly seed?: number
  /** Whether the case that a fault was seen with is made short, which takes most of the time; yes unless told. */
  readonly shorten?: boolean
  /** What a pure function may take before it is broken off, milliseconds; 1,000 unless told. */
  readonly deadlineMs?: number
  /** What `fulfil`, `cancel`, `deliver` and changes of members may take, milliseconds; 2,000 unless told. */
  readonly effectDeadlineMs?: number
  /**
   * Instead of what a schema says, by the path of the part: `event.lines.*.article`, `settings.rates.$key`.
   * Paths begin with `settings`, `event`, `memory`, `return`, `offer`, `order` or `file.` and its name. They make what the schema
   * takes in; what it does not take is left out.
   */
  readonly arbitraries?: Readonly<Record<string, Arbitrary<unknown>>>
  /** Settings to try besides the defaults and random ones, as an operator would write them. */
  readonly settings?: readonly unknown[]
  /** GraphQL types and fields that are the plugin's own though its id is not in their names. */
  readonly names?: readonly string[]
}
