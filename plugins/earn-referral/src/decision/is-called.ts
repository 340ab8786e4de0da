import type { MemberFacts } from '@pointwell/plugin'

/** Whether an id is the member's: also one that it had before it was merged (M8). */
export function isCalled({ id, formerIds = [] }: MemberFacts, name: string | undefined): boolean {
  return name !== undefined && (name === id || formerIds.includes(name))
}
