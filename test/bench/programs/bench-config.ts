import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { defineEarnSource, instant, refuse } from '@pointwell/plugin'
import { redeemCoupon } from '@pointwell/redeem-coupon'
import { z } from 'zod'
import { EmptyResolver } from '../http/empty.resolver.js'

/** What `POINTWELL_CONFIG` names in the bench: the plugins that are shipped, and one that brings the
 * mutations that do nothing. As a source it is never asked: nobody sends its events. */
const bench = defineEarnSource({
  id: 'bench',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Bench', zh: '测速' },
  core: false,
  settings: z.object({}),
  event: z.object({ at: instant() }),
  resolvers: [EmptyResolver],
  once: () => 'never',
  decide: () => refuse('INVALID_INPUT'),
})

const config = { plugins: [purchase, checkIn, redeemCoupon, bench] }
export default config
