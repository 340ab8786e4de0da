import type { RequestContext } from '@pointwell/plugin'
import {
  type Connection,
  connectionOf,
  DateTimeScalar,
  MoneyScalar,
  PageArgs,
  pageByTime,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { Args, Ctx, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import {
  type Period,
  readLines,
  readMatches,
  type StatementLine,
} from '../statement/read-statement.js'
import type { EntryKind } from '../store/partner-entry.entity.js'
import { type Money, PartnerType } from './partner.object.js'

const LIST = 'partner-lines'

const PartnerLineKindEnum = {
  CHARGE: 'charge',
  REVERSAL: 'reversal',
  PAYMENT: 'payment',
} as const satisfies Record<string, EntryKind>

registerEnumType(PartnerLineKindEnum, {
  name: 'PartnerLineKind',
  description: 'What a line of a partner’s statement is.',
  valuesConfig: {
    CHARGE: { description: 'One redemption.' },
    REVERSAL: { description: 'One redemption that was given back.' },
    PAYMENT: { description: 'Money paid to the partner.' },
  },
})

@ObjectType('PartnerLine', {
  description: 'One line of a partner’s statement.',
  simpleResolvers: true,
})
export class PartnerLineType {
  @Field(() => ID, { description: 'Unique: `charge:REDEMPTION`, `payment:PARTNER:KEY` …' })
  id!: string

  @Field(() => PartnerLineKindEnum, { description: 'What it is.' })
  kind!: EntryKind

  @Field(() => MoneyScalar, {
    description: 'By how much more the partner holds for the programme; a charge is less.',
  })
  amount!: Money

  @Field(() => ID, { nullable: true, description: 'Of which redemption: the partner’s order.' })
  redemptionId!: string | null

  @Field(() => ID, { nullable: true, description: 'Of which offer.' })
  offerId!: string | null

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: number
}

const PartnerLineConnection = connectionOf(PartnerLineType, 'PartnerLine')

@ObjectType('PartnerMatches', {
  description: 'How the lines of a period and its redemptions compare, line by line.',
  simpleResolvers: true,
})
export class PartnerMatchesType {
  @Field(() => Int, { description: 'Charges and reversals.' })
  lines!: number

  @Field(() => Int, { description: 'Redemptions that were given, and that were given back.' })
  redemptions!: number

  @Field(() => Int, {
    description:
      'Of either, those that the other has not, or with another amount or time; 0: all match.',
  })
  differing!: number
}

@ObjectType('PartnerStatement', {
  description: 'What a time came to with a partner, in its currency.',
  simpleResolvers: true,
})
export class PartnerStatementType {
  /** Not a field. */
  period!: Period

  @Field(() => PartnerType, { description: 'Whose it is.' })
  partner!: PartnerType

  @Field(() => DateTimeScalar, { description: 'From here on.' })
  from!: number

  @Field(() => DateTimeScalar, { description: 'Not from here on.' })
  to!: number

  @Field(() => MoneyScalar, { description: 'What the partner held before; negative: was owed.' })
  opening!: Money

  @Field(() => MoneyScalar, { description: 'Charged for redemptions, as less.' })
  charges!: Money

  @Field(() => MoneyScalar, { description: 'Of redemptions that were given back.' })
  reversals!: Money

  @Field(() => MoneyScalar, { description: 'Top-ups and payments.' })
  payments!: Money

  @Field(() => MoneyScalar, { description: 'Opening, charges, reversals and payments together.' })
  closing!: Money

  @Field(() => PartnerLineConnection, { description: 'Line by line, the oldest first.' })
  lines(
    @Ctx() { program }: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<PartnerLineType>> {
    const { currency } = this.opening
    const store = program.store(PARTNER_PLUGIN_ID)
    return pageByTime({
      list: LIST,
      page,
      find: (wanted) => readLines(store, this.period, wanted),
      placeOf: ({ at, posting: id }) => ({ at, id }),
      nodeOf: (line) => lineType(line, currency),
    })
  }

  @Field(() => PartnerMatchesType, { description: 'Whether lines and redemptions match.' })
  async matches(@Ctx() { program }: RequestContext): Promise<PartnerMatchesType> {
    const matches = await readMatches(program.store(PARTNER_PLUGIN_ID), this.period)
    return Object.assign(new PartnerMatchesType(), matches)
  }
}

function lineType(line: StatementLine, currency: string): PartnerLineType {
  const { posting: id, kind, amountMinor, redemptionId, offerId, at } = line
  const amount = { amountMinor, currency }
  return Object.assign(new PartnerLineType(), { id, kind, amount, redemptionId, offerId, at })
}

export const PartnerStatementResult = resultUnion(
  'PartnerStatementResult',
  PartnerStatementType,
  'The statement, or why there is none.',
)
