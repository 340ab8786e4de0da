/**
 * Due things whose turn failed. They stay the longest due, so whoever takes the first few of a list
 * would meet them for ever and nothing else; set aside, they are passed over for a while and then
 * tried again. Kept in memory: another server finds out for itself.
 */
export class SetAside<Id> {
  /** Until when, in the order in which they come back. */
  private readonly until = new Map<Id, number>()

  constructor(private readonly forMs = 60_000) {}

  add(id: Id, now: number): void {
    this.until.delete(id)
    this.until.set(id, now + this.forMs)
  }

  /** How many there are now: so many more to ask for. */
  count(now: number): number {
    for (const [id, until] of this.until) {
      if (until > now) break
      this.until.delete(id)
    }
    return this.until.size
  }

  /** Those that are not set aside. */
  rest(ids: readonly Id[], now: number): Id[] {
    return ids.filter((id) => !((this.until.get(id) ?? 0) > now))
  }
}
