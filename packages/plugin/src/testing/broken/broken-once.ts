import { type RedemptionChannel, step } from '../../index.js'
import type { RedemptionChannelOptions } from '../index.js'
import type { BrokenChannel } from './broken-channels.js'
import { cancelTea, findOrWrite, fulfilTea, type TeaRedemption, teaHouse } from './tea-channel.js'
import { cancellable, channelOver, openTeaShop } from './tea-shop.js'
import { TeaTicket } from './tea-tables.js'

const HOUR_MS = 3_600_000
let calls = 0

/** What was given to a redemption already; null: nothing. */
const knownOf = ({ store, redemption }: TeaRedemption) =>
  store.read((manager) => manager.findOneBy(TeaTicket, { redemptionId: redemption.id }))

/** Channels that do not say twice what they said once, each in one way. */
export const BROKEN_ONCE: readonly BrokenChannel[] = [
  again('has another receipt a day later', ['fulfil-twice-gives-once'], {
    says: /^asked again, it gave another receipt: \{"ticket":"[^"]+"\}, then "late"$/,
    async fulfil(context) {
      const answer = await fulfilTea(context)
      const isLate = context.now > context.redemption.at + HOUR_MS
      return isLate && answer.outcome === 'fulfilled' ? { ...answer, receipt: 'late' } : answer
    },
  }),
  again(
    'makes another award each time',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it made another award',
      async fulfil(context) {
        const answer = await fulfilTea(context)
        if (answer.outcome !== 'fulfilled') return answer
        calls += 1
        return { ...answer, award: { points: calls, because: [step('tea', calls)] } }
      },
    },
  ),
  again(
    'refuses who comes again',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it answered refused',
      async fulfil(context) {
        if (context.signal.aborted) return { outcome: 'unknown' }
        if (await knownOf(context)) return { outcome: 'refused', code: 'TEA_SOLD_OUT' }
        return fulfilTea(context)
      },
    },
  ),
  again(
    'throws at who comes again',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it does not answer',
      async fulfil(context) {
        if (context.signal.aborted) return { outcome: 'unknown' }
        if (await knownOf(context)) throw new Error('you again')
        return fulfilTea(context)
      },
    },
  ),
  again('cancels, and forgets that it gave', ['nothing-is-given-after-cancel'], {
    says: 'cancelled, it is given again',
    async cancel({ store, redemption, signal }) {
      if (signal.aborted) return { outcome: 'unknown' }
      await store.write((manager) =>
        manager.delete(TeaTicket, { redemptionId: redemption.id, state: 'given' }),
      )
      return { outcome: 'cancelled' }
    },
  }),
  again(
    'refuses to cancel what is cancelled',
    ['cancel-twice-cancels-once', 'unknown-is-not-failure'],
    {
      says: 'cancelled already, it does not say so when asked again',
      async cancel(context) {
        const known = await knownOf(context)
        if (known?.state === 'void') return { outcome: 'refused', code: 'TEA_CANCELLED' }
        return cancelTea(context)
      },
    },
  ),
  again(
    'has a long receipt, another each time',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: /^asked again, it gave another receipt: .{200}, then .{200}$/,
      async fulfil(context) {
        const answer = await fulfilTea(context)
        calls += 1
        const receipt = `${calls}${'x'.repeat(300)}`
        return answer.outcome === 'fulfilled' ? { ...answer, receipt } : answer
      },
    },
  ),
  again(
    'answers with null who comes again',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it answered undefined',
      async fulfil(context) {
        if (context.signal.aborted) return { outcome: 'unknown' }
        return (await knownOf(context)) ? null : fulfilTea(context)
      },
    },
  ),
  again('does not come back to who comes a day later', ['fulfil-twice-gives-once'], {
    says: 'asked again, it does not answer',
    options: { effectDeadlineMs: 500 },
    async fulfil(context) {
      const isLate = context.now > context.redemption.at + HOUR_MS
      return isLate ? new Promise(() => {}) : fulfilTea(context)
    },
  }),
  again('answers with null who is out of time', ['an-aborted-call-is-unknown'], {
    says: 'out of time before it began, it answered undefined',
    fulfil: async (context) => (context.signal.aborted ? null : fulfilTea(context)),
  }),
  again('gives nothing any more to who was out of time', ['an-aborted-call-is-unknown'], {
    says: 'after a call that was out of time it gives nothing',
    async fulfil(context) {
      if (!context.signal.aborted) return fulfilTea(context)
      await findOrWrite(context.store, context.redemption, 'void')
      return { outcome: 'unknown' }
    },
  }),
  shopAgain('gives two to who is out of time', ['an-aborted-call-is-unknown'], {
    says: 'after a call out of time it gave 2',
    change: (sound, shop) => ({
      ...sound,
      async fulfil(context) {
        if (!context.signal.aborted) return sound.fulfil(context)
        await shop.give(context.redemption.id, { once: false })
        await shop.give(context.redemption.id, { once: false })
        return { outcome: 'unknown' }
      },
    }),
  }),
  shopAgain('cancels, and leaves what was given', ['nothing-is-given-after-cancel'], {
    says: 'cancelled, 1 of it are still given',
    change: (sound) => cancellable(sound, async () => {}),
  }),
]

interface Changed {
  readonly says: string | RegExp
  readonly options?: RedemptionChannelOptions
  fulfil?(context: TeaRedemption): unknown
  cancel?(context: TeaRedemption): unknown
}

function again(
  how: string,
  foundBy: readonly string[],
  { says, options, ...changed }: Changed,
): BrokenChannel {
  const channel = { ...teaHouse, ...changed } as never
  return { how, foundBy, says, channel, ...(options && { options }) }
}

/** The same of a channel that asks a shop, which counts. */
function shopAgain(
  how: string,
  foundBy: readonly string[],
  {
    says,
    change,
  }: {
    readonly says: string
    change(sound: RedemptionChannel, shop: ReturnType<typeof openTeaShop>): RedemptionChannel
  },
): BrokenChannel {
  const shop = openTeaShop()
  const sound = channelOver(({ redemption }) => shop.give(redemption.id)) as RedemptionChannel
  return { how, foundBy, says, channel: change(sound, shop), options: shop.options }
}
