import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

const months = () => wholeNumber({ min: 1, max: 1_200 })

/** Whether membership runs out, and what then (M2). */
export const membershipSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'Whether memberships run out. When not, new members get no term and none can be set; terms that were set hold on.',
      ),
    firstTermMonths: months()
      .nullable()
      .default(12)
      .describe(
        'How long a new member’s first term is, from the day of registration. Null: no end.',
      ),
    renewalMonths: months()
      .default(12)
      .describe('By how much a renewal that names no day makes it longer.'),
    earningWhileLapsed: z
      .enum(['refuse', 'freeze'])
      .default('refuse')
      .describe(
        'What is earned while the membership is run out: `refuse`: nothing. `freeze`: points that wait for the renewal, frozen.',
      ),
    ranOut: z
      .discriminatedUnion('policy', [
        z.strictObject({
          policy: z.literal('keep'),
          graceDays: wholeNumber({ min: 1, max: 366 }).default(30),
        }),
        z.strictObject({ policy: z.literal('expire') }),
      ])
      .prefault({ policy: 'keep' })
      .describe(
        'At the renewal, what becomes of points whose own term ended meanwhile: `keep`: they can be used for some days more. `expire`: they are gone.',
      ),
  })
  .prefault({})
