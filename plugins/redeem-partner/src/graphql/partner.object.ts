import type { RequestContext } from '@pointwell/plugin'
import {
  CurrencyCodeScalar,
  connectionOf,
  DateTimeScalar,
  MoneyScalar,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Partner, PartnerTerms } from '../partner/partner.js'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { openPartnerReads, type PartnerReads } from '../store/partner-reads.js'

export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

export const PartnerTermsEnum = {
  PREPAID: 'prepaid',
  POSTPAID: 'postpaid',
} as const satisfies Record<string, PartnerTerms>

registerEnumType(PartnerTermsEnum, {
  name: 'PartnerTerms',
  description: 'When a partner is paid.',
  valuesConfig: {
    PREPAID: { description: 'Before: nothing is given that is not paid for.' },
    POSTPAID: { description: 'After, up to the limit of credit where there is one.' },
  },
})

@ObjectType('PartnerCodePool', {
  description:
    'The codes of a partner’s offer, counted. They are shown to nobody but who gets one.',
  simpleResolvers: true,
})
export class PartnerCodePoolType {
  @Field(() => ID, { description: 'Which offer.' })
  offerId!: string

  @Field(() => Int, { description: 'Still to be given.' })
  free!: number

  @Field(() => Int, { description: 'Given, each to one redemption.' })
  given!: number

  @Field(() => Int, { description: 'Taken out before anybody got them, or given back.' })
  void!: number
}

@ObjectType('PartnerBalance', {
  description: 'What a partner holds for the programme.',
  simpleResolvers: true,
})
export class PartnerBalanceType {
  @Field(() => MoneyScalar, { description: 'Paid less charged; negative: owed.' })
  total!: Money

  @Field(() => MoneyScalar, { description: 'Of that, set aside for orders that are under way.' })
  setAside!: Money
}

@ObjectType('Partner', {
  description: 'Somebody outside who gives members something for points.',
  simpleResolvers: true,
})
export class PartnerType {
  /** Not a field. */
  partner!: Partner
  reads!: PartnerReads

  @Field(() => ID, { description: 'What offers name it by, and its own tokens.' })
  id!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title!: string

  @Field(() => PartnerTermsEnum, { description: 'When it is paid.' })
  terms!: PartnerTerms

  @Field(() => CurrencyCodeScalar, { description: 'What it is paid in.' })
  currency!: string

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'Postpaid: what may be owed at most; null: no bound.',
  })
  creditLimit!: Money | null

  @Field(() => Boolean, { description: 'Whether it gives anything at present.' })
  active!: boolean

  @Field(() => String, { nullable: true, description: 'Where its API is.' })
  apiUrl!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The name of the secret that requests to it are signed with, never the secret.',
  })
  secretName!: string | null

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: number

  @Field(() => Int, { description: 'Goes up by one with each change of its terms.' })
  version!: number

  @Field(() => PartnerBalanceType, { description: 'What it holds for the programme, now.' })
  async balance(): Promise<PartnerBalanceType> {
    const { id, currency } = this.partner
    const found = (await this.reads.balances()).get(id)
    if (!found) throw new Error(`The counter of partner ${id} is gone.`)
    return Object.assign(new PartnerBalanceType(), {
      total: { amountMinor: found.balanceMinor, currency },
      setAside: { amountMinor: found.reservedMinor, currency },
    })
  }

  @Field(() => [PartnerCodePoolType], { description: 'Its pools of codes, by offer.' })
  async pools(): Promise<PartnerCodePoolType[]> {
    const pools = (await this.reads.pools()).get(this.partner.id) ?? []
    return pools.map((pool) => Object.assign(new PartnerCodePoolType(), pool))
  }
}

export const PartnerConnection = connectionOf(PartnerType, 'Partner')

/** `reads`: those of the page that the partner stands on. */
export function partnerType(
  partner: Partner,
  { language, program }: Pick<RequestContext, 'language' | 'program'>,
  reads = openPartnerReads(program.store(PARTNER_PLUGIN_ID), [partner.id]),
): PartnerType {
  const { currency, creditLimitMinor } = partner
  return Object.assign(new PartnerType(), {
    partner,
    reads,
    id: partner.id,
    title: partner.title[language],
    terms: partner.terms,
    currency,
    creditLimit: creditLimitMinor === null ? null : { amountMinor: creditLimitMinor, currency },
    active: partner.active,
    apiUrl: partner.apiUrl,
    secretName: partner.secretName,
    createdAt: partner.createdAt,
    version: partner.version,
  })
}

@ObjectType('PartnerSaved', { description: 'A partner as it is now.', simpleResolvers: true })
export class PartnerSavedType {
  @Field(() => PartnerType, { description: 'The partner as it is now.' })
  partner!: PartnerType
}

export const SavePartnerResult = resultUnion(
  'SavePartnerResult',
  PartnerSavedType,
  'The partner as it is now, or why not.',
)

@ObjectType('PartnerPaid', { description: 'What was paid to a partner.', simpleResolvers: true })
export class PartnerPaidType {
  @Field(() => PartnerType, { description: 'The partner as it is now.' })
  partner!: PartnerType

  @Field(() => Boolean, { description: 'It had been told before; nothing changed this time.' })
  replayed!: boolean
}

export const PayPartnerResult = resultUnion(
  'PayPartnerResult',
  PartnerPaidType,
  'The partner with its new balance, or why not.',
)
