import type { Arbitrary } from 'fast-check'
import type { AskedAct } from '../../contract/asked.js'
import type { KitOptions } from '../run/kit-options.js'

/** What the schemas of an earn source cannot tell. */
export interface EarnSourceOptions<Event = unknown, Return = unknown> extends KitOptions {
  /** Events to try besides random ones, as they would be sent. */
  readonly events?: readonly unknown[]
  /** Events of other sources that it asks for or follows, as those keep them; absent: empty ones. `event`: the
   * one that is decided, where it is asked for one. */
  readonly acts?: (asked: Pick<AskedAct, 'source' | 'once'>, event?: Event) => Arbitrary<unknown>
  /** Returns of an event, where its schema takes more than an event has. As they would be sent. */
  readonly returnsOf?: (event: Event) => Arbitrary<Return>
  /** All of an event, in the smallest parts that can come back by themselves; absent: nobody knows. */
  readonly everythingOf?: (event: Event) => readonly Return[]
}
