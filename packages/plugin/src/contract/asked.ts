/** What a source wants to see besides the event's own member: at most 20 acts and 20 members. */
export interface Asked {
  readonly acts?: readonly AskedAct[]
  readonly members?: readonly string[]
  /** A member, whom it leads to (`leadsTo`), and so on: at most 20, the first among them. In `others` they
   * stand behind `members`, and end where nobody is, or somebody was already. */
  readonly line?: string
}

/** What a source asked for, checked. */
export type AskedFor = Required<Omit<Asked, 'line'>> & Pick<Asked, 'line'>

/** An event that may have gone in, of any source of the server, by its once-key. */
export interface AskedAct {
  readonly source: string
  readonly once: string
  /** Whose; default: the event's own member. Of somebody else it is read, yet not locked. */
  readonly memberId?: string
}
