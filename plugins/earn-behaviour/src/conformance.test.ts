import { fc, testEarnSource } from '@pointwell/plugin/testing'
import { behaviour } from './behaviour.js'

testEarnSource(behaviour, {
  // Ids that the default settings have, and one that none has.
  arbitraries: {
    'event.behaviour': fc.constantFrom('sign-up', 'share', 'favourite', 'first-order', 'none'),
  },
})
