import type { ChannelContext } from '@pointwell/plugin'
import { openPartnerApi, type PartnerApi } from '../api/open-partner-api.js'
import type { Partner } from '../partner/partner.js'
import type { PartnerSettings } from '../settings/partner-settings.js'

/** A partner's API, to be asked about one redemption; undefined: it is not set up on this server. */
export function openApiFor(
  partner: Partner,
  {
    settings,
    redemption,
    now,
    signal,
  }: Pick<
    ChannelContext<PartnerSettings, unknown, unknown>,
    'settings' | 'redemption' | 'now' | 'signal'
  >,
): PartnerApi | undefined {
  const requestMs = settings.requestSeconds * 1_000
  return openPartnerApi(partner, { key: redemption.id, requestMs, now, signal })
}

/** Longer than two requests take at most, and than it takes to write down what came of them. */
export function leaseMsOf({ requestSeconds }: PartnerSettings): number {
  return requestSeconds * 2_000 + 10_000
}
