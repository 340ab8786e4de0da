import { defineRedemptionChannel, type Fulfilment, type RedemptionChannel } from '../../index.js'
import type { RedemptionChannelOptions } from '../index.js'
import { type TeaRedemption, teaHouse } from './tea-channel.js'

/** A shop elsewhere, which a channel asks: it keeps no tables of its own. */
export function openTeaShop() {
  const given = new Map<string, number>()
  let isLost = false
  return {
    /** Gives tea for a redemption; `once`: not for one that had it. */
    async give(id: string, { once = true } = {}): Promise<void> {
      const before = given.get(id) ?? 0
      given.set(id, once ? Math.max(before, 1) : before + 1)
      if (isLost) throw new Error('the answer is lost')
    },
    async takeBack(id: string): Promise<void> {
      given.set(id, 0)
      if (isLost) throw new Error('the answer is lost')
    },
    options: {
      givenFor: (id) => given.get(id) ?? 0,
      faults: {
        'the answer of the shop is lost': {
          inject: () => {
            isLost = true
          },
          mend: () => {
            isLost = false
          },
        },
      },
    } satisfies RedemptionChannelOptions,
  }
}

/** A channel over a shop, with what it does to fulfil. */
export function channelOver(
  fulfil: (redemption: TeaRedemption) => Promise<void>,
  whenItThrows?: () => Fulfilment,
) {
  const { cancel, entities, migrations, members, ...rest } = teaHouse
  return defineRedemptionChannel({
    ...rest,
    async fulfil(context: TeaRedemption) {
      if (context.signal.aborted) return { outcome: 'unknown' }
      try {
        await fulfil(context)
      } catch (error) {
        if (!whenItThrows) throw error
        return whenItThrows()
      }
      return { outcome: 'fulfilled', receipt: { ticket: context.redemption.id } }
    },
  })
}

/** The same, which takes back; what was taken back is not given any more. */
export function cancellable(
  channel: RedemptionChannel,
  takeBack: (id: string) => Promise<void>,
): RedemptionChannel {
  const cancelled = new Set<string>()
  return {
    ...channel,
    fulfil: async (context) =>
      cancelled.has(context.redemption.id)
        ? { outcome: 'refused', code: 'TEA_CANCELLED' }
        : channel.fulfil(context),
    async cancel({ redemption }) {
      cancelled.add(redemption.id)
      await takeBack(redemption.id)
      return { outcome: 'cancelled' }
    },
  }
}
