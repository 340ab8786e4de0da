import type { Class } from '@pointwell/plugin'
import { AccountTotalResolver } from './account/account-total.resolver.js'
import { AdjustmentResolver } from './adjustment/adjustment.resolver.js'
import { AuditResolver } from './audit/audit.resolver.js'
import { ClaimResolver } from './claim/claim.resolver.js'
import { FreezeResolver } from './freeze/freeze.resolver.js'
import { JobResolver } from './jobs/job.resolver.js'
import { MemberResolver } from './member/member.resolver.js'
import { MembershipResolver } from './membership/membership.resolver.js'
import { OfferResolver } from './offer/offer.resolver.js'
import { PluginListResolver } from './plugin-list/plugin-list.resolver.js'
import { PolicyResolver } from './policy/policy.resolver.js'
import { RedemptionResolver } from './redemption/redemption.resolver.js'
import { RefusalCodesResolver } from './refusal/refusal-codes.resolver.js'

/** The programme's own GraphQL fields. */
export const PROGRAM_RESOLVERS: readonly Class[] = [
  MemberResolver,
  ClaimResolver,
  OfferResolver,
  RedemptionResolver,
  AdjustmentResolver,
  FreezeResolver,
  MembershipResolver,
  AuditResolver,
  PolicyResolver,
  AccountTotalResolver,
  JobResolver,
  PluginListResolver,
  RefusalCodesResolver,
]
