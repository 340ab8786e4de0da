import { defineEarnSource } from '@pointwell/plugin'
import { decideReview } from './decision/decide-review.js'
import { reactToOrder } from './decision/react-to-order.js'
import { reviewEvent, reviewWithdrawal } from './event/review-event.js'
import { reviewKey } from './event/review-key.js'
import { ReviewResolver } from './graphql/review.resolver.js'
import { ORDERS } from './order/lines-of.js'
import { reviewRefusals, reviewTitle, reviewWords } from './review-words.js'
import { reviewSettings } from './settings/review-settings.js'
import { reviewTasks } from './tasks/review-tasks.js'

/** Points for reviews of what was bought (E5): one a line of an order. */
export const review = defineEarnSource({
  id: 'review',
  version: '0.1.0',
  contract: '^1.0.0',
  title: reviewTitle,
  core: false,
  settings: reviewSettings,
  event: reviewEvent,
  scope: 'member',
  once: ({ event }) => reviewKey(event),
  asks: ({ event }) => ({ acts: [{ source: ORDERS, once: event.orderId }] }),
  decide: decideReview,
  returns: {
    schema: reviewWithdrawal,
    key: ({ why }) => why,
    without: (event) => ({ ...event, withdrawn: true as const }),
  },
  reacts: { to: [ORDERS], with: reactToOrder },
  tasks: reviewTasks,
  resolvers: [ReviewResolver],
  refusals: reviewRefusals,
  words: reviewWords,
})
