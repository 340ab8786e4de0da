import type { Job } from '../jobs/job.js'
import type { Checkout } from './open-checkout.js'

/** Payments of one turn. */
const AT_ONCE = 100

/** Points that were held for an order nobody placed come back: no hold stays for ever. */
export function checkoutJobs(checkout: Checkout): readonly Job[] {
  return [
    {
      name: 'checkout',
      title: { en: 'Give back points of orders that were not placed', zh: '释放未下单的积分抵扣' },
      everyMs: 5_000,
      async run({ signal, report }) {
        let all = 0
        while (!signal.aborted) {
          const some = await checkout.releaseDue(AT_ONCE, report)
          all += some
          if (some < AT_ONCE) break
        }
        return `${all} payments`
      },
    },
  ]
}
