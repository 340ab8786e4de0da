import type { MemberChanges } from '@pointwell/plugin'
import { PartnerRightEntity } from '../store/partner-right.entity.js'

/** What members who are erased or merged got of partners (M8). What was charged stays charged: the
 * partner's ledger names redemptions, never members. */
export const partnerMembers: MemberChanges = {
  async erased({ memberId, pseudonym }, store) {
    await store.write((manager) =>
      manager.update(
        PartnerRightEntity,
        { memberId },
        { memberId: pseudonym, version: () => 'version + 1' },
      ),
    )
  },
  async merged({ from, into }, store) {
    await store.write((manager) =>
      manager.update(
        PartnerRightEntity,
        { memberId: from },
        { memberId: into, version: () => 'version + 1' },
      ),
    )
  },
}
