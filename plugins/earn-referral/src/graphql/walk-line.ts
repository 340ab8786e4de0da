import type { ProgramFacade } from '@pointwell/plugin'
import { LONGEST_LINE } from '../event/referral-event.js'
import type { ReferralMemory } from '../memory/referral-memory.js'
import { PLUGIN_ID } from '../plugin-id.js'

/** Whose code it is, who brought that member, and so on, as far as a decision looks. */
export async function walkLine(
  program: Pick<ProgramFacade, 'remembered'>,
  referrer: string,
): Promise<string[]> {
  const line = [referrer]
  for (let at = referrer; line.length < LONGEST_LINE; ) {
    const above = (await referralOf(program, at))?.accepted?.referrer
    if (above === undefined) break
    line.push(above)
    at = above
  }
  return line
}

/** What the source remembers of a member; null: there is no such member. */
export async function referralOf(
  program: Pick<ProgramFacade, 'remembered'>,
  memberId: string,
): Promise<ReferralMemory | null> {
  return (await program.remembered({ source: PLUGIN_ID, memberId })) as ReferralMemory | null
}
