import { type Calendar, inTurn, type JsonObject, type MemberFacts } from '@pointwell/plugin'
import type { Big } from 'big.js'
import type { PurchaseEvent } from '../event/purchase-event.js'
import type { PurchaseSettings } from '../settings/purchase-settings.js'
import { exact, ONE } from './exact.js'
import { isBirthday } from './is-birthday.js'

/** A factor on a whole order, with what a sentence about it needs. */
export interface OrderRate {
  readonly step: 'region' | 'staff' | 'tier' | 'birthday' | 'campaign'
  readonly rate: Big
  readonly figures: JsonObject
}

/** What the factors of an order go by. */
export interface FactorFacts extends Omit<RateFacts, 'event'> {
  readonly event: Pick<PurchaseEvent, 'at' | 'region'>
}

export interface RateFacts {
  readonly event: PurchaseEvent
  readonly settings: PurchaseSettings
  readonly member: MemberFacts
  readonly calendar: Calendar
}

/** The factors that differ from 1, in the order in which they are explained. */
export function orderRates(facts: FactorFacts): OrderRate[] {
  return [
    regionRate(facts),
    staffRate(facts),
    tierRate(facts),
    birthdayRate(facts),
    ...campaignRates(facts),
  ]
    .filter((rate) => rate !== undefined)
    .filter(({ rate }) => !rate.eq(1))
}

/** The factor of a category of goods; 1 where none is set. */
export function categoryRate(category: string | undefined, settings: PurchaseSettings): Big {
  return category === undefined ? ONE : rateOf(category, settings.categoryRates)
}

function regionRate({ event, settings, member }: FactorFacts): OrderRate | undefined {
  const region = event.region ?? member.region
  if (region === null) return undefined
  const rate = rateOf(region, settings.regionRates)
  return { step: 'region', rate, figures: { region, rate: rate.toFixed() } }
}

function staffRate({ settings, member }: FactorFacts): OrderRate | undefined {
  if (!member.staff) return undefined
  return { step: 'staff', rate: exact(settings.staffRate), figures: { rate: settings.staffRate } }
}

function tierRate({ member: { tier } }: FactorFacts): OrderRate {
  const rate = exact(tier.earnMultiplier)
  return { step: 'tier', rate, figures: { tier: tier.id, rate: rate.toFixed() } }
}

function birthdayRate({ event, settings, member, calendar }: FactorFacts): OrderRate | undefined {
  const date = calendar.dateOf(event.at)
  if (!settings.birthday || !isBirthday(date, member.birthday)) return undefined
  const rate = exact(member.tier.birthdayMultiplier)
  return { step: 'birthday', rate, figures: { date, rate: rate.toFixed() } }
}

/** One for each campaign, in the order in which they count. */
function campaignRates({ member }: FactorFacts): OrderRate[] {
  return inTurn(member.campaigns).map(({ id, multiplier }) => ({
    step: 'campaign',
    rate: exact(multiplier),
    figures: { campaign: id, rate: multiplier },
  }))
}

function rateOf(name: string, rates: Readonly<Record<string, string>>): Big {
  return Object.hasOwn(rates, name) ? exact(rates[name] ?? '1') : ONE
}
