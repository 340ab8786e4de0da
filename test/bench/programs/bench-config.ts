import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { defineNotifier } from '@pointwell/plugin'
import { redeemCoupon } from '@pointwell/redeem-coupon'
import { z } from 'zod'
import { EmptyResolver } from '../http/empty.resolver.js'

/** What `POINTWELL_CONFIG` names in the bench: the plugins that are shipped, and one that does nothing. */
const bench = defineNotifier({
  id: 'bench',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Bench', zh: '测速' },
  settings: z.object({}),
  resolvers: [EmptyResolver],
  deliver: async () => ({ outcome: 'delivered' }),
})

const config = { plugins: [purchase, checkIn, redeemCoupon, bench] }
export default config
