// Decorators write their metadata when these classes are made, so this comes first.
import 'reflect-metadata'

import { AddAuditMember1767225602520 } from './audit/add-audit-member-1767225602520.js'
import { CreateAudit1767225601600 } from './audit/create-audit-1767225601600.js'
import { CreateDeliveries1767225603500 } from './delivery/create-deliveries-1767225603500.js'
import { CreateErasures1767225602400 } from './erasure/create-erasures-1767225602400.js'
import { CreateExpiryRuns1767225601400 } from './expiry/create-expiry-runs-1767225601400.js'
import { CreateIdentity1767225600500 } from './identity/create-identity-1767225600500.js'
import { CreateIdentityCases1767225601300 } from './identity-case/create-identity-cases-1767225601300.js'
import { CreateJobSchedules1767225601302 } from './jobs/create-job-schedules-1767225601302.js'
import { CreateJobs1767225600300 } from './jobs/create-jobs-1767225600300.js'
import { CreateMembers1767225600100 } from './member/create-members-1767225600100.js'
import { CreateMerges1767225602350 } from './merge/create-merges-1767225602350.js'
import { CreateMessages1767225602100 } from './message/create-messages-1767225602100.js'
import { CreateOffers1767225600400 } from './offer/create-offers-1767225600400.js'
import { AddKeptByItself1767225602410 } from './pause/add-kept-by-itself-1767225602410.js'
import { CreateEarningPauses1767225601301 } from './pause/create-earning-pauses-1767225601301.js'
import { CreatePlaybooks1767225602500 } from './playbook/create-playbooks-1767225602500.js'
import { CreatePriceIndex1767225602000 } from './point-value/create-price-index-1767225602000.js'
import { CreatePolicies1767225600200 } from './policy/create-policies-1767225600200.js'
import { AddQuoteCash1767225602450 } from './redemption/add-quote-cash-1767225602450.js'
import { CreateReview1767225601700 } from './review/create-review-1767225601700.js'
import { CreateSurveyVariants1767225603600 } from './survey/create-survey-variants-1767225603600.js'
import { CreateSurveys1767225602440 } from './survey/create-surveys-1767225602440.js'

export { openProgramContext } from './context/open-program-context.js'
export type { ProgramContext } from './context/program-context.js'
export type { ProgramDatabase } from './database/program-database.js'
export { getProgrammeId } from './identity/get-programme-id.js'
export type { Job, JobContext, JobStatus } from './jobs/job.js'
export type { JobRun, Jobs } from './jobs/open-jobs.js'
export type { MemberProfile } from './member/member-facts.js'
export type { RegisterMember, UpdateMember } from './member/member-input.js'
export type { Identity, Member } from './member/member-rows.js'
export type { Members } from './member/open-members.js'
export type { Registered } from './member/register-members.js'
export type { Handled, NoticeHandler, Notices } from './notices/open-notices.js'
export { programNotices } from './notices/program-notices.js'
export type { NewOffer, Offer, OfferChange, OfferTerms } from './offer/offer-terms.js'
export type { OfferPageRequest, Offers } from './offer/open-offers.js'
export { type Claimed, openProgram, type Program, type ProgramOptions } from './open-program.js'
export type { Brought, Openings, OpeningTerms, ReadMember } from './opening/open-openings.js'
export type { OrderOpenings } from './opening/open-order-openings.js'
export type { OpeningBalance, OpeningMember } from './opening/opening-input.js'
export type { OpeningOrder } from './opening/opening-order-input.js'
export {
  type Holding,
  type HoldingBalance,
  type HoldingLot,
  type HoldingPage,
  readHoldings,
} from './opening/read-holdings.js'
export type { OrderLine } from './opening/read-orders.js'
export type { FileColumn, LineFile, PluginFiles } from './plugin-file/open-plugin-files.js'
export {
  type PolicyBook,
  PolicyUnreadable,
  type PolicyUpdate,
  type PolicyUpdated,
  type PolicyVersion,
} from './policy/open-policy-book.js'
export type { PolicyDocument } from './policy/policy-document.js'
export type { DocumentFault } from './policy/read-policy.js'
export { PROGRAM_RESOLVERS } from './program-resolvers.js'
export type { Redemptions } from './redemption/open-redemptions.js'
export type { Quote } from './redemption/redeem-command.js'
export type { Redemption } from './redemption/redemption-record.js'
export { PROGRAM_REFUSALS, type ProgramRefusalCode } from './refusal/program-refusals.js'
export { programRefusals, registerProgramRefusals } from './refusal/register-refusals.js'

/** What makes the programme's tables, for `openDatabase`. */
export const PROGRAM_MIGRATIONS = [
  CreateMembers1767225600100,
  CreatePolicies1767225600200,
  CreateJobs1767225600300,
  CreateOffers1767225600400,
  CreateIdentity1767225600500,
  CreateIdentityCases1767225601300,
  CreateEarningPauses1767225601301,
  CreateJobSchedules1767225601302,
  CreateExpiryRuns1767225601400,
  CreateAudit1767225601600,
  CreateReview1767225601700,
  CreatePriceIndex1767225602000,
  CreateMessages1767225602100,
  CreateMerges1767225602350,
  CreateErasures1767225602400,
  AddKeptByItself1767225602410,
  CreateSurveys1767225602440,
  AddQuoteCash1767225602450,
  CreatePlaybooks1767225602500,
  AddAuditMember1767225602520,
  CreateDeliveries1767225603500,
  CreateSurveyVariants1767225603600,
] as const
