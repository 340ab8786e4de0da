import { defineRedemptionChannel } from '@pointwell/plugin'
import { z } from 'zod'
import { partnerCodeFile } from '../file/partner-code-file.js'
import { PartnerResolver } from '../graphql/partner.resolver.js'
import { PartnerCodesResolver } from '../graphql/partner-codes.resolver.js'
import { PartnerOrderResolver } from '../graphql/partner-order.resolver.js'
import { PartnerStatementResolver } from '../graphql/partner-statement.resolver.js'
import { PrivilegeResolver } from '../graphql/privilege.resolver.js'
import { partnerMembers } from '../members/partner-members.js'
import { partnerOffer } from '../offer/partner-offer.js'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { partnerSettings } from '../settings/partner-settings.js'
import { AddOpenOrders1767225603130 } from '../store/add-open-orders.migration.js'
import { CreatePartner1767225603120 } from '../store/create-partner.migration.js'
import { PartnerAccountEntity } from '../store/partner-account.entity.js'
import { PartnerBalanceEntity } from '../store/partner-balance.entity.js'
import { PartnerCodeEntity } from '../store/partner-code.entity.js'
import { PartnerEntryEntity } from '../store/partner-entry.entity.js'
import { PartnerRightEntity } from '../store/partner-right.entity.js'
import { PARTNER_REFUSALS, PARTNER_TITLE } from '../words/partner-words.js'
import { cancelPartner } from './cancel-partner.js'
import { fulfilPartner } from './fulfil-partner.js'

/** Points for what partners give: codes, orders of their API, privileges (R11). */
export const redeemPartner = defineRedemptionChannel({
  id: PARTNER_PLUGIN_ID,
  version: '0.1.0',
  contract: '^1.0.0',
  title: PARTNER_TITLE,
  loop: 'open',
  settings: partnerSettings,
  offer: partnerOffer,
  /** A partner learns nothing of the member. */
  order: z.strictObject({}).default({}),
  refusals: PARTNER_REFUSALS,
  words: { [PARTNER_PLUGIN_ID]: PARTNER_TITLE },
  resolvers: [
    PartnerResolver,
    PartnerStatementResolver,
    PartnerCodesResolver,
    PartnerOrderResolver,
    PrivilegeResolver,
  ],
  entities: [
    PartnerAccountEntity,
    PartnerBalanceEntity,
    PartnerEntryEntity,
    PartnerRightEntity,
    PartnerCodeEntity,
  ],
  migrations: [CreatePartner1767225603120, AddOpenOrders1767225603130],
  members: partnerMembers,
  files: [partnerCodeFile],
  fulfil: fulfilPartner,
  cancel: cancelPartner,
})
