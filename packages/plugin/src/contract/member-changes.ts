import type { PluginStore } from './plugin.js'

/** A member who is no more (M8). */
export interface MemberErased {
  /** The shop's own id, as it stands in the plugin's tables; by the end it stands nowhere. */
  readonly memberId: string
  /** What stands in its place: 1 to 64 characters, no other member's and no shop's id. */
  readonly pseudonym: string
}

/** Two members who are one person (M8). */
export interface MembersMerged {
  /** The shop's own id of the member that ends. */
  readonly from: string
  /** The one who goes on, with all that was the other's. */
  readonly into: string
}

/** What members are called, also those who were merged. */
export interface MemberNames {
  /** All ids that a member goes by, its own first; of one that is not known, the id alone. */
  idsOf(memberId: string): Promise<readonly string[]>
}

/**
 * What a plugin that keeps data of members, in tables of its own or elsewhere, does about members that
 * change. What it remembers by its `memory` schema, and its events, the programme sees to.
 *
 * Each is a step of the programme's: it is called again until it has come to its end, also by another
 * server, also after it did come to its end, and by then does nothing. It may find that part is done. Where
 * it throws or takes too long the operator is told, and the change waits for it.
 */
export interface MemberChanges {
  /** Puts the pseudonym in place of the id wherever the plugin has it, and takes away whatever else tells
   * who it was. Rows that others count by stay. */
  erased(change: MemberErased, store: PluginStore): Promise<void>
  /** Makes all that is kept of `from` the other's; where there can be one only, that of `into` stays. */
  merged(change: MembersMerged, store: PluginStore, names: MemberNames): Promise<void>
  /** Other members whose events or memory with this plugin may name the member, by the shop's own ids.
   * Asked before `erased` or `merged`, for the programme changes the id there, too. Absent: nobody. */
  namedBy?(memberId: string, store: PluginStore, names: MemberNames): Promise<readonly string[]>
}
