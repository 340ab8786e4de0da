import { fc, testEarnSource } from '@pointwell/plugin/testing'
import { referral } from './referral.js'

const referrer = fc.constantFrom('m-1', 'm-2', 'a')

// What a friend does has to do with what is remembered of it: the same few orders and members in both.
testEarnSource(referral, {
  arbitraries: {
    'event.source': fc.constant('purchase'),
    'event.order': fc.constantFrom('a', 'b'),
    'memory.accepted': fc.record({ referrer, at: fc.constant(0) }),
    'memory.qualified': fc.record({ source: fc.constant('purchase'), order: fc.constant('a') }),
  },
  events: [
    { act: 'welcome', source: 'purchase', order: 'a' },
    { act: 'reward', friend: 'm-2', source: 'purchase', order: 'a' },
  ],
  settings: [{ friendPoints: 50 }],
  names: ['ReferredFriend'],
})
