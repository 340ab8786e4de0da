import type { OperatorRole } from '@pointwell/plugin'
import { buildSchema, loadConfig } from '@pointwell/server'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../support/test-server.js'

const ROLES = [
  'anonymous',
  'member',
  'storefront',
  'partner',
  'viewer',
  'support',
  'rules',
  'finance',
  'admin',
] as const
type Role = (typeof ROLES)[number]

const everyone = [...ROLES]
const operators: Role[] = ['viewer', 'support', 'rules', 'finance', 'admin']
const ruleMakers: Role[] = ['rules', 'admin']
const aboutOne: Role[] = ['member', 'storefront', ...operators]
const memberOrShop: Role[] = ['member', 'storefront']
const shop: Role[] = ['storefront']
/** `admin` may what any operator may. */
const shopOrSupport: Role[] = ['storefront', 'support', 'admin']

/** Who may use what. Written by hand: a field that is not here fails the test. */
const MAY: Record<string, readonly Role[]> = {
  'Query.me': ['member'],
  'Query.member': aboutOne,
  'Query.members': operators,
  'Query._entities': aboutOne,
  'Query._service': operators,
  'Query.offers': aboutOne,
  'Query.offer': aboutOne,
  'Query.redemption': aboutOne,
  'Query.refundsDue': ['storefront', 'finance', 'admin'],
  'Query.coupon': shopOrSupport,
  'Query.coupons': ['member', 'storefront', 'support', 'admin'],
  'Query.game': aboutOne,
  'Query.gameFairness': everyone,
  'Query.verifyPlay': everyone,
  'Query.gamePlays': ['member', 'storefront', 'support', 'admin'],
  'Query.wonItems': shopOrSupport,
  'Query.stakeRound': aboutOne,
  'Query.stakeRounds': aboutOne,
  'Query.shipment': ['member', 'storefront', 'support', 'admin'],
  'Query.shipments': ['member', 'storefront', 'support', 'admin'],
  'Query.goodsToPick': shopOrSupport,
  'Query.goodsToSend': shopOrSupport,
  'Query.topUpsToDo': shopOrSupport,
  'Query.goodsReturns': shopOrSupport,
  'Query.partner': ['partner', ...operators],
  'Query.partners': operators,
  'Query.openPartnerOrders': operators,
  'Query.partnerStatement': ['partner', 'rules', 'finance', 'admin'],
  'Query.partnerPrivileges': ['member', 'storefront', 'support', 'admin'],
  'Query.checkPrivilege': ['storefront', 'partner'],
  'Query.goodsCodePool': ['storefront', 'support', 'rules', 'finance', 'admin'],
  'Query.purchase': shopOrSupport,
  'Query.referral': ['member', 'storefront', 'support', 'admin'],
  'Query.referralsHeld': ['support', 'rules', 'admin'],
  'Query.behaviours': ['member', 'storefront', 'support', 'admin'],
  'Query.earnPreview': ['member', 'storefront', 'support', 'admin'],
  'Query.tasks': ['member', 'storefront', 'support', 'admin'],
  'Query.reviews': ['member', 'storefront', 'support', 'rules', 'admin'],
  'Query.policy': operators,
  'Query.policies': operators,
  'Query.policySchema': operators,
  'Query.previewOldLots': ['rules', 'finance', 'admin'],
  'Query.pointValue': aboutOne,
  'Query.priceIndex': operators,
  'Query.refusalCodes': everyone,
  'Query.accountTotals': operators,
  'Query.surveyResults': operators,
  'Query.earnedByCore': operators,
  'Query.identityCases': ['support', 'rules', 'finance', 'admin'],
  'Query.pauses': operators,
  'Query.keptEventProgress': operators,
  'Query.keptEvents': operators,
  'Query.deliveries': operators,
  'Query.jobs': operators,
  'Query.failedNotices': operators,
  'Query.plugins': operators,
  'Query.segmentSizes': operators,
  'Query.transfer': aboutOne,
  'Query.memberMerges': operators,
  'Query.auditEntries': ['support', 'rules', 'finance', 'admin'],
  'Query.adjustment': operators,
  'Query.budgets': operators,
  'Query.adjustmentsWaiting': operators,
  'Mutation.extendPoints': ['support', 'finance', 'admin'],
  'Mutation.freezePoints': ['support', 'finance', 'admin'],
  'Mutation.thawPoints': ['support', 'finance', 'admin'],
  'Mutation.voidFrozenPoints': ['finance', 'admin'],
  'Mutation.approveRedemption': ['support', 'finance', 'admin'],
  'Mutation.declineRedemption': ['support', 'finance', 'admin'],
  'Mutation.setMembership': shopOrSupport,
  'Mutation.renewMembership': shopOrSupport,
  'Mutation.setMemberTier': ['support', 'finance', 'admin'],
  'Mutation.grantTierAccelerator': ['support', 'finance', 'admin'],
  'Mutation.transferPoints': memberOrShop,
  'Mutation.mergeMembers': ['support', 'admin'],
  'Mutation.eraseMember': ['support', 'admin'],
  'Mutation.requestErasure': memberOrShop,
  'Mutation.adjustPoints': ['support', 'finance', 'admin'],
  'Mutation.declineAdjustment': ['support', 'finance', 'admin'],
  'Mutation.approveAdjustment': ['finance', 'admin'],
  'Mutation.registerMember': shopOrSupport,
  'Mutation.registerMembers': shopOrSupport,
  'Mutation.updateMember': shopOrSupport,
  'Mutation.recordPurchase': shop,
  'Mutation.recordPurchases': shop,
  'Mutation.confirmPurchase': shop,
  'Mutation.confirmPurchases': shop,
  'Mutation.returnPurchase': shop,
  'Mutation.returnPurchases': shop,
  'Mutation.cancelPurchase': shop,
  'Mutation.recordBehaviour': shop,
  'Mutation.recordBehaviours': shop,
  'Mutation.submitReview': memberOrShop,
  'Mutation.createReferralCode': memberOrShop,
  'Mutation.acceptReferral': memberOrShop,
  'Mutation.decideReferral': ['support', 'rules', 'admin'],
  'Mutation.moderateReview': ['storefront', 'support', 'rules', 'admin'],
  'Mutation.checkIn': memberOrShop,
  'Mutation.makeUpCheckIn': memberOrShop,
  'Mutation.claimPoints': memberOrShop,
  'Mutation.quote': memberOrShop,
  'Mutation.redeem': memberOrShop,
  'Query.pointsAtCheckout': memberOrShop,
  'Query.pointsPayment': ['storefront', 'support', 'admin'],
  'Mutation.payWithPoints': shop,
  'Mutation.capturePointsPayment': shop,
  'Mutation.releasePointsPayment': shop,
  'Mutation.returnPointsPayment': shop,
  'Query.previewPlaybook': operators,
  'Query.playbooks': operators,
  'Mutation.applyPlaybook': ['rules', 'admin'],
  'Mutation.revertPlaybook': ['rules', 'admin'],
  'Mutation.confirmPayment': shop,
  'Mutation.confirmRefund': shop,
  'Mutation.cancelRedemption': ['member', 'storefront', 'support', 'admin'],
  'Mutation.answerSurvey': memberOrShop,
  'Mutation.useCoupon': shop,
  'Mutation.releaseCoupon': shop,
  'Mutation.playGame': memberOrShop,
  'Mutation.joinStake': memberOrShop,
  'Mutation.useRevive': shop,
  'Mutation.handOverPrize': shopOrSupport,
  'Mutation.rotateGameSeed': ruleMakers,
  'Mutation.openStake': ruleMakers,
  'Mutation.settleStake': ['rules', 'finance', 'admin'],
  'Mutation.voidStake': ['rules', 'finance', 'admin'],
  'Mutation.activateCard': memberOrShop,
  'Mutation.pickGoods': shopOrSupport,
  'Mutation.sendGoods': shopOrSupport,
  'Mutation.receiveGoods': ['member', 'storefront', 'support', 'admin'],
  'Mutation.requestGoodsReturn': memberOrShop,
  'Mutation.acceptGoodsReturn': shopOrSupport,
  'Mutation.declineGoodsReturn': shopOrSupport,
  'Mutation.completeTopUp': shopOrSupport,
  'Mutation.failTopUp': shopOrSupport,
  'Mutation.importGoodsCodes': ruleMakers,
  'Mutation.voidGoodsCodes': ruleMakers,
  'Mutation.createPartner': ['rules', 'finance', 'admin'],
  'Mutation.updatePartner': ['rules', 'finance', 'admin'],
  'Mutation.payPartner': ['finance', 'admin'],
  'Mutation.endPartnerOrder': ['finance', 'admin'],
  'Mutation.importPartnerCodes': ruleMakers,
  'Mutation.voidPartnerCodes': ruleMakers,
  'Mutation.createOffer': ruleMakers,
  'Mutation.updateOffer': ruleMakers,
  'Mutation.updatePolicy': ruleMakers,
  'Mutation.runJob': ruleMakers,
  'Mutation.decideIdentityCase': ['support', 'admin'],
  'Mutation.reportIdentities': shop,
  'Mutation.pauseEarning': ruleMakers,
  'Mutation.redeliver': ['support', 'finance', 'admin'],
  'Mutation.resumeEarning': ruleMakers,
  'Mutation.settleKeptEvents': ruleMakers,
  'Mutation.recordPriceIndex': ['rules', 'finance', 'admin'],
  'Mutation.announcePointValue': ruleMakers,
  'Subscription.balanceChanged': aboutOne,
}

/** Inputs in which a member says which member it speaks of: naming another one is forbidden. */
const SPEAKS_OF = [
  'Mutation.acceptReferral input.memberId',
  'Mutation.activateCard input.memberId',
  'Mutation.checkIn memberId',
  'Mutation.claimPoints memberId',
  'Mutation.createReferralCode input.memberId',
  'Mutation.joinStake input.memberId',
  'Mutation.makeUpCheckIn memberId',
  'Mutation.playGame input.memberId',
  'Mutation.quote memberId',
  'Mutation.redeem input.memberId',
  'Mutation.requestErasure input.memberId',
  'Mutation.submitReview input.memberId',
  'Mutation.transferPoints input.memberId',
  'Query._entities representations.0.id',
  'Query.behaviours memberId',
  'Query.coupons memberId',
  'Query.earnPreview input.memberId',
  'Query.gamePlays memberId',
  'Query.member id',
  'Query.offer memberId',
  'Query.offers memberId',
  'Query.partnerPrivileges memberId',
  'Query.pointsAtCheckout memberId',
  'Query.referral memberId',
  'Query.reviews memberId',
  'Query.shipments memberId',
  'Query.tasks memberId',
  'Subscription.balanceChanged memberId',
]

const { plugins } = await loadConfig(undefined)
const schema = buildSchema(plugins)
const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
const rootFields = rootTypes.flatMap((type) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ type: type!.name, field })),
)

/** A value that fits the type; `memberId` is who it speaks of, wherever it can be said. */
function sampleFor(type: GraphQLInputType, path: readonly string[], memberId: string): unknown {
  if (isNonNullType(type)) return sampleFor(type.ofType, path, memberId)
  if (isListType(type)) return [sampleFor(type.ofType, path, memberId)]
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field) => isWanted(field))
        .map((field) => [field.name, sampleFor(field.type, [...path, field.name], memberId)]),
    )
  }
  if (path.join('.') === 'Subscription.balanceChanged.after') return '0'
  if (path.at(-1) === 'memberId' || path.join('.') === 'Query.member.id') return memberId
  if (type.name === '_Any') return { __typename: 'Member', id: memberId }
  return SAMPLES[type.name] ?? expect.unreachable(`no sample of ${type.name}`)
}

/** What must be given, and whatever says whom it is about. A subscription begins at the beginning, so
 * that its first message comes at once. */
function isWanted(input: GraphQLInputField | GraphQLArgument): boolean {
  return isNonNullType(input.type) || input.name === 'memberId'
}

const SAMPLES: Record<string, unknown> = {
  ID: 'x-1',
  String: 'x',
  Int: 1,
  Boolean: true,
  Points: 1,
  Decimal: '1',
  Money: '1.00 CNY',
  CurrencyCode: 'CNY',
  DateTime: '2026-01-05T00:00:00Z',
  LocalDate: '2026-01-04',
  JSON: {},
}

function operationFor(type: string, field: GraphQLField<unknown, unknown>, memberId: string) {
  const isSubscription = type === 'Subscription'
  const args = field.args.filter((arg) => isWanted(arg) || (isSubscription && arg.name === 'after'))
  const head = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
  const call = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const selection = isCompositeType(getNamedType(field.type) as GraphQLNamedType)
    ? '{ __typename }'
    : ''
  return {
    query: `${type.toLowerCase()} ${head && `(${head})`} { ${field.name}${call && `(${call})`} ${selection} }`,
    variables: Object.fromEntries(
      args.map((arg) => [arg.name, sampleFor(arg.type, [type, field.name, arg.name], memberId)]),
    ),
  }
}

describe('A6: who may do what', () => {
  let server: TestServer
  const tokens: Partial<Record<Role, string>> = {}
  beforeAll(async () => {
    server = await startTestServer({ jobs: false })
    for (const role of ROLES) {
      if (role === 'anonymous') continue
      tokens[role] = operators.includes(role)
        ? await server.token('operator', { roles: [role as OperatorRole] })
        : await server.token(role as 'member', { subject: role === 'member' ? 'm-1' : role })
    }
    const setUp = `mutation { registerMembers(input: [{ id: "m-1" }, { id: "m-2" }]) { __typename }
      a: checkIn(memberId: "m-1") { __typename } b: checkIn(memberId: "m-2") { __typename } }`
    expect((await server.ask(setUp, { token: tokens.storefront })).errors).toBeUndefined()
  })
  afterAll(() => server.close())

  /** The codes of the errors of an operation, or of the first message of a subscription. */
  const codesOf = async (
    { query, variables }: ReturnType<typeof operationFor>,
    token: string | undefined,
  ): Promise<string[]> => {
    if (!query.startsWith('subscription')) {
      const { errors = [] } = await server.ask(query, { token, variables })
      return errors.map(({ extensions }) => extensions.code)
    }
    const client = server.subscriber(token)
    const errors = await new Promise<unknown>((resolve) => {
      client.subscribe(
        { query, variables },
        {
          next: (message) => resolve(message.errors ?? []),
          error: resolve,
          complete: () => resolve([]),
        },
      )
    })
    await client.dispose()
    return (errors as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code)
  }

  it('every root field is in the table, and nothing else is', () => {
    const fields = rootFields.map(({ type, field }) => `${type}.${field.name}`)
    expect(Object.keys(MAY).sort()).toEqual(fields.sort())
  })

  it.each(rootFields.map(({ type, field }) => [`${type}.${field.name}`, type, field] as const))(
    '%s lets in whom it should and nobody else',
    async (name, type, field) => {
      const letIn: Role[] = []
      for (const role of ROLES) {
        const codes = await codesOf(operationFor(type, field, 'm-1'), tokens[role])
        // Whatever was sent, it never breaks anything.
        expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
        expect(codes).not.toContain('GRAPHQL_VALIDATION_FAILED')
        const turnedAway = role === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN'
        if (!codes.includes(turnedAway)) letIn.push(role)
        else expect(codes).toEqual([turnedAway])
      }
      expect(letIn).toEqual(ROLES.filter((role) => MAY[name]?.includes(role)))
    },
  )

  it('a member speaks of itself only, wherever a member can be named', async () => {
    const guarded: string[] = []
    for (const { type, field } of rootFields) {
      if (!MAY[`${type}.${field.name}`]?.includes('member')) continue
      const asked = operationFor(type, field, 'm-2')
      const named = pathsTo(asked.variables, 'm-2')
      if (named.length === 0) continue
      guarded.push(...named.map((path) => `${type}.${field.name} ${path}`))
      const codes = await codesOf(asked, tokens.member)
      expect([`${type}.${field.name}`, codes]).toEqual([`${type}.${field.name}`, ['FORBIDDEN']])
      expect(await codesOf(operationFor(type, field, 'm-1'), tokens.member)).not.toContain(
        'FORBIDDEN',
      )
    }
    expect(guarded.sort()).toEqual(SPEAKS_OF)
  })
})

function pathsTo(value: unknown, wanted: string, path: readonly string[] = []): string[] {
  if (value === wanted) return [path.join('.')]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => pathsTo(item, wanted, [...path, key]))
}
