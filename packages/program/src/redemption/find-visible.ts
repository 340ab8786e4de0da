import type { ProgramContext } from '../context/program-context.js'
import type { Redemption } from './redemption-record.js'

/** A member sees its own only, and cannot tell another's from one that is not there. */
export async function findVisible(
  { viewer, program, findWalletOf }: ProgramContext,
  id: string,
): Promise<Redemption | undefined> {
  const redemption = await program.redemptions.find(id)
  if (viewer.kind !== 'member' || viewer.subject === redemption?.memberId) return redemption
  // A member that was merged goes by its former id, too.
  const isOwn = (await findWalletOf(viewer.subject)) === redemption?.wallet
  return isOwn ? redemption : undefined
}
