import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { Ledger, Refusal } from '@pointwell/ledger'
import { isRefusal, refuse } from '@pointwell/ledger'
import { type LedgerReads, openLedgerReads } from '@pointwell/ledger/graphql'
import type {
  Extended,
  ExtendRequest,
  Language,
  MemberNames,
  Plugin,
  PluginCall,
  PluginStore,
  ProgramFacade,
  RedemptionChannel,
  ReportFault,
} from '@pointwell/plugin'
import { type Adjustments, openAdjustments } from './adjustment/open-adjustments.js'
import { type Acting, actingOf } from './audit/acting.js'
import { AUDIT, auditHandler } from './audit/audit-notices.js'
import { type Audit, auditedLedger, openAudit } from './audit/open-audit.js'
import { recordPluginAct } from './audit/record-plugin-act.js'
import { openAwards } from './award/open-awards.js'
import { openBoosts } from './boost/open-boosts.js'
import { checkoutJobs } from './checkout/checkout-jobs.js'
import { type Checkout, openCheckout } from './checkout/open-checkout.js'
import { claimCommand } from './claim/claim-command.js'
import { createLoaders, type Loaders } from './context/create-loaders.js'
import type { ProgramDatabase } from './database/program-database.js'
import { type Deliveries, openDeliveries } from './delivery/open-deliveries.js'
import { type Earning, openEarning, postOrOpen } from './earning/open-earning.js'
import { erasureJobs } from './erasure/erasure-jobs.js'
import { type Erasures, openErasures } from './erasure/open-erasures.js'
import { experimentLabels } from './experiment/experiment-labels.js'
import { oldLotsJob } from './expiry/old-lots-job.js'
import { type OldLots, openOldLots } from './expiry/open-old-lots.js'
import { openExtensions } from './extension/open-extensions.js'
import { type Freezes, openFreezes } from './freeze/open-freezes.js'
import { identityCaseJobs } from './identity-case/identity-case-jobs.js'
import { type IdentityCases, openIdentityCases } from './identity-case/open-identity-cases.js'
import { checkIdempotencyKey } from './input/idempotency-key.js'
import type { Job } from './jobs/job.js'
import { cronOf } from './jobs/jobs-section.js'
import { ledgerJobs } from './jobs/ledger-jobs.js'
import { type Jobs, openJobs } from './jobs/open-jobs.js'
import { pluginJobs } from './jobs/plugin-jobs.js'
import { idsOf } from './member/member-facts.js'
import { type Members, openMembers } from './member/open-members.js'
import { type Memberships, openMemberships } from './membership/open-memberships.js'
import { mergeJobs } from './merge/merge-jobs.js'
import { type Merges, openMerges } from './merge/open-merges.js'
import { type Messages, openMessages } from './message/open-messages.js'
import { type NoticeHandler, type Notices, openNotices } from './notices/open-notices.js'
import { offerFacts } from './offer/offer-facts.js'
import { type Offers, openOffers } from './offer/open-offers.js'
import { type Openings, openOpenings } from './opening/open-openings.js'
import { openKeptEvents } from './pause/open-kept-events.js'
import { openPauses, type Pauses } from './pause/open-pauses.js'
import { openSettlements, type Settlements } from './pause/open-settlements.js'
import { pauseJobs } from './pause/pause-jobs.js'
import { openMissed } from './playbook/open-missed.js'
import { openPlaybooks, type Playbooks } from './playbook/open-playbooks.js'
import { playbookJobs } from './playbook/playbook-jobs.js'
import { openPluginFiles, type PluginFiles } from './plugin-file/open-plugin-files.js'
import { openPluginHealth, type PluginHealth } from './plugin-list/open-plugin-health.js'
import { openPointValues, type PointValues } from './point-value/open-point-values.js'
import { pointValueJob } from './point-value/point-value-job.js'
import { openPolicyBook, type PolicyBook } from './policy/open-policy-book.js'
import { policyJsonSchema } from './policy/policy-document.js'
import { openReactions } from './reaction/open-reactions.js'
import { openRedemptions, type Redemptions } from './redemption/open-redemptions.js'
import { redemptionJobs } from './redemption/redemption-jobs.js'
import { redeemedOf } from './redemption/redemption-record.js'
import { registerProgramRefusals } from './refusal/register-refusals.js'
import { reminderJob } from './reminder/reminder-job.js'
import { renewalHandler } from './renewal/renewal-handler.js'
import { RENEWAL_TOPIC } from './renewal/renewal-notices.js'
import { openReviews, type Reviews } from './review/open-reviews.js'
import { reviewJobs } from './review/review-jobs.js'
import { openSurveys, type Surveys } from './survey/open-surveys.js'
import { openTasks, type ReadMemberTasks } from './task/open-tasks.js'
import { openTiers, type Tiers } from './tier/open-tiers.js'
import { openTransfers, type Transfers } from './transfer/open-transfers.js'
import { transferJobs } from './transfer/transfer-jobs.js'
import { openTitles, type TitleOf } from './words/open-titles.js'

export interface ProgramOptions {
  /** The server's database, migrated; the programme's tables are made by `PROGRAM_MIGRATIONS`. */
  readonly database: ProgramDatabase
  /** Opened with `programNotices` of the same plugins. */
  readonly ledger: Ledger
  readonly plugins: readonly Plugin[]
  /** The policy of an empty store; default: the defaults. A bad one throws `PolicyUnreadable`. */
  readonly firstPolicy?: unknown
  /** False: an empty store stays without a policy, as for a look at what would happen. */
  readonly keepFirstPolicy?: boolean
  /** Jobs besides the programme's own. */
  readonly jobs?: readonly Job[]
  /** Handlers of notices besides the programme's own, by topic; what writes those is the caller's to
   * give to the ledger. */
  readonly noticeHandlers?: Readonly<Record<string, NoticeHandler>>
  /** This server's name among those that share the database; default: a random one. */
  readonly server?: string
  /** Told of every fault of a plugin (G4). */
  readonly onPluginFault?: ReportFault
  /** Told when an operation of a plugin is cut off, until when, and when it is back (null). */
  readonly onPluginCutOff?: (call: PluginCall, until: number | null) => void
  /** Told of a job that failed, of a policy that could not be looked up, and of a fault that befell
   * one of many. */
  readonly onFailure?: (what: string, fault: unknown) => void
  /** How often to look for what other servers wrote to the policy; milliseconds, default 500. */
  readonly pollMs?: number
}

/** The programme as a server runs it. What it answers with is what the GraphQL fields show. */
export interface Program extends ProgramFacade {
  readonly ledger: Ledger
  readonly plugins: readonly Plugin[]
  /** How the plugins have done on this server. */
  readonly pluginHealth: PluginHealth
  readonly members: Members
  readonly policies: PolicyBook
  readonly oldLots: OldLots
  readonly offers: Offers
  readonly redemptions: Redemptions
  /** Points as money on orders. */
  readonly checkout: Checkout
  /** What operators do when demand outruns stock. */
  readonly playbooks: Playbooks
  readonly adjustments: Adjustments
  readonly freezes: Freezes
  readonly memberships: Memberships
  readonly pauses: Pauses
  readonly settlements: Settlements
  readonly identityCases: IdentityCases
  readonly tiers: Tiers
  /** The daily look at all members: tiers, badges, segments. */
  readonly reviews: Reviews
  readonly transfers: Transfers
  /** What members think of what they had for points. */
  readonly surveys: Surveys
  /** Members found to be one person. */
  readonly merges: Merges
  readonly pointValues: PointValues
  /** Members who ask to be erased. */
  readonly erasures: Erasures
  /** What members are told. */
  readonly messages: Messages
  /** Messages on their way by notifiers. */
  readonly deliveries: Deliveries
  /** Members and balances that were kept elsewhere. */
  readonly openings: Openings
  /** Lines of plugins' own that come and go by files (O3). */
  readonly files: PluginFiles
  /** What operators did. */
  readonly audit: Audit
  readonly jobs: Jobs
  readonly notices: Notices
  readonly channels: ReadonlyMap<string, RedemptionChannel>
  /** What the resolvers of all requests read with. */
  readonly loaders: Loaders
  readonly ledgerReads: LedgerReads
  /** The policy document as JSON Schema, with the plugins' settings. */
  readonly policySchema: unknown
  /**
   * The member takes what is claimable: the named lots (by `seq`) or all. Refuses MEMBER_NOT_FOUND,
   * INVALID_INPUT, LOT_NOT_FOUND, LOT_NOT_CLAIMABLE, CLAIM_TOO_LATE, IDEMPOTENCY_MISMATCH. The same
   * idempotency key again is the same claim.
   */
  claim(request: {
    memberId: string
    lots: readonly number[] | null
    idempotencyKey?: string | null
  }): Promise<Claimed | Refusal>
  /** As plugins may; `acting`: the operator whose act it is, for the audit. */
  extendPoints(request: ExtendRequest, acting?: Acting | null): Promise<Extended | Refusal>
  /** What a member can earn by, from all sources (E14). */
  readonly tasks: ReadMemberTasks
  /** What a reader is told for a stable word of a step or a reason. */
  titleOf(word: string, language: Language): string
  /** Runs jobs and follows the policy from now on. */
  start(): void
  /** Ends jobs and calls of channels; the ledger and the database are the caller's to close. */
  close(): Promise<void>
}

export interface Claimed {
  readonly refused?: undefined
  readonly wallet: number
  readonly points: number
}

/** Puts the programme together over a ledger and a database. */
export async function openProgram(options: ProgramOptions): Promise<Program> {
  const { database, plugins, pollMs = 500 } = options
  const audit = openAudit(database)
  const ledger = auditedLedger(options.ledger, audit)
  registerProgramRefusals(plugins)
  const sources = plugins.filter((plugin) => plugin.kind === 'earn-source')
  const channelList = plugins.filter((plugin) => plugin.kind === 'redemption-channel')
  const rules = plugins.filter((plugin) => plugin.kind === 'risk-rule')
  const notifiers = plugins.filter((plugin) => plugin.kind === 'notifier')
  const channels = new Map(channelList.map((channel) => [channel.id, channel]))
  const health = openPluginHealth({
    clock: ledger.clock,
    onFault: options.onPluginFault,
    onChange: options.onPluginCutOff,
  })
  const watch = { watch: health }
  const shutdown = new AbortController()
  // Every call of a channel in progress listens to it; that is no leak.
  setMaxListeners(0, shutdown.signal)

  const policyPlugins = { sources, channels: channelList, rules, notifiers }
  const policies = await openPolicyBook({
    database,
    plugins: policyPlugins,
    clock: ledger.clock,
    record: audit.record,
    ...(options.firstPolicy !== undefined && { first: options.firstPolicy }),
    ...(options.keepFirstPolicy !== undefined && { keepFirst: options.keepFirstPolicy }),
  })
  ledger.labelBy(experimentLabels(policies))
  const members = openMembers({ database, ledger, policies, record: audit.record })
  const sourceIds = new Set(sources.map(({ id }) => id))
  const pausing = { database, clock: ledger.clock, sources: sourceIds, record: audit.record }
  const pauses = openPauses(pausing)
  const kept = openKeptEvents(pausing)
  const identityCases = openIdentityCases({ ...pausing, policies })
  const earning: Earning = openEarning({
    ledger,
    policies,
    pauses,
    kept,
    sources,
    rules,
    findProfiles: members.findMany,
    findIdentities: members.findIdentities,
    onFailure: options.onFailure,
    ...watch,
  })
  const offers = openOffers({
    database,
    ledger,
    policies,
    channels,
    record: audit.record,
    ...watch,
  })
  const store: PluginStore = {
    read: (work) => database.read(work),
    write: (work) => database.write(work),
    isDuplicateKey: (fault) => database.sql.isDuplicateKey(fault),
  }
  const redemptions = openRedemptions({
    ledger,
    policies,
    channels,
    rules,
    database,
    findProfile: members.find,
    findOffer: offers.find,
    storeOf: () => store,
    missed: openMissed(database),
    signal: shutdown.signal,
    ...watch,
  })
  const checkout = openCheckout({ ledger, policies, rules, findProfile: members.find, ...watch })
  const deliveries = openDeliveries({
    database,
    policies,
    notifiers,
    clock: ledger.clock,
    store,
    record: audit.record,
    signal: shutdown.signal,
    ...watch,
  })
  const messages = openMessages(database, notifiers.length > 0 ? deliveries.follow : undefined)
  const tiers = openTiers({ ledger, policies, findMember: members.find })
  const reviews = openReviews({ database, ledger, policies, page: members.page })
  const transfers = openTransfers({ ledger, policies, findProfile: members.find })
  const surveys = openSurveys({ database, ledger, policies, channels: [...channels.keys()] })
  const names: MemberNames = {
    async idsOf(memberId) {
      const member = await members.find(memberId)
      return member ? idsOf(member) : [memberId]
    },
  }
  const erasures = openErasures({
    database,
    ledger,
    policies,
    members,
    plugins,
    store,
    names,
    audit,
    onFailure: options.onFailure,
    ...watch,
  })
  const merges = openMerges({
    database,
    ledger,
    policies,
    plugins,
    store,
    reviews,
    names,
    record: audit.record,
    ...watch,
  })
  const award = openAwards({ ledger, policies, findProfile: members.find })
  const extendPoints = openExtensions({ ledger, policies, findProfile: members.find })
  const playbooks = openPlaybooks({
    database,
    ledger,
    policies,
    offers,
    pauses,
    members,
    award,
    extendPoints,
    record: audit.record,
  })
  const pointValues = openPointValues({ database, policies, audit, clock: ledger.clock })
  const notices = openNotices({
    ledger,
    handlers: {
      [RENEWAL_TOPIC]: renewalHandler({
        ledger,
        policies,
        sources,
        findOwners: members.findByWallets,
      }),
      ...openReactions({
        ledger,
        policies,
        sources,
        findOwners: members.findByWallets,
        earning,
        ...watch,
      }),
      [AUDIT]: auditHandler(audit),
      ...options.noticeHandlers,
    },
    onFailure: options.onFailure,
  })
  const jobs = openJobs({
    database,
    clock: ledger.clock,
    jobs: [
      ...ledgerJobs(ledger, policies),
      oldLotsJob({ ledger, database, members, policies }),
      ...redemptionJobs(redemptions, {
        forgetAt: () => cronOf(policies.at(ledger.clock()).document, 'forget-quotes'),
      }),
      ...pauseJobs({ kept, earning }),
      ...identityCaseJobs(identityCases, policies),
      ...reviewJobs(reviews),
      ...transferJobs(transfers),
      ...checkoutJobs(checkout),
      ...playbookJobs(playbooks),
      ...erasureJobs(erasures),
      ...mergeJobs(merges),
      pointValueJob(pointValues, { policies, clock: ledger.clock }),
      reminderJob({ ledger, policies, messages }),
      ...(notifiers.length > 0 ? [deliveries.job] : []),
      notices.job,
      ...pluginJobs(plugins, { program: () => program, store, ...watch }),
      ...(options.jobs ?? []),
    ],
    record: audit.record,
    zone: () => policies.at(ledger.clock()).calendar.zone,
    owner: options.server ?? randomUUID(),
    ...(options.onFailure && { onFailure: options.onFailure }),
  })
  const ledgerReads = openLedgerReads({
    source: {
      findWallets: (ids) => ledger.store.findWallets(ids),
      findLots: (wallets, options) => ledger.store.findLots(wallets, options),
      findLotPages: (pages, options) => ledger.store.findLotPages(pages, options),
      findTransactions: (wallet, page) => ledger.store.findTransactions(wallet, page),
      findNewestTransactions: (wallets, limit) =>
        ledger.store.findNewestTransactions(wallets, limit),
      findBalancesAt: (moments) => ledger.store.findBalancesAt(moments),
      settle: (wallets) => ledger.settle(wallets),
    },
    now: ledger.clock,
  })
  const titles: TitleOf = openTitles(plugins)

  /** What names a claim that has no key: the wallet as it is now, with what is due done. */
  const versionOf = async (id: number) => {
    await ledger.settle([id])
    const [wallet] = await ledger.store.findWallets([id])
    return { version: wallet?.version ?? 0 }
  }

  const claim: Program['claim'] = async ({ memberId, lots, idempotencyKey }) => {
    const wrong = isGiven(idempotencyKey) ? checkIdempotencyKey(idempotencyKey) : null
    if (wrong) return wrong
    const member = await members.find(memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const name = isGiven(idempotencyKey) ? { idempotencyKey } : await versionOf(member.wallet)
    const posted = await postOrOpen(ledger, claimCommand(member, { lots, name, policies }))
    if (isRefusal(posted)) return posted
    const { points } = posted.transaction.result as { points: number }
    return { wallet: member.wallet, points }
  }

  let poll: NodeJS.Timeout | undefined
  let polling: Promise<void> = Promise.resolve()
  const follow = () => {
    polling = policies
      .refresh()
      .catch((fault) => options.onFailure?.('policy', fault))
      .finally(() => {
        if (!shutdown.signal.aborted) poll = setTimeout(follow, pollMs).unref()
      })
  }

  const program: Program = {
    ledger,
    plugins,
    pluginHealth: health,
    members,
    policies,
    oldLots: openOldLots({ ledger, database, members, policies }),
    offers,
    redemptions,
    checkout,
    playbooks,
    transfers,
    surveys,
    merges,
    adjustments: openAdjustments({ ledger, policies, findProfile: members.find }),
    freezes: openFreezes({ ledger, policies, findProfile: members.find }),
    memberships: openMemberships({ ledger, policies, findMember: members.find }),
    pauses,
    settlements: openSettlements(pausing),
    identityCases,
    tiers,
    reviews,
    pointValues,
    erasures,
    messages,
    deliveries,
    files: openPluginFiles({
      plugins,
      store,
      clock: ledger.clock,
      async findOffer(channel, id) {
        const offer = await offers.find(id)
        return offer?.channel === channel ? offerFacts(offer) : null
      },
      ...watch,
    }),
    openings: openOpenings({ ledger, policies, members, sources }),
    audit,
    jobs,
    notices,
    channels,
    loaders: createLoaders({
      members,
      offers,
      redemptions,
      transfers,
      messages,
      surveys,
      store: ledger.store,
    }),
    ledgerReads,
    policySchema: policyJsonSchema(policyPlugins),
    claim,
    tasks: openTasks({ ledger, policies, pauses, sources, findProfile: members.find, ...watch }),
    titleOf: titles,
    earn: earning.earn,
    preview: earning.preview,
    earnMany: earning.earnMany,
    confirmEarned: earning.confirm,
    confirmEarnedMany: earning.confirmMany,
    returnEarned: earning.takeBack,
    returnEarnedMany: earning.takeBackMany,
    cancelEarned: earning.cancel,
    extendPoints,
    findEarned: earning.find,
    findEarnedOf: earning.findOf,
    remembered: earning.remembered,
    async idsOf(memberId) {
      const member = await members.find(memberId)
      return member ? idsOf(member) : []
    },
    accelerateTier: tiers.accelerate,
    boostEarning: openBoosts({ ledger, policies, findProfile: members.find }),
    async redeem(request) {
      const redemption = await redemptions.redeem(request)
      return isRefusal(redemption) ? redemption : redeemedOf(redemption)
    },
    async findRedemption(id) {
      const redemption = await redemptions.find(id)
      return redemption ? redeemedOf(redemption) : null
    },
    async askAgain(id) {
      try {
        await redemptions.askAgain(id)
      } catch (fault) {
        // The job asks at its time: what the channel knows it will know then, too.
        options.onFailure?.(`redemption ${id}`, fault)
      }
      const redemption = await redemptions.find(id)
      return redemption ? redeemedOf(redemption) : null
    },
    async cancelRedemption(id) {
      const redemption = await redemptions.cancel(id)
      return isRefusal(redemption) ? redemption : redeemedOf(redemption)
    },
    async findOffer(channelId, offerId) {
      const offer = await offers.find(offerId)
      return offer?.channel === channelId ? offerFacts(offer) : null
    },
    award,
    async recordAct(manager, act, entry) {
      const acting = actingOf(act.context, act.reason)
      if (!acting) return
      const done = { ...acting, at: ledger.clock(), act: act.name }
      await recordPluginAct(database.connection(manager), { done, entry, audit })
    },
    settings(pluginId) {
      const { document } = policies.at(ledger.clock())
      const { sources, channels, rules, notifiers } = document
      const own = sources[pluginId] ?? channels[pluginId] ?? rules[pluginId] ?? notifiers[pluginId]
      return own?.settings
    },
    calendar: () => policies.at(ledger.clock()).calendar,
    store: () => store,
    start() {
      jobs.start()
      notices.start()
      follow()
    },
    async close() {
      shutdown.abort()
      clearTimeout(poll)
      await Promise.all([jobs.close(), notices.close(), polling])
    },
  }
  return program
}

function isGiven(key: string | null | undefined): key is string {
  return key !== null && key !== undefined
}
