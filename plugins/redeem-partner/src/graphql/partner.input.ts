import { CurrencyCodeScalar, MoneyScalar } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { PartnerTerms } from '../partner/partner.js'
import { type Money, PartnerTermsEnum } from './partner.object.js'

@InputType({ description: 'What a partner is called.' })
export class PartnerTitleInput {
  @Field(() => String, { description: 'In English.' })
  en!: string

  @Field(() => String, { description: 'In Chinese.' })
  zh!: string
}

@InputType()
abstract class PartnerTermsInput {
  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'Postpaid: what may be owed at most, in the partner’s currency; null: no bound.',
  })
  creditLimit?: Money | null

  @Field(() => String, {
    nullable: true,
    description:
      'Where its API is, an http(s) address of at most 500 characters on a host that the server’s environment allows; null: it has none.',
  })
  apiUrl?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The name of the secret that requests are signed with: capitals, digits and _. The secret is the server’s environment variable POINTWELL_PARTNER_NAME.',
  })
  secretName?: string | null
}

@InputType({ description: 'A new partner.' })
export class CreatePartnerInput extends PartnerTermsInput {
  @Field(() => ID, { description: 'What offers name it by, and its own tokens.' })
  id!: string

  @Field(() => PartnerTitleInput, { description: 'What it is called.' })
  title!: PartnerTitleInput

  @Field(() => PartnerTermsEnum, { description: 'When it is paid.' })
  terms!: PartnerTerms

  @Field(() => CurrencyCodeScalar, { description: 'What it is paid in; stays so.' })
  currency!: string
}

@InputType({ description: 'What changes of a partner; what is left out stays.' })
export class UpdatePartnerInput extends PartnerTermsInput {
  @Field(() => ID, { description: 'Which.' })
  id!: string

  @Field(() => PartnerTitleInput, { nullable: true, description: 'What it is called.' })
  title?: PartnerTitleInput | null

  @Field(() => PartnerTermsEnum, { nullable: true, description: 'When it is paid.' })
  terms?: PartnerTerms | null

  @Field(() => Boolean, { nullable: true, description: 'Whether it gives anything.' })
  active?: boolean | null

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was looked at: refused where it is another by now.',
  })
  version?: number | null
}

@InputType({ description: 'Money that was paid to a partner.' })
export class PayPartnerInput {
  @Field(() => ID, { description: 'To which.' })
  partnerId!: string

  @Field(() => MoneyScalar, { description: 'How much, in its currency; more than nothing.' })
  amount!: Money

  @Field(() => ID, {
    description:
      'The same key again is the same payment: the number of the transfer. Up to 100 characters.',
  })
  idempotencyKey!: string
}
