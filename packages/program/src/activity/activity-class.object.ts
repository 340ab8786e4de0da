import type { ActivityClass } from '@pointwell/plugin'
import { registerEnumType } from 'type-graphql'

/** The enum's names are the contract's words in capitals. */
export const ActivityClassEnum = {
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'low',
} as const satisfies Record<Uppercase<ActivityClass>, ActivityClass>

registerEnumType(ActivityClassEnum, {
  name: 'ActivityClass',
  description:
    'How active a member is, by the days on which it earned, claimed or redeemed of late (policy `activity`).',
  valuesConfig: {
    HIGH: { description: 'On many days: five a month, unless the policy says otherwise.' },
    MEDIUM: { description: 'On some: two to four a month.' },
    LOW: { description: 'On one, or on none.' },
  },
})
