import type { Class } from '@pointwell/plugin'
import { AccountTotalResolver } from './account/account-total.resolver.js'
import { AdjustmentResolver } from './adjustment/adjustment.resolver.js'
import { AuditResolver } from './audit/audit.resolver.js'
import { BudgetResolver } from './budget/budget.resolver.js'
import { CheckoutResolver } from './checkout/checkout.resolver.js'
import { ClaimResolver } from './claim/claim.resolver.js'
import { DeliveryResolver } from './delivery/delivery.resolver.js'
import { ErasureResolver } from './erasure/erasure.resolver.js'
import { ExperimentResolver } from './experiment/experiment.resolver.js'
import { OldLotsResolver } from './expiry/old-lots.resolver.js'
import { ExtensionResolver } from './extension/extension.resolver.js'
import { EntityResolver } from './federation/entity.resolver.js'
import { FreezeResolver } from './freeze/freeze.resolver.js'
import { IdentityCaseResolver } from './identity-case/identity-case.resolver.js'
import { JobResolver } from './jobs/job.resolver.js'
import { MemberResolver } from './member/member.resolver.js'
import { MembershipResolver } from './membership/membership.resolver.js'
import { MergeResolver } from './merge/merge.resolver.js'
import { NoticeResolver } from './notices/notice.resolver.js'
import { OfferResolver } from './offer/offer.resolver.js'
import { PauseResolver } from './pause/pause.resolver.js'
import { PlaybookResolver } from './playbook/playbook.resolver.js'
import { PluginListResolver } from './plugin-list/plugin-list.resolver.js'
import { PointValueResolver } from './point-value/point-value.resolver.js'
import { PolicyResolver } from './policy/policy.resolver.js'
import { RedemptionResolver } from './redemption/redemption.resolver.js'
import { RefusalCodesResolver } from './refusal/refusal-codes.resolver.js'
import { SegmentResolver } from './segment/segment.resolver.js'
import { EarnedByCoreResolver } from './statistics/earned-by-core.resolver.js'
import { SurveyResolver } from './survey/survey.resolver.js'
import { TaskResolver } from './task/task.resolver.js'
import { TierResolver } from './tier/tier.resolver.js'
import { TransferResolver } from './transfer/transfer.resolver.js'

/** The programme's own GraphQL fields. */
export const PROGRAM_RESOLVERS: readonly Class[] = [
  MemberResolver,
  EntityResolver,
  ClaimResolver,
  TaskResolver,
  OfferResolver,
  RedemptionResolver,
  ExperimentResolver,
  SurveyResolver,
  CheckoutResolver,
  PlaybookResolver,
  AdjustmentResolver,
  ExtensionResolver,
  FreezeResolver,
  MembershipResolver,
  TransferResolver,
  MergeResolver,
  ErasureResolver,
  AuditResolver,
  PolicyResolver,
  OldLotsResolver,
  BudgetResolver,
  PointValueResolver,
  AccountTotalResolver,
  EarnedByCoreResolver,
  PauseResolver,
  IdentityCaseResolver,
  SegmentResolver,
  TierResolver,
  JobResolver,
  NoticeResolver,
  DeliveryResolver,
  PluginListResolver,
  RefusalCodesResolver,
]
