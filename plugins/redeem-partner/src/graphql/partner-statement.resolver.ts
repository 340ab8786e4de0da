import { isRefusal, type RequestContext, refuse } from '@pointwell/plugin'
import { LocalDateScalar, type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Query, Resolver } from 'type-graphql'
import { PARTNER_PLUGIN_ID } from '../plugin-id.js'
import { periodOf } from '../statement/period-of.js'
import { readTotals } from '../statement/read-statement.js'
import { partnerType } from './partner.object.js'
import { partnerFor } from './partner-for.js'
import { PartnerStatementResult, PartnerStatementType } from './partner-statement.object.js'

@Resolver()
export class PartnerStatementResolver {
  @Extensions({ access: ['partner', 'finance', 'rules'] })
  @Query(() => PartnerStatementResult, {
    description:
      'What a month of the programme’s zone, or the given days, came to with a partner. A partner sees its own only.',
  })
  async partnerStatement(
    @Ctx() context: RequestContext,
    @Arg('partnerId', () => ID, {
      nullable: true,
      description: 'Whose; a partner may leave it out.',
    })
    partnerId?: string | null,
    @Arg('month', () => String, { nullable: true, description: 'A month: `2026-01`; or days.' })
    month?: string | null,
    @Arg('from', () => LocalDateScalar, { nullable: true, description: 'The first day.' })
    from?: string | null,
    @Arg('through', () => LocalDateScalar, { nullable: true, description: 'The last day.' })
    through?: string | null,
  ): Promise<PartnerStatementType | RefusalType> {
    const { program, language } = context
    const partner = await partnerFor(context, partnerId)
    if (!partner)
      return toRefusalType(refuse('PARTNER_NOT_FOUND', { field: 'partnerId' }), language)
    const times = periodOf({ month, from, through }, program.calendar())
    if (isRefusal(times)) return toRefusalType(times, language)
    const period = { partnerId: partner.id, ...times }
    const totals = await readTotals(program.store(PARTNER_PLUGIN_ID), period)
    const money = (amountMinor: number) => ({ amountMinor, currency: partner.currency })
    return Object.assign(new PartnerStatementType(), {
      period,
      partner: partnerType(partner, context),
      ...times,
      opening: money(totals.openingMinor),
      charges: money(totals.chargesMinor),
      reversals: money(totals.reversalsMinor),
      payments: money(totals.paymentsMinor),
      closing: money(totals.closingMinor),
    })
  }
}
